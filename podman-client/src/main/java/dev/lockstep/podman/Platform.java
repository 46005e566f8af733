package dev.lockstep.podman;

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
        boolean chosen = arguments.architecture().isPresent()
                || arguments.operatingSystem().isPresent()
                || arguments.variant().isPresent();
        return new Platform(
                arguments.operatingSystem().orElse("linux"),
                arguments.architecture().orElseGet(Platform::hostArchitecture),
                arguments.variant(),
                chosen);
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
