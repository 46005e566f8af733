package dev.lockstep.podman;

import dev.lockstep.manifest.Credentials;
import dev.lockstep.manifest.ImageReference;
import dev.lockstep.manifest.PullOptions;
import dev.lockstep.podman.process.Cancellation;
import dev.lockstep.podman.process.PrivateNamespace;
import dev.lockstep.podman.process.SystemTools;
import dev.lockstep.podman.process.ToolCall;
import dev.lockstep.podman.process.ToolResult;
import dev.lockstep.podman.process.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A real registry and a real, empty store, both in a directory of a test. */
final class RealStore implements AutoCloseable {
    static final String FIXTURE = Path.of("../integration-tests/src/test/scripts/fixture")
            .toAbsolutePath()
            .normalize()
            .toString();
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final RootFiles NO_FILES = (path, destination) -> {
        throw new NoSuchFileException(path);
    };

    final Path directory;
    final String host;
    final StoreLocation location;
    final Tools tools;
    final Podman podman;
    final ImageStore store;
    final Registry registry;
    private final PrivateNamespace namespace;

    RealStore(Path directory, String host) throws IOException {
        this.directory = directory;
        this.namespace = PrivateNamespace.enter(Map.of());
        this.tools = new SystemTools(namespace, new Cancellation());
        this.host = host;
        this.location = new StoreLocation(
                directory.resolve("state/storage"),
                directory.resolve("state/storage"),
                directory.resolve("run"),
                directory.resolve("tmp"));
        this.podman = new Podman(tools, location);
        this.store = new ImageStore(location);
        this.registry = new Registry(tools);
    }

    /** Starts a registry and returns its HOST:PORT. */
    static String startRegistry(Path directory) throws IOException {
        try (RealStore caller = new RealStore(directory, "")) {
            return caller.fixture("registry-start", directory.toString());
        }
    }

    static void stopRegistry(Path directory) throws IOException {
        try (RealStore caller = new RealStore(directory, "")) {
            caller.fixture("registry-stop", directory.toString());
        }
    }

    String fixture(String... words) {
        List<String> command = new ArrayList<>(List.of(FIXTURE));
        command.addAll(List.of(words));
        return run(command);
    }

    String run(List<String> command) {
        try {
            ToolResult result = tools.run(ToolCall.reading(LIMIT, command));
            if (!result.succeeded()) {
                throw new AssertionError(command + ": " + result.errorTail());
            }
            return result.text().strip();
        } catch (dev.lockstep.podman.process.ToolMissingException e) {
            throw new AssertionError(e);
        }
    }

    /** podman on this store, as the product calls it. */
    String podman(String... words) {
        List<String> command = new ArrayList<>(List.of(
                "podman",
                "--root=" + location.graphRoot(),
                "--runroot=" + location.runRoot(),
                "--tmpdir=" + location.tmpDir(),
                "--storage-driver=overlay"));
        command.addAll(List.of(words));
        return run(command);
    }

    /** Pushes an image with these layers and resolves it. */
    ResolvedImage pushed(String name, String... seeds) throws ImageException {
        List<String> words = new ArrayList<>(List.of("image", host + "/" + name));
        words.addAll(List.of(seeds));
        fixture(words.toArray(String[]::new));
        try (PullArguments arguments = arguments()) {
            return registry.resolve(ImageReference.parse(host + "/" + name), arguments);
        }
    }

    PullArguments arguments() throws ImageException {
        PullOptions plainHttp = PullOptions.DEFAULT.withTlsVerify(Optional.of(false));
        return PullArguments.prepare(NO_FILES, plainHttp, Optional.empty(), directory.resolve("arguments"));
    }

    /** The same with credentials. */
    PullArguments arguments(Credentials credentials) throws ImageException {
        PullOptions options =
                PullOptions.DEFAULT.withTlsVerify(Optional.of(false)).with(credentials);
        return PullArguments.prepare(NO_FILES, options, Optional.empty(), directory.resolve("arguments"));
    }

    void pull(ResolvedImage image) throws ImageException {
        try (PullArguments arguments = arguments()) {
            podman.pull(image, arguments, PullWatch.none());
        }
    }

    void repair(ResolvedImage image, Path... neighbours) throws ImageException {
        try (PullArguments arguments = arguments()) {
            new Repair(tools, location, store, List.of(neighbours)).repair(image, arguments, PullWatch.none());
        }
    }

    Confirmation confirm(ResolvedImage image) throws ImageException {
        return java.util.Objects.requireNonNull(store.confirm(List.of(image)).get(image));
    }

    /** What the reader or, when that sees nothing, the content check says is wrong. */
    List<String> damage(ResolvedImage image) throws ImageException {
        return switch (confirm(image)) {
            case Confirmation.Absent absent -> List.of(absent.reason());
            case Confirmation.Damaged damaged -> damaged.reasons();
            case Confirmation.Present ignored -> store.checkContent(store.layers(image));
            case Confirmation.Unproven ignored -> store.checkContent(store.layers(image));
        };
    }

    Path layer(ResolvedImage image, int index) throws ImageException {
        return location.directory()
                .resolve("overlay")
                .resolve(store.layers(image).get(index).id());
    }

    Path layerLists() {
        return location.directory().resolve("overlay-layers");
    }

    Path imageDirectory(ResolvedImage image) {
        return location.directory().resolve("overlay-images").resolve(Digests.hex(image.configDigest()));
    }

    static void remove(Path file) throws IOException {
        if (Files.isDirectory(file) && !Files.isSymbolicLink(file)) {
            dev.lockstep.podman.disk.DurableFiles.deleteTree("test", file);
        } else {
            Files.delete(file);
        }
    }

    @Override
    public void close() {
        namespace.close();
    }
}
