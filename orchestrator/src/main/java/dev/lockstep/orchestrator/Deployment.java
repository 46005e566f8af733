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
 * @param title the boot entry's title
 * @param version the tree's {@code VERSION_ID} or {@code OSTREE_VERSION}, if it has one
 */
public record Deployment(
        String stateroot, String checksum, int serial, Path root, String title, Optional<String> version) {

    /** {@code checksum.serial}, the name of its directory. */
    public String id() {
        return checksum + "." + serial;
    }

    /** The short form for people: version and the first digits of the checksum. */
    public String shortName() {
        return version.map(text -> text + " ").orElse("") + "(" + checksum.substring(0, 10) + "." + serial + ")";
    }
}
