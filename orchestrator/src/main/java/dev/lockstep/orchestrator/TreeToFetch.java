package dev.lockstep.orchestrator;

import dev.lockstep.podman.ResolvedImage;
import java.util.OptionalLong;

/** What has to come before a target's tree can be staged. */
public sealed interface TreeToFetch {

    /** The repository has the tree. */
    record Nothing() implements TreeToFetch {}

    /** An operating system image, by way of the image store. */
    record Image(ResolvedImage image) implements TreeToFetch {}

    /**
     * Objects of a commit.
     *
     * @param bytes that the repository lacks, compressed; empty when the commit was made without {@code ostree commit --generate-sizes}
     */
    record Commit(OptionalLong bytes) implements TreeToFetch {}
}
