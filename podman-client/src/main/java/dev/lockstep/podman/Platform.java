package dev.lockstep.podman;

import dev.lockstep.manifest.PullOptions;
import java.util.Optional;

/**
 * A platform in Go's words, as image lists name it.
 *
 * @param operatingSystem {@code linux} unless chosen
 * @param architecture the host's unless chosen
 * @param variant only when chosen
 * @param chosen whether a pull option chose any of these
 */
record Platform(String operatingSystem, String architecture, Optional<String> variant, boolean chosen) {

    static Platform wanted(PullArguments arguments) {
        return wanted(arguments.architecture(), arguments.operatingSystem(), arguments.variant());
    }

    static Platform wanted(PullOptions options) {
        return wanted(options.architecture(), options.operatingSystem(), options.variant());
    }

    private static Platform wanted(
            Optional<String> architecture, Optional<String> operatingSystem, Optional<String> variant) {
        return new Platform(
                operatingSystem.orElse("linux"),
                architecture.orElseGet(Platform::hostArchitecture),
                variant,
                architecture.isPresent() || operatingSystem.isPresent() || variant.isPresent());
    }

    /** By which digest an image of a list is pulled: two platforms of one list would fight over name@list in the store. */
    String pulledBy(String listDigest, String platformDigest) {
        return chosen ? platformDigest : listDigest;
    }

    private static String hostArchitecture() {
        String machine = System.getProperty("os.arch", "");
        return switch (machine) {
            case "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            case "x86", "i386", "i686" -> "386";
            default -> machine;
        };
    }

    @Override
    public String toString() {
        return operatingSystem + "/" + architecture
                + variant.map(name -> "/" + name).orElse("");
    }
}
