package dev.lockstep.podman;

import dev.lockstep.podman.disk.Sizes;
import dev.lockstep.podman.process.Termination;
import dev.lockstep.podman.process.ToolMissingException;
import dev.lockstep.podman.process.ToolResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a failed run of podman or skopeo means. podman exits with 125 whatever happened, so its words decide; they are those of
 * {@code containers/image} and {@code containers/storage}.
 */
final class ToolFailures {

    /** A text that tells an error, looked for in this order. */
    private record Sign(String text, ImageError error) {}

    private static final List<Sign> SIGNS = List.of(
            new Sign("no space left on device", ImageError.STORE_FULL),
            new Sign("disk quota exceeded", ImageError.STORE_FULL),
            new Sign("source image rejected", ImageError.SIGNATURE_REFUSED),
            new Sign("no image found in manifest list for", ImageError.IMAGE_WRONG_PLATFORM),
            new Sign("no image found in image index for", ImageError.IMAGE_WRONG_PLATFORM),
            new Sign("digest did not match", ImageError.IMAGE_MALFORMED),
            new Sign("manifest digest", ImageError.IMAGE_MALFORMED),
            new Sign("does not match expected", ImageError.IMAGE_MALFORMED),
            new Sign("unsupported manifest", ImageError.IMAGE_MALFORMED),
            new Sign("unauthorized", ImageError.REGISTRY_UNAUTHORIZED),
            new Sign("authentication required", ImageError.REGISTRY_UNAUTHORIZED),
            new Sign("invalid username/password", ImageError.REGISTRY_UNAUTHORIZED),
            new Sign("requested access to the resource is denied", ImageError.REGISTRY_UNAUTHORIZED),
            new Sign("manifest unknown", ImageError.IMAGE_NOT_FOUND),
            new Sign("name unknown", ImageError.IMAGE_NOT_FOUND),
            new Sign("repository name not known", ImageError.IMAGE_NOT_FOUND),
            new Sign("blob unknown", ImageError.IMAGE_INCOMPLETE),
            new Sign("fetching blob: invalid status code from registry 404", ImageError.IMAGE_INCOMPLETE),
            new Sign("fetching blob", ImageError.REGISTRY_UNREACHABLE),
            new Sign("unexpected eof", ImageError.REGISTRY_UNREACHABLE),
            new Sign("http response to https client", ImageError.REGISTRY_CERTIFICATE),
            new Sign("x509", ImageError.REGISTRY_CERTIFICATE),
            new Sign("certificate", ImageError.REGISTRY_CERTIFICATE),
            new Sign("connection refused", ImageError.REGISTRY_UNREACHABLE),
            new Sign("no such host", ImageError.REGISTRY_UNREACHABLE),
            new Sign("i/o timeout", ImageError.REGISTRY_UNREACHABLE),
            new Sign("connection reset", ImageError.REGISTRY_UNREACHABLE),
            new Sign("network is unreachable", ImageError.REGISTRY_UNREACHABLE),
            new Sign("no route to host", ImageError.REGISTRY_UNREACHABLE),
            new Sign("deadline exceeded", ImageError.REGISTRY_UNREACHABLE),
            new Sign("received unexpected http status: 5", ImageError.REGISTRY_UNREACHABLE),
            new Sign("invalid status code from registry 5", ImageError.REGISTRY_UNREACHABLE),
            new Sign("statuscode: 408", ImageError.REGISTRY_UNREACHABLE),
            new Sign("statuscode: 5", ImageError.REGISTRY_UNREACHABLE),
            new Sign("toomanyrequests", ImageError.REGISTRY_UNREACHABLE),
            new Sign("too many requests", ImageError.REGISTRY_UNREACHABLE),
            new Sign("tls handshake timeout", ImageError.REGISTRY_UNREACHABLE),
            new Sign("server misbehaving", ImageError.REGISTRY_UNREACHABLE),
            new Sign("temporary failure in name resolution", ImageError.REGISTRY_UNREACHABLE),
            new Sign("broken pipe", ImageError.REGISTRY_UNREACHABLE),
            new Sign("eof", ImageError.REGISTRY_UNREACHABLE),
            new Sign("statuscode: 404", ImageError.IMAGE_NOT_FOUND));

    private static final int LONGEST_REASON = 600;

    private ToolFailures() {}

    /** The program is not installed. */
    static ImageException missing(ToolMissingException failure) {
        return new ImageException(
                ImageError.TOOL_MISSING, String.valueOf(failure.getMessage()), "install " + failure.program(), failure);
    }

    /**
     * A run that failed.
     *
     * @param what it was to do, as in "pull registry/a@sha256:…"
     * @param store whose file system may be full
     */
    static ImageException of(String program, String what, ToolResult result, Optional<Path> store) {
        return switch (result.termination()) {
            case Termination.Cancelled ignored ->
                new ImageException(
                        ImageError.CANCELLED,
                        "stopped while " + program + " was to " + what,
                        "run 'lockstep retry' to go on");
            case Termination.TimedOut ignored ->
                new ImageException(
                        ImageError.TIMED_OUT,
                        program + " took too long to " + what,
                        "see whether the registry is slow, then run 'lockstep retry'");
            case Termination.Silent silent ->
                new ImageException(
                        ImageError.TIMED_OUT,
                        "cannot " + what + ": nothing came for " + silent.time().toSeconds() + " s",
                        "see whether the registry hangs, then run 'lockstep retry'");
            case Termination.Exited ignored -> said(program, what, result, store);
            case Termination.Signalled ignored -> said(program, what, result, store);
        };
    }

    private static ImageException said(String program, String what, ToolResult result, Optional<Path> store) {
        String errors = result.errorTail().toLowerCase(Locale.ROOT);
        ImageError error = SIGNS.stream()
                .filter(sign -> errors.contains(sign.text()))
                .findFirst()
                .map(Sign::error)
                .orElse(ImageError.TOOL_FAILED);
        String reason = result.errorTail().isBlank()
                ? program + " " + result.termination().describe()
                : meaningful(result.errorTail());
        String space =
                error == ImageError.STORE_FULL ? store.map(ToolFailures::free).orElse("") : "";
        return new ImageException(error, "cannot " + what + ": " + reason + space, hint(error, program));
    }

    private static String free(Path store) {
        return " (" + Sizes.free(store) + " free on the file system of " + store + ")";
    }

    /** The last line that says what went wrong, without podman's decoration. */
    static String meaningful(String errors) {
        String line = errors.lines()
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .filter(text ->
                        text.startsWith("Error:") || text.contains("level=fatal") || text.contains("level=error"))
                .reduce((first, second) -> second)
                .orElseGet(() -> errors.lines()
                        .map(String::strip)
                        .filter(text -> !text.isEmpty())
                        .reduce("", (a, b) -> b));
        String plain = line.replaceFirst("^Error: ", "").replaceFirst("^time=\\S+ level=\\w+ msg=\"?", "");
        return plain.length() <= LONGEST_REASON ? plain : plain.substring(0, LONGEST_REASON) + "…";
    }

    private static String hint(ImageError error, String program) {
        return switch (error) {
            case IMAGE_NOT_FOUND -> "see whether the image was pushed and its name is right";
            case REGISTRY_UNAUTHORIZED ->
                "give credentials with AuthFile= or auth-file, or with 'auth-file' in lockstep.toml";
            case REGISTRY_UNREACHABLE -> "see whether the registry can be reached, then run 'lockstep retry'";
            case REGISTRY_CERTIFICATE ->
                "install the registry's certificate in /etc/containers/certs.d, or set TLSVerify=false for a registry without TLS";
            case IMAGE_MALFORMED -> "push the image again; what the registry holds is not what its digest says";
            case IMAGE_WRONG_PLATFORM -> "push the image for this architecture, or set Arch=";
            case IMAGE_INCOMPLETE ->
                "push the image again if its registry lost a part of it, then run 'lockstep retry'";
            case SIGNATURE_REFUSED -> "sign the image, or correct the signature policy";
            case PULL_OPTION_FILE -> "put the file into the image of the operating system, or on this host";
            case STORE_FULL -> "make room on that file system, then run 'lockstep retry'";
            case STORE_UNUSABLE -> "see to the store's permissions and its file system";
            case OCI_UNUSABLE -> "make the directory again with 'lockstep images pull --to'";
            case TOOL_MISSING -> "install " + program;
            case TOOL_TOO_OLD -> "install a newer " + program;
            case TIMED_OUT, CANCELLED, TOOL_FAILED ->
                "run 'lockstep retry'; if it fails again, see to what " + program + " says";
        };
    }
}
