package dev.lockstep.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A host in state A with Lockstep in it, that tests take copies of, and a registry. Its systems A, B and C bind {@code one:1}; A and B both bind
 * the tag {@code common:stable}, which has moved on since A was fetched; B and C bind {@code two:1} through an {@code .image} unit. Made once
 * for all tests of a run, removed at its end.
 */
final class HostFleet {
    /** The image store. */
    static final String STORE = "/var/lib/lockstep/storage";

    private static final Path INSTALL =
            Path.of("../systemd/target/lockstep/install").toAbsolutePath().normalize();

    private static final class Shared {
        static final HostFleet FLEET = make();
    }

    private final Path directory;
    private final String registry;
    private final Map<String, String> digests;
    private final BootedHost a;
    private final AtomicInteger copies = new AtomicInteger();

    private HostFleet(Path directory, String registry, Map<String, String> digests, BootedHost a) {
        this.directory = directory;
        this.registry = registry;
        this.digests = digests;
        this.a = a;
    }

    static HostFleet shared() {
        return Shared.FLEET;
    }

    private static HostFleet make() {
        try {
            Path directory = Files.createTempDirectory("lockstep-hosts-");
            AtomicReference<BootedHost> made = new AtomicReference<>();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                Fleet.fixture("registry-stop", directory.resolve("registry"));
                Optional.ofNullable(made.get()).ifPresent(BootedHost::close);
                // What is still mounted is not removed with it.
                Run.of("rm", "-rf", "--one-file-system", directory).end();
            }));
            String registry = Fleet.fixture("registry-start", directory.resolve("registry"));
            Map<String, String> digests = Map.of(
                    "one", service(registry, "one:1", "one"),
                    "two", service(registry, "two:1", "two", "--special"),
                    "common of A", service(registry, "common:stable", "common-A"),
                    "common of B", service(registry, "common:2", "common-B"));
            Path before = directory.resolve("trees");
            List<Path> trees = List.of(
                    tree(before.resolve("A"), registry, List.of("one", "common")),
                    tree(before.resolve("B"), registry, List.of("one", "common", "two")),
                    tree(before.resolve("C"), registry, List.of("one", "two")));
            BootedHost a = BootedHost.make(directory.resolve("a"), trees);
            made.set(a);
            a.boot();
            awaitWhole(a);
            a.powerOff();
            Run.of(
                            "skopeo",
                            "copy",
                            "--quiet",
                            "--src-tls-verify=false",
                            "--dest-tls-verify=false",
                            "docker://" + registry + "/common:2",
                            "docker://" + registry + "/common:stable")
                    .end()
                    .expect(0);
            return new HostFleet(directory, registry, digests, a);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first boot fetches A's images by itself. */
    private static void awaitWhole(BootedHost host) {
        for (int tries = 0; tries < 120; tries++) {
            if (host.judge().equals("A runs {common, one}")
                    && host.run("lockstep", "--standalone", "status").status() == 0) {
                return;
            }
            try {
                Thread.sleep(500);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
        throw new AssertionError(host.judge()
                + host.run("journalctl", "--no-pager", "--unit=lockstep-bind", "--unit=lockstep-repair")
                        .output());
    }

    private static String service(String registry, String name, String... words) {
        List<Object> arguments = new ArrayList<>(List.of("service", registry + "/" + name));
        arguments.addAll(List.of(words));
        return Fleet.fixture(arguments.toArray());
    }

    /** An operating system's tree: Lockstep, and Quadlets of applications that it binds. */
    private static Path tree(Path root, String registry, List<String> applications) throws IOException {
        Files.createDirectories(root.resolve("usr"));
        Run.of(INSTALL, root).end().expect(0);
        for (String application : applications) {
            String image = registry + "/" + (application.equals("common") ? "common:stable" : application + ":1");
            if (application.equals("two")) {
                quadlet(root, "two.image", "[Image]\nImage=" + image + "\nTLSVerify=false\n" + globalArgs());
                quadlet(root, "two.container", container("two.image"));
                bind(root, "two.image");
            } else {
                quadlet(root, application + ".container", container(image));
                bind(root, application + ".container");
            }
        }
        return root;
    }

    private static String container(String image) {
        return "[Container]\nImage=" + image + "\nNetwork=none\nPull=never\n" + globalArgs()
                + "[Install]\nWantedBy=multi-user.target\n";
    }

    private static String globalArgs() {
        return "GlobalArgs=--storage-opt=additionalimagestore=/run/lockstep/store\n";
    }

    private static void quadlet(Path root, String name, String text) throws IOException {
        Path file = root.resolve("usr/share/containers/systemd").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text, StandardCharsets.UTF_8);
    }

    private static void bind(Path root, String name) throws IOException {
        Path link = root.resolve("usr/lib/lockstep/bound-images.d").resolve(name);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, Path.of("/usr/share/containers/systemd").resolve(name));
    }

    /** A copy of the host in state A, switched off. */
    BootedHost switchedOff() {
        return a.copy(directory.resolve("host-" + copies.incrementAndGet()));
    }

    /** A copy of the host, booted, in state A with everything running. */
    BootedHost inStateA() {
        BootedHost host = switchedOff();
        host.boot();
        return host;
    }

    /** As {@link #inStateA()}, and {@code /sysroot} is mounted read-only, as image-based systems configure it today. */
    BootedHost inStateAWithReadOnlySysroot() {
        BootedHost host = switchedOff();
        Run.of("ostree", "--repo=" + host.sysroot().resolve("ostree/repo"), "config", "set", "sysroot.readonly", "true")
                .end()
                .expect(0);
        host.boot();
        return host;
    }

    /** Digests of what runs in A. */
    Map<String, String> ofA() {
        return Map.of("one", digest("one"), "common", digest("common of A"));
    }

    /** Digests of what runs in B. */
    Map<String, String> ofB() {
        return Map.of("one", digest("one"), "common", digest("common of B"), "two", digest("two"));
    }

    String digest(String image) {
        return java.util.Objects.requireNonNull(digests.get(image), image);
    }

    /** {@code REGISTRY/NAME}. */
    String image(String name) {
        return registry + "/" + name;
    }
}
