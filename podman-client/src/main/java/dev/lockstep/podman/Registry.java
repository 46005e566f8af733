package dev.lockstep.podman;

import dev.lockstep.manifest.ImageReference;
import dev.lockstep.podman.disk.Sizes;
import dev.lockstep.podman.process.ToolCall;
import dev.lockstep.podman.process.ToolMissingException;
import dev.lockstep.podman.process.ToolResult;
import dev.lockstep.podman.process.Tools;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What registries say, asked through skopeo. Digests are taken of the very bytes that the registry sent. */
public final class Registry {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration COPY_LIMIT = Duration.ofHours(1);

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
        return ImageLookup.resolve(reference, Platform.wanted(arguments), wanted -> manifest(wanted, arguments));
    }

    /**
     * The bytes of a manifest or a list, as the registry sends them.
     *
     * @throws ImageException IMAGE_NOT_FOUND, REGISTRY_UNAUTHORIZED, REGISTRY_UNREACHABLE …
     */
    public byte[] manifest(ImageReference reference, PullArguments arguments) throws ImageException {
        List<String> command = skopeo(arguments);
        command.addAll(List.of("inspect", "--raw"));
        arguments.authFile().ifPresent(file -> command.add("--authfile=" + file));
        arguments.certificateDirectory().ifPresent(directory -> command.add("--cert-dir=" + directory));
        arguments.tlsVerify().ifPresent(verify -> command.add("--tls-verify=" + verify));
        command.add("docker://" + reference);
        return run(ToolCall.reading(LIMIT, command), "look up " + reference, Optional.empty())
                .output();
    }

    /**
     * Copies the image of one platform to another registry: manifest, configuration and layers byte for byte, without signatures. Blobs that
     * the other one has are not fetched.
     *
     * @param to which is on this host and takes everything
     * @param watch is told how much has come, and may end it
     * @throws ImageException the registry's faults, TIMED_OUT, STORE_FULL; blobs that were complete are kept
     */
    public void copy(ResolvedImage image, PullArguments arguments, LoopbackRegistry to, PullWatch watch)
            throws ImageException {
        ImageReference exact = image.reference().at(image.platformDigest());
        List<String> command = skopeo(arguments);
        command.addAll(List.of("copy", "--quiet", "--preserve-digests", "--remove-signatures"));
        arguments.authFile().ifPresent(file -> command.add("--src-authfile=" + file));
        arguments.certificateDirectory().ifPresent(directory -> command.add("--src-cert-dir=" + directory));
        arguments.tlsVerify().ifPresent(verify -> command.add("--src-tls-verify=" + verify));
        command.addAll(List.of("--dest-tls-verify=false", "--dest-no-creds", "docker://" + exact));
        command.add("docker://" + to.repository() + "@" + image.platformDigest());
        ToolCall call = ToolCall.changing("skopeo-copy", COPY_LIMIT, command)
                .watchedBy(new ArrivalWatch(to::received, watch, InstantSource.system()));
        run(call, "copy " + exact + " (" + Sizes.text(image.size()) + " compressed)", Optional.of(to.directory()));
    }

    private static List<String> skopeo(PullArguments arguments) {
        List<String> command = new ArrayList<>(List.of("skopeo"));
        arguments.signaturePolicy().ifPresent(policy -> command.add("--policy=" + policy));
        return command;
    }

    private ToolResult run(ToolCall call, String what, Optional<Path> written) throws ImageException {
        try {
            ToolResult result = tools.run(call);
            if (!result.succeeded()) {
                throw ToolFailures.of("skopeo", what, result, written);
            }
            return result;
        } catch (ToolMissingException e) {
            throw ToolFailures.missing(e);
        }
    }
}
