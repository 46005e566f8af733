package dev.lockstep.podman;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.manifest.ImageReference;
import dev.lockstep.podman.disk.DurableFiles;
import dev.lockstep.podman.disk.Sizes;
import dev.lockstep.podman.process.ToolCall;
import dev.lockstep.podman.process.ToolMissingException;
import dev.lockstep.podman.process.ToolResult;
import dev.lockstep.podman.process.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The current root's podman on our own store; one method a command. Success means that podman said so, which proves little: confirm with
 * {@link ImageStore}.
 */
public final class Podman {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration QUICK = Duration.ofMinutes(2);
    private static final Duration PULL_LIMIT = Duration.ofHours(1);
    private static final Pattern VERSION = Pattern.compile("(?<major>\\d+)\\.(?<minor>\\d+)\\.\\d+");
    private static final int OLDEST_MAJOR = 4;
    private static final int OLDEST_MINOR = 3;

    private static final AtomicLong SCRATCHES = new AtomicLong();

    private final Tools tools;
    private final StoreLocation store;

    public Podman(Tools tools, StoreLocation store) {
        this.tools = tools;
        this.store = store;
    }

    /** Fails with TOOL_MISSING or TOOL_TOO_OLD when podman is older than 4.3 or there is no skopeo. */
    public void checkVersion() throws ImageException {
        ToolResult result = run(ToolCall.reading(QUICK, List.of("podman", "--version")), "tell podman's version");
        Matcher version = VERSION.matcher(result.text());
        if (!version.find()) {
            throw new ImageException(
                    ImageError.TOOL_FAILED,
                    "podman's version '" + result.text().strip() + "' is not one",
                    "reinstall podman");
        }
        int major = Integer.parseInt(version.group("major"));
        int minor = Integer.parseInt(version.group("minor"));
        if (major < OLDEST_MAJOR || (major == OLDEST_MAJOR && minor < OLDEST_MINOR)) {
            throw new ImageException(
                    ImageError.TOOL_TOO_OLD,
                    "podman is version " + version.group() + "; " + OLDEST_MAJOR + "." + OLDEST_MINOR
                            + " is the oldest that works",
                    "install a newer podman");
        }
        run(ToolCall.reading(QUICK, List.of("skopeo", "--version")), "tell skopeo's version");
    }

    /**
     * Pulls by digest; no tag moves. podman's scratch space is a directory of its own on the store's file system, removed afterwards.
     *
     * <p>Several may run at once: podman keeps the store's lists whole. It does not keep two of them from fetching the same layer, see
     * {@link PullOrder}.
     *
     * @param watch is told how far it is, and may end it
     * @throws ImageException TIMED_OUT when nothing came for too long; layers that were complete stay in the store
     */
    public void pull(ResolvedImage image, PullArguments arguments, PullWatch watch) throws ImageException {
        List<String> command = command("pull", "--quiet");
        arguments.authFile().ifPresent(file -> command.add("--authfile=" + file));
        arguments.certificateDirectory().ifPresent(directory -> command.add("--cert-dir=" + directory));
        arguments.decryptionKey().ifPresent(key -> command.add("--decryption-key=" + key));
        arguments.signaturePolicy().ifPresent(policy -> command.add("--signature-policy=" + policy));
        arguments.tlsVerify().ifPresent(verify -> command.add("--tls-verify=" + verify));
        arguments.architecture().ifPresent(name -> command.add("--arch=" + name));
        arguments.operatingSystem().ifPresent(name -> command.add("--os=" + name));
        arguments.variant().ifPresent(name -> command.add("--variant=" + name));
        command.add(image.pinned().toString());
        String name =
                "pull-" + ProcessHandle.current().pid() + "-" + System.nanoTime() + "-" + SCRATCHES.incrementAndGet();
        Path scratch = scratchDirectory(store.directory()).resolve(name);
        try {
            Files.createDirectories(scratch);
            ToolCall call = ToolCall.changing("podman-pull", PULL_LIMIT, command)
                    .with(Map.of(
                            "TMPDIR",
                            scratchDirectory(store.graphRoot()).resolve(name).toString()))
                    .with(arguments
                            .home()
                            .map(home -> Map.of("HOME", home.toString()))
                            .orElse(Map.of()))
                    .watchedBy(new ScratchWatch(scratch, watch, InstantSource.system()));
            run(call, "pull " + image.pinned() + " (" + Sizes.text(image.size()) + " compressed)");
        } catch (IOException e) {
            throw unusable("make", scratch, e);
        } finally {
            removeScratch(scratch);
        }
    }

    static Path scratchDirectory(Path graphRoot) {
        return graphRoot.resolveSibling("tmp");
    }

    private void removeScratch(Path scratch) throws ImageException {
        try {
            DurableFiles.deleteTree("pull-scratch", scratch);
        } catch (IOException e) {
            throw unusable("remove", scratch, e);
        }
    }

    /**
     * Pins images for a transaction: a stopped container each, whose labels say what a lost binding record is rebuilt from. An equal pin that
     * exists is kept; a half-made one of a killed run is made anew.
     *
     * @param progress is told about each image before it is pinned
     */
    public void pin(String transaction, List<ResolvedImage> images, Consumer<ResolvedImage> progress)
            throws ImageException {
        Map<String, JsonNode> before = new HashMap<>();
        for (JsonNode container : containers("label=" + PinLabels.TRANSACTION + "=" + transaction)) {
            before.put(container.path("Names").path(0).asText(), container);
        }
        for (ResolvedImage image : images) {
            progress.accept(image);
            String name = pinName(transaction, image.reference());
            JsonNode found = before.get(name);
            if (found != null && isPinOf(found, image)) {
                continue;
            }
            if (found != null) {
                run(changing("podman-rm", command("rm", "--force", name)), "remove the pin " + name);
            }
            create(name, transaction, image);
        }
    }

    private void create(String name, String transaction, ResolvedImage image) throws ImageException {
        List<String> command =
                command("create", "--pull=never", "--network=none", "--image-volume=ignore", "--replace");
        command.add("--name=" + name);
        for (Map.Entry<String, String> label : PinLabels.of(transaction, image).entrySet()) {
            command.add("--label=" + label.getKey() + "=" + label.getValue());
        }
        command.add(image.pinned().toString());
        command.add("/pin");
        run(changing("podman-create", command), "pin " + image.pinned());
    }

    private static boolean isPinOf(JsonNode container, ResolvedImage image) {
        return PinLabels.digest(container.path("Labels"))
                        .filter(image.digest()::equals)
                        .isPresent()
                && container.path("ImageID").asText().equals(Digests.hex(image.configDigest()));
    }

    private static String pinName(String transaction, ImageReference reference) {
        String digest = Digests.sha256(reference.toString().getBytes(StandardCharsets.UTF_8));
        return "pin-" + transaction + "-" + Digests.hex(digest).substring(0, 16);
    }

    private JsonNode containers(String filter) throws ImageException {
        ToolResult result = run(
                ToolCall.reading(QUICK, command("ps", "--all", "--format=json", "--filter=" + filter)),
                "list the pins");
        try {
            return JSON.readTree(result.output());
        } catch (IOException e) {
            throw new ImageException(
                    ImageError.TOOL_FAILED, "podman's list of pins is not JSON", "run 'podman ps' by hand", e);
        }
    }

    /** Every pin in the store whose labels are whole. */
    public List<Pin> pins() throws ImageException {
        List<Pin> pins = new ArrayList<>();
        for (JsonNode container : containers("label=" + PinLabels.TRANSACTION)) {
            PinLabels.read(container.path("Id").asText(), container.path("Labels"))
                    .ifPresent(pins::add);
        }
        return pins;
    }

    /** Removes the pins of a transaction; nothing when there are none. */
    public void unpin(String transaction) throws ImageException {
        List<String> names = new ArrayList<>();
        for (JsonNode container : containers("label=" + PinLabels.TRANSACTION + "=" + transaction)) {
            names.add(container.path("Id").asText());
        }
        if (!names.isEmpty()) {
            List<String> command = command("rm", "--force");
            command.addAll(names);
            run(changing("podman-rm", command), "remove the pins of " + transaction);
        }
    }

    /** Makes a tag mean an image (its ID, the configuration's digest) in our store, in one atomic rewrite of the store's list. */
    public void tag(String configDigest, ImageReference tag) throws ImageException {
        run(changing("podman-tag", command("tag", Digests.hex(configDigest), tag.toString())), "bind the tag " + tag);
    }

    /** Removes one name. */
    public void untag(ImageReference name) throws ImageException {
        run(changing("podman-untag", command("untag", name.toString(), name.toString())), "remove the name " + name);
    }

    /** Removes an image that nothing pins. */
    public void remove(String configDigest) throws ImageException {
        String id = Digests.hex(configDigest);
        run(changing("podman-rmi", command("rmi", "--force", id)), "remove the image " + id);
    }

    /** Mounts an image read-only where the tools run and returns the path there. What a killed run counted as mounted is unmounted first. */
    public Path mount(String configDigest) throws ImageException {
        unmount(configDigest);
        String id = Digests.hex(configDigest);
        ToolResult result = run(changing("podman-mount", command("image", "mount", id)), "mount the image " + id);
        return Path.of(result.text().strip());
    }

    /** Undoes {@link #mount}; nothing when it is not mounted. */
    public void unmount(String configDigest) throws ImageException {
        String id = Digests.hex(configDigest);
        run(changing("podman-unmount", command("image", "unmount", "--force", id)), "unmount the image " + id);
    }

    private ToolCall changing(String subject, List<String> command) {
        return ToolCall.changing(subject, QUICK, command);
    }

    private List<String> command(String... words) {
        List<String> command = new ArrayList<>(List.of(
                "podman",
                "--root=" + store.graphRoot(),
                "--runroot=" + store.runRoot(),
                "--tmpdir=" + store.tmpDir(),
                "--storage-driver=overlay"));
        command.addAll(List.of(words));
        return command;
    }

    /** Our own storage configuration: the host's additional stores and options have no say in what is confirmed. */
    private synchronized Map<String, String> environment() throws ImageException {
        Path file = store.directory().resolveSibling("storage.conf");
        String text = "[storage]\ndriver = \"overlay\"\ngraphroot = \"" + store.graphRoot() + "\"\nrunroot = \""
                + store.runRoot() + "\"\n";
        try {
            if (!Files.exists(file) || !Files.readString(file).equals(text)) {
                Files.createDirectories(java.util.Objects.requireNonNull(file.getParent(), "a store has a parent"));
                DurableFiles.write("storage-conf", file, text.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw unusable("write", file, e);
        }
        return Map.of(
                "CONTAINERS_STORAGE_CONF",
                store.graphRoot().resolveSibling("storage.conf").toString());
    }

    private ToolResult run(ToolCall call, String what) throws ImageException {
        try {
            ToolResult result = tools.run(call.with(environment()));
            if (!result.succeeded()) {
                throw ToolFailures.of(call.program(), what, result, Optional.of(store.directory()));
            }
            return result;
        } catch (ToolMissingException e) {
            throw ToolFailures.missing(e);
        }
    }

    private static ImageException unusable(String what, Path file, IOException failure) {
        boolean full = String.valueOf(failure.getMessage()).contains("No space left on device");
        return new ImageException(
                full ? ImageError.STORE_FULL : ImageError.STORE_UNUSABLE,
                "cannot " + what + " " + file + ": " + failure.getMessage()
                        + (full ? " (" + Sizes.free(file) + " free)" : ""),
                full ? "make room on that file system, then run 'lockstep retry'" : "see to its permissions",
                failure);
    }

    /**
     * A pin as the store has it; its labels carry what a lost binding record is rebuilt from.
     *
     * @param container podman's ID of the pin
     * @param transaction the transaction that pinned
     * @param image what was pinned, as it was resolved
     */
    public record Pin(String container, String transaction, ResolvedImage image) {}
}
