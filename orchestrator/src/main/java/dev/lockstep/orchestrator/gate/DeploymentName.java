package dev.lockstep.orchestrator.gate;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which deployment of a sysroot.
 *
 * @param stateroot its state root, one path component
 * @param checksum of its commit, 64 hex digits
 * @param serial how often that commit was deployed before; rises with each staging
 */
public record DeploymentName(String stateroot, String checksum, int serial) {
    private static final Pattern NAME = Pattern.compile("(?<checksum>[0-9a-f]{64})\\.(?<serial>0|[1-9][0-9]{0,8})");

    public DeploymentName {
        if (!isComponent(stateroot)) {
            throw new IllegalArgumentException("not a state root: " + stateroot);
        }
        if (!NAME.matcher(checksum + "." + serial).matches()) {
            throw new IllegalArgumentException("not a deployment: " + checksum + "." + serial);
        }
    }

    /** Reads a state root and {@code CHECKSUM.SERIAL}; empty when one of them is not that. */
    public static Optional<DeploymentName> parse(String stateroot, String name) {
        Matcher matcher = NAME.matcher(name);
        return isComponent(stateroot) && matcher.matches()
                ? Optional.of(new DeploymentName(
                        stateroot, matcher.group("checksum"), Integer.parseInt(matcher.group("serial"))))
                : Optional.empty();
    }

    private static boolean isComponent(String text) {
        return !text.isEmpty()
                && !text.equals(".")
                && !text.equals("..")
                && text.indexOf('/') < 0
                && text.indexOf('\0') < 0;
    }

    /** {@code CHECKSUM.SERIAL}, as the directory is named. */
    public String name() {
        return checksum + "." + serial;
    }

    /** {@code SYSROOT/ostree/deploy/STATEROOT/deploy/CHECKSUM.SERIAL}. */
    public Path directory(Path sysroot) {
        Path deployments =
                RawPath.child(sysroot.resolve("ostree/deploy"), stateroot).resolve("deploy");
        return deployments.resolve(name());
    }

    /** {@code STATEROOT/CHECKSUM.SERIAL}. */
    @Override
    public String toString() {
        return stateroot + "/" + name();
    }
}
