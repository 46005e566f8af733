package dev.lockstep.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * A real host that a test may upgrade, reboot and ruin: Debian with systemd, ostree and podman, on a disk image of its own, in a container.
 * Its refs host/A, host/B, ... are the base system with a tree laid over it each; host/A is deployed. Between boots its disk is mounted here.
 */
final class BootedHost implements AutoCloseable {
    private static final Path HOST = Fleet.SCRIPTS.resolve("host");

    /** What "systemctl reboot" comes to; that asks by way of D-Bus, which may be gone before it has answered. */
    private static final String END = "systemctl --no-block --job-mode=replace-irreversibly start ";

    private static final AtomicInteger MADE = new AtomicInteger();
    private static final Set<BootedHost> OPEN = ConcurrentHashMap.newKeySet();

    static {
        // A test run that is interrupted must not leave hosts running.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> List.copyOf(OPEN).forEach(BootedHost::close)));
    }

    private final String name;
    private final Path directory;
    private final Path disk;
    private final Path sysroot;

    private BootedHost(Path directory) {
        this.name = "it-%d-%03d".formatted(ProcessHandle.current().pid(), MADE.incrementAndGet());
        this.directory = directory;
        this.disk = directory.resolve("disk.ext4");
        this.sysroot = directory.resolve("sysroot");
    }

    /**
     * Makes the disk of a host, switched off. The first host ever on a machine takes two minutes more, for the base system.
     *
     * @param directory where its files go; made here, removed by close
     * @param overlays a directory for each version, A first, with what it has below usr (etc in usr/etc)
     */
    static BootedHost make(Path directory, List<Path> overlays) {
        BootedHost host = in(directory);
        makeBaseTree();
        Run.of(HOST, "disk", host.disk).and(overlays.toArray()).end().expect(0);
        host.mount();
        OPEN.add(host);
        return host;
    }

    /** Another host with a copy of this one's disk; this one is switched off. */
    BootedHost copy(Path where) {
        BootedHost host = in(where);
        Run.of("sync", "-f", sysroot).end().expect(0);
        Run.of("cp", "--sparse=always", "--reflink=auto", disk, host.disk).end().expect(0);
        host.mount();
        OPEN.add(host);
        return host;
    }

    private static BootedHost in(Path directory) {
        BootedHost host = new BootedHost(directory.toAbsolutePath());
        try {
            Files.createDirectories(host.directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return host;
    }

    /** At once if the cache has it. */
    private static void makeBaseTree() {
        Process making = Run.of(HOST, "tree").start();
        // A busy machine takes longer for it than any other program of the tests may.
        making.onExit().orTimeout(20, TimeUnit.MINUTES).join();
        Run.end(making).expect(0);
    }

    /** Boots what a boot loader would boot; returns when systemd has started everything, or has failed to. */
    void boot() {
        host("boot", sysroot, name);
    }

    /** Boots the second of the boot loader's entries, as somebody chooses it in the menu, or the boot loader after failures. */
    void bootSecond() {
        host("boot", sysroot, name, "--second");
    }

    /** Runs a command in the host, as root, from outside of all its units. */
    Run.Ended run(Object... command) {
        return Run.of(HOST, "run", name).and(command).end();
    }

    /** Runs a command in the host that must succeed; returns what it printed. */
    String runOk(Object... command) {
        return run(command).expect(0).output();
    }

    /** Writes a file in the host, with the directories above it. */
    void write(String path, String text) {
        runOk("sh", "-ec", "mkdir -p \"$(dirname \"$1\")\"; printf %s \"$2\" > \"$1\"", "sh", path, text);
    }

    String read(String path) {
        return runOk("cat", path);
    }

    /** An orderly reboot. */
    void reboot() {
        reboot("");
    }

    /** Runs a shell script in the host, and right after it the reboot. */
    void reboot(String script) {
        runOk("sh", "-ec", script + "\nexec " + END + "reboot.target");
        awaitEnd();
        boot();
    }

    /** An orderly restart of everything but the kernel; returns when all is started again. */
    void softReboot() {
        String before = softReboots();
        runOk("sh", "-c", "exec " + END + "soft-reboot.target");
        for (int tries = 0; tries < 600; tries++) {
            Run.Ended state = run("systemctl", "is-system-running");
            if (state.output().matches("(running|degraded)\n") && !softReboots().equals(before)) {
                return;
            }
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
        throw new AssertionError(
                "no soft reboot: " + run("systemctl", "list-jobs").output());
    }

    private String softReboots() {
        return run("systemctl", "show", "--property=SoftRebootsCount").output();
    }

    /** Gives the switched-off host a file system for its {@code /var}, with what that holds. */
    void giveVarItsOwnFileSystem() {
        Path image = directory.resolve("var.ext4");
        Run.of("sh", "-ec", """
                truncate --size=2G "$1"
                mkfs.ext4 -q -d "$2" "$1"
                find "$2" -mindepth 1 -delete
                mount -o loop "$1" "$2"
                """, "sh", image, var()).end().expect(0);
    }

    /** Where the host's {@code /var} lies here. */
    Path var() {
        return sysroot.resolve("ostree/deploy/os/var");
    }

    void powerOff() {
        runOk("sh", "-c", "exec " + END + "poweroff.target");
        awaitEnd();
    }

    /** Waits until the host has ended by itself; it is switched off then. */
    void awaitEnd() {
        host("wait", name);
    }

    /** A power cut: no process of the host gets to do anything more. What it had written is on its disk, synced or not. */
    void cut() {
        host("cut", name);
    }

    /** Keeps the disk of the switched-off host as it is now, in the place of what was kept before. */
    void snapshot() {
        replace(disk, kept());
    }

    /** Makes the disk of the switched-off host what the snapshot kept. */
    void restore() {
        replace(kept(), disk);
    }

    private Path kept() {
        return directory.resolve("snapshot.ext4");
    }

    private void replace(Path from, Path to) {
        host("umount", sysroot);
        Run.of("cp", "--sparse=always", "--reflink=auto", from, to).end().expect(0);
        mount();
    }

    private void mount() {
        host("mount", disk, sysroot);
    }

    /** Where the host's disk is mounted here. */
    Path sysroot() {
        return sysroot;
    }

    /** The process ID that the running host's first process has outside of it. */
    long pid() {
        return Long.parseLong(host("pid", name).strip());
    }

    /** The root directory of what a boot loader would boot now, as it lies here. */
    Path entryRoot() {
        return sysroot.resolve(host("entry", sysroot).strip().split("\t")[1]);
    }

    /** VERSION_ID of what a boot loader would boot now. */
    String entryVersion() {
        return host("entry", sysroot).strip().split("\t")[2];
    }

    /** VERSION_ID of what is booted. */
    String version() {
        return runOk("sh", "-c", ". /usr/lib/os-release; echo $VERSION_ID").strip();
    }

    /** Digests of the images of all running containers, by their unit without .service, or by their own name if no unit runs them. */
    Map<String, String> runningContainers() {
        String inspected = runOk("sh", "-ec", """
                # containers of images in an additional store are listed only with the same option
                store=/var/lib/lockstep/storage
                set -- podman
                [ ! -d "$store" ] || set -- podman --storage-opt=additionalimagestore="$store"
                running=$("$@" ps --quiet)
                [ -z "$running" ] || "$@" inspect $running \\
                  --format '{{.Name}} {{.ImageDigest}} {{index .Config.Labels "PODMAN_SYSTEMD_UNIT"}}'
                """);
        Map<String, String> digests = new TreeMap<>();
        for (String line : inspected.lines().toList()) {
            String[] words = line.split(" ", 3);
            String unit = words[2].replaceFirst("\\.service$", "");
            digests.put(unit.endsWith(".service") || unit.isBlank() ? words[0] : unit, words[1]);
        }
        return digests;
    }

    /**
     * What is booted and what runs: "B runs {common, one}". If a unit that systemd has loaded from a Quadlet container does not run, this is
     * followed by those units, all failed units and the end of their journals.
     */
    String judge() {
        String verdict = version() + " runs "
                + runningContainers().keySet().stream().collect(Collectors.joining(", ", "{", "}"));
        List<String> idle = idleContainers();
        return idle.isEmpty() ? verdict : verdict + "\ndoes not run:\n" + failures(idle);
    }

    /** Units that systemd has loaded from a Quadlet container and that are not active. */
    private List<String> idleContainers() {
        String units = runOk("systemctl", "show", "--all", "--property=Id,SourcePath,ActiveState", "*.service");
        return Arrays.stream(units.split("\n\n"))
                .filter(unit -> unit.matches("(?s).*\\nSourcePath=[^\\n]*\\.container\\n?")
                        && !unit.contains("ActiveState=active"))
                .map(unit -> unit.replaceAll("(?s).*?\\bId=([^\n]*).*", "$1"))
                .sorted()
                .toList();
    }

    private String failures(List<String> idle) {
        return runOk("sh", "-c", """
                echo "$1"
                echo "failed units:"
                systemctl list-units --failed --plain --no-legend
                for unit in $1 $(systemctl list-units --failed --plain --no-legend | cut -d ' ' -f 1); do
                  echo "$unit"
                done | sort -u | while read -r unit; do
                  echo "--- $unit"
                  journalctl --boot --no-pager --output=cat --lines=30 --unit="$unit"
                done
                """, "sh", String.join("\n", idle));
    }

    private String host(Object... arguments) {
        return Run.of(HOST).and(arguments).end().expect(0).output();
    }

    /** Ends the host, if it runs, and removes it; a second call waits for the first and does nothing. */
    @Override
    public synchronized void close() {
        if (!OPEN.contains(this)) {
            return;
        }
        host("stop", name);
        Run.of("sh", "-ec", "! mountpoint -q \"$1\" || umount --detach-loop \"$1\"", "sh", var())
                .end()
                .expect(0);
        host("umount", sysroot);
        Run.of("rm", "-r", directory).end().expect(0);
        OPEN.remove(this);
    }
}
