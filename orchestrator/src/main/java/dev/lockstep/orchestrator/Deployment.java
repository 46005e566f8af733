package dev.lockstep.orchestrator;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A deployment that a boot loader entry leads to.
 *
 * @param stateroot the name of the operating system's state root
 * @param checksum the ostree commit, 64 hexadecimal digits
 * @param serial counts deployments of one checksum from 0
 * @param root the directory of its root, as this process sees it
 * @param version the tree's {@code VERSION_ID}, if it has one
 * @param origin what its origin file says
 */
public record Deployment(
        String stateroot, String checksum, int serial, Path root, Optional<String> version, Origin origin) {

    /**
     * Where a deployment came from.
     *
     * @param source an image reference or a refspec
     * @param digest of the image, when it came from one
     * @param transaction that deployed it, when Lockstep did
     */
    public record Origin(Optional<String> source, Optional<String> digest, Optional<String> transaction) {}

    /** {@code checksum.serial}, the name of its directory. */
    public String id() {
        return checksum + "." + serial;
    }

    /** The short form for people: version and the first digits of the checksum. */
    public String shortName() {
        return version.map(text -> text + " ").orElse("") + "(" + checksum.substring(0, 10) + "." + serial + ")";
    }
}
