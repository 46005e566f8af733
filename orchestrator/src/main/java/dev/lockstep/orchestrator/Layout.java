package dev.lockstep.orchestrator;

import dev.lockstep.orchestrator.ostree.BootedDeployment;
import dev.lockstep.podman.StoreLocation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where everything lies. State and store belong to a state root of the sysroot, below its {@code /var}; what is only for now lies in
 * {@code /run/lockstep}.
 *
 * @param sysroot absolute, without links
 * @param stateroot its name
 * @param state {@code SYSROOT/ostree/deploy/STATEROOT/var/lib/lockstep}
 * @param runtime below {@code /run/lockstep}, one directory a sysroot
 */
public record Layout(Path sysroot, String stateroot, Path state, Path runtime) {
    /** Where the booted host has its state, and podman's database holds it whatever sysroot is worked on. */
    private static final Path HOST_STATE = Path.of("/var/lib/lockstep");

    private static final Path HOST_RUNTIME = Path.of("/run/lockstep");

    /**
     * Finds a sysroot's parts; nothing is made. {@code /} is the booted host's where ostree booted it.
     *
     * @throws LockstepException SYSROOT_UNUSABLE when it is not an ostree sysroot, USAGE when its state root is not clear
     */
    public static Layout of(Path directory, Optional<String> wantedStateroot) throws LockstepException {
        if (meansBooted(directory)) {
            return ofBooted(wantedStateroot);
        }
        Path sysroot;
        try {
            sysroot = directory.toRealPath();
        } catch (IOException e) {
            throw new LockstepException(
                    ErrorCode.SYSROOT_UNUSABLE,
                    "the sysroot " + directory + " cannot be opened: " + Failures.reason(e),
                    "name an existing directory with --sysroot",
                    e);
        }
        if (!Files.isRegularFile(sysroot.resolve("ostree/repo/config"))) {
            throw new LockstepException(
                    ErrorCode.SYSROOT_UNUSABLE,
                    sysroot + " is not an ostree sysroot: it has no ostree/repo",
                    "make one with 'ostree admin init-fs --modern " + sysroot + "', or name another with --sysroot");
        }
        String stateroot = stateroot(sysroot, wantedStateroot);
        Path state = sysroot.resolve("ostree/deploy").resolve(stateroot).resolve("var/lib/lockstep");
        return new Layout(
                sysroot, stateroot, state, HOST_RUNTIME.resolve("sysroots").resolve(key(state)));
    }

    /**
     * Of a store that is filled for a root which is in no sysroot.
     *
     * @param root the root file system, which stands for the sysroot in messages
     * @param state what will be {@code /var/lib/lockstep}, absolute
     */
    static Layout ofStore(Path root, Path state) {
        Path runtime = state.equals(HOST_STATE)
                ? HOST_RUNTIME
                : HOST_RUNTIME.resolve("sysroots").resolve(key(state));
        return new Layout(root, "", state, runtime);
    }

    /** Whether a sysroot's name means the host that this process runs on, and ostree booted that. */
    public static boolean meansBooted(Path directory) {
        return directory.toAbsolutePath().normalize().getNameCount() == 0 && BootedDeployment.isHere();
    }

    private static Layout ofBooted(Optional<String> wantedStateroot) throws LockstepException {
        Path root = Path.of("/");
        try {
            String stateroot = BootedDeployment.find()
                    .map(BootedDeployment::stateroot)
                    .orElseThrow(() -> new LockstepException(
                            ErrorCode.SYSROOT_UNUSABLE,
                            "none of the deployments below /sysroot is the one that this host runs from",
                            "see whether /sysroot is the sysroot that this host booted from"));
            if (wantedStateroot.isPresent() && !wantedStateroot.get().equals(stateroot)) {
                throw new LockstepException(
                        ErrorCode.USAGE,
                        "this host runs from the state root '" + stateroot + "', not from '" + wantedStateroot.get()
                                + "': /var of another one is not here",
                        "leave --stateroot out");
            }
            return new Layout(root, stateroot, HOST_STATE, HOST_RUNTIME);
        } catch (IOException e) {
            throw Failures.sysroot("list the deployments of", root.resolve("sysroot"), e);
        }
    }

    /** Whether this is the host that this process runs on, rather than a sysroot that is not booted. */
    public boolean isBooted() {
        return state.equals(HOST_STATE);
    }

    private static String stateroot(Path sysroot, Optional<String> wanted) throws LockstepException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(sysroot.resolve("ostree/deploy"))) {
            for (Path entry : entries) {
                if (Files.isDirectory(entry)) {
                    names.add(String.valueOf(entry.getFileName()));
                }
            }
        } catch (IOException e) {
            throw new LockstepException(
                    ErrorCode.SYSROOT_UNUSABLE,
                    "the state roots of " + sysroot + " cannot be listed: " + Failures.reason(e),
                    "make one with 'ostree admin os-init --sysroot=" + sysroot + " NAME'",
                    e);
        }
        names.sort(null);
        if (wanted.isPresent()) {
            if (!names.contains(wanted.get())) {
                throw new LockstepException(
                        ErrorCode.USAGE,
                        "the sysroot " + sysroot + " has no state root '" + wanted.get() + "'",
                        names.isEmpty()
                                ? "make it with 'ostree admin os-init'"
                                : "it has: " + String.join(", ", names));
            }
            return wanted.get();
        }
        return switch (names.size()) {
            case 1 -> names.get(0);
            case 0 ->
                throw new LockstepException(
                        ErrorCode.SYSROOT_UNUSABLE,
                        "the sysroot " + sysroot + " has no state root",
                        "make one with 'ostree admin os-init --sysroot=" + sysroot + " NAME'");
            default ->
                throw new LockstepException(
                        ErrorCode.USAGE,
                        "the sysroot " + sysroot + " has several state roots: " + String.join(", ", names),
                        "choose one with --stateroot");
        };
    }

    private static String key(Path state) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(state.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The binding records. */
    public Path bindings() {
        return state.resolve("bindings");
    }

    /** Which deployment's digests the tags of the store mean. */
    public Path boundMarker() {
        return state.resolve("bound.json");
    }

    /** What was brought into the store before anything was deployed. */
    public Path pulledImages() {
        return state.resolve("pulled.json");
    }

    /** What happened. */
    public Path historyFile() {
        return state.resolve("history.jsonl");
    }

    /** The lock that keeps two transactions apart. */
    public Path lockFile() {
        return state.resolve("lock");
    }

    /** Trees of staged deployments, checked out for reading; on the file system of the repository, so that files are hard links. */
    public Path trees() {
        return sysroot.resolve("ostree/lockstep/root");
    }

    /** Where programs see a staged tree with its merged {@code /etc}. */
    public Path view() {
        return runtime.resolve("view");
    }

    /** What units of each deployment need before they start, put in place at its boot: on the file system that generators see. */
    public Path bootUnits() {
        return sysroot.resolve("ostree/lockstep/bind");
    }

    /** Copies of the binding records of committed deployments, for the day when {@code /var} is lost. */
    public Path recordCopies() {
        return sysroot.resolve("ostree/lockstep/records");
    }

    /** What lets one staged deployment through the shutdown gate. */
    public Path gatePass() {
        return state.resolve("gate-pass");
    }

    /** What the shutdown gate decided last. */
    public Path gateVerdict() {
        return state.resolve("gate-verdict");
    }

    /** Scratch space on the file system of the repository. */
    public Path scratch() {
        return sysroot.resolve("ostree/lockstep/scratch");
    }

    /** The image store. */
    public StoreLocation store() {
        return new StoreLocation(
                state.resolve("storage"),
                HOST_STATE.resolve("storage"),
                HOST_RUNTIME.resolve("containers"),
                HOST_RUNTIME.resolve("libpod"));
    }

    /** Stores that look into ours and may build upon it: podman's own. Those of users without privileges are not known. */
    public List<Path> otherStores() {
        Path var = isBooted()
                ? Path.of("/var")
                : sysroot.resolve("ostree/deploy").resolve(stateroot).resolve("var");
        return List.of(var.resolve("lib/containers/storage"));
    }

    /**
     * What a program sees instead of the host's own directories: the state as the booted host will have it, and podman's runtime state of
     * this sysroot alone. Its locks in shared memory are kept apart as well: a podman that starts on a new runtime directory frees every lock
     * there, those of the host's running containers included.
     */
    public Map<Path, Path> binds() {
        Map<Path, Path> binds = new LinkedHashMap<>();
        if (!isBooted()) {
            binds.put(state, HOST_STATE);
            binds.put(runtime.resolve("containers"), HOST_RUNTIME.resolve("containers"));
            binds.put(runtime.resolve("libpod"), HOST_RUNTIME.resolve("libpod"));
        }
        binds.put(runtime.resolve("shm"), Path.of("/dev/shm"));
        return binds;
    }
}
