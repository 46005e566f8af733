package dev.lockstep.podman;

import dev.lockstep.manifest.ImageReference;
import dev.lockstep.podman.process.ToolCall;
import dev.lockstep.podman.process.ToolMissingException;
import dev.lockstep.podman.process.ToolResult;
import dev.lockstep.podman.process.Tools;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What registries say, asked through skopeo. Digests are taken of the very bytes that the registry sent. */
public final class Registry {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Tools tools;

    public Registry(Tools tools) {
        this.tools = tools;
    }

    /**
     * Resolves a reference to digests and layers. Nothing is stored.
     *
     * @throws ImageException IMAGE_NOT_FOUND, REGISTRY_UNAUTHORIZED, REGISTRY_UNREACHABLE …; IMAGE_MALFORMED when what the registry sends
     *     does not have the digest that was asked for or is not an image
     */
    public ResolvedImage resolve(ImageReference reference, PullArguments arguments) throws ImageException {
        byte[] raw = fetch(reference, arguments);
        String digest = Digests.sha256(raw);
        requireDigest(reference, digest);
        Manifest manifest = Manifest.parse(reference, raw);
        return switch (manifest) {
            case Manifest.Image image ->
                new ResolvedImage(reference, digest, digest, image.configDigest(), image.layers());
            case Manifest.Index index -> resolvePlatform(reference, digest, index, arguments);
        };
    }

    private ResolvedImage resolvePlatform(
            ImageReference reference, String listDigest, Manifest.Index index, PullArguments arguments)
            throws ImageException {
        Platform platform = Platform.wanted(arguments);
        String platformDigest = index.digestFor(platform)
                .orElseThrow(() -> new ImageException(
                        ImageError.IMAGE_WRONG_PLATFORM,
                        reference + " has no image for " + platform + "; it has " + index.platforms(),
                        "push the image for this platform, or choose another with Arch=, OS= and Variant="));
        ImageReference exact = reference.at(platformDigest);
        byte[] raw = fetch(exact, arguments);
        requireDigest(exact, Digests.sha256(raw));
        if (!(Manifest.parse(exact, raw) instanceof Manifest.Image image)) {
            throw Manifest.malformed(exact, "its list names another list");
        }
        String digest = platform.pulledBy(listDigest, platformDigest);
        return new ResolvedImage(reference, digest, platformDigest, image.configDigest(), image.layers());
    }

    private static void requireDigest(ImageReference reference, String actual) throws ImageException {
        Optional<String> wanted = reference.digest();
        if (wanted.isPresent() && !wanted.get().equals(actual)) {
            throw Manifest.malformed(reference, "the registry sent a manifest with the digest " + actual);
        }
    }

    private byte[] fetch(ImageReference reference, PullArguments arguments) throws ImageException {
        List<String> command = new ArrayList<>(List.of("skopeo"));
        arguments.signaturePolicy().ifPresent(policy -> command.add("--policy=" + policy));
        command.addAll(List.of("inspect", "--raw"));
        arguments.authFile().ifPresent(file -> command.add("--authfile=" + file));
        arguments.certificateDirectory().ifPresent(directory -> command.add("--cert-dir=" + directory));
        arguments.tlsVerify().ifPresent(verify -> command.add("--tls-verify=" + verify));
        command.add("docker://" + reference);
        try {
            ToolResult result = tools.run(ToolCall.reading(LIMIT, command));
            if (!result.succeeded()) {
                throw ToolFailures.of("skopeo", "look up " + reference, result, Optional.empty());
            }
            return result.output();
        } catch (ToolMissingException e) {
            throw ToolFailures.missing(e);
        }
    }
}
