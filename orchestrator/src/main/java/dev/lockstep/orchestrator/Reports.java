package dev.lockstep.orchestrator;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What commands answer with: plain data, for a person's eye or as JSON. */
public final class Reports {

    private Reports() {}

    /** What became of one image. */
    public enum ImageState {
        /** Whole and durable. */
        PRESENT,
        /** Looks whole, its content has not been proven since it was written. */
        UNPROVEN,
        /** Not in the store. */
        ABSENT,
        /** In the store, with parts missing or wrong. */
        DAMAGED,
        /** Its reference has not been resolved yet. */
        UNRESOLVED
    }

    /**
     * One bound image of a deployment.
     *
     * @param reference as bound
     * @param mode {@code bind} or {@code prefetch}
     * @param digest what it meant, once resolved
     * @param size compressed bytes, once resolved
     * @param state what the store says
     * @param detail what is wrong, empty when nothing is
     */
    public record Image(
            String reference, String mode, Optional<String> digest, long size, ImageState state, String detail) {}

    /**
     * One deployment, in the order in which the boot loader offers them.
     *
     * @param role {@code booted}, {@code next} (the default entry, when that is not the booted one), {@code staged}, {@code rollback}, {@code
     *     older}
     * @param name short form for people
     * @param checksum ostree commit
     * @param serial counts deployments of one checksum
     * @param version of the tree, if it has one
     * @param origin where it came from, as recorded; empty when it was not deployed by Lockstep
     * @param images what it binds; empty together with {@code recorded == false} when no record tells
     * @param recorded whether a binding record tells what it binds
     */
    public record DeploymentStatus(
            String role,
            String name,
            String checksum,
            int serial,
            Optional<String> version,
            Optional<String> origin,
            List<Image> images,
            boolean recorded) {}

    /**
     * A transaction that has not ended.
     *
     * @param id its UUID
     * @param state {@code open}, {@code ready}, or {@code committed} when the next reboot leads to what is staged for it
     * @param target what it leads to
     * @param digest of the target, once resolved
     * @param since when it began
     * @param images what the new root binds, as far as it is known
     */
    public record TransactionStatus(
            String id, String state, String target, Optional<String> digest, Instant since, List<Image> images) {}

    /**
     * The answer to {@code status}.
     *
     * @param sysroot the sysroot looked at
     * @param stateroot the state root
     * @param summary one sentence: in which state the host is
     * @param deployments in boot order
     * @param transaction the open one
     * @param bound the deployment whose tags are bound in the store, as {@code checksum.serial}
     * @param whole whether the booted deployment has all its images and its tags; true on a sysroot that is not booted
     * @param notes anything else that an administrator should know
     */
    public record Status(
            String sysroot,
            String stateroot,
            String summary,
            List<DeploymentStatus> deployments,
            Optional<TransactionStatus> transaction,
            Optional<String> bound,
            boolean whole,
            List<String> notes) {}

    /**
     * The answer to {@code check}.
     *
     * @param target what was looked up
     * @param digest what it means now: an image's manifest digest or an ostree commit
     * @param current the digest or commit of the deployment that boots next
     * @param available whether an upgrade would do something
     * @param plan what that would fetch
     */
    public record Check(String target, String digest, Optional<String> current, boolean available, Plan plan) {}

    /**
     * What an upgrade would fetch, told while nothing is fetched: the operating system's image or commit, and the images that it binds. Each
     * layer is counted once.
     *
     * @param images that are wanted, an operating system image that has to come included
     * @param present of these, whole in the store
     * @param layers to fetch
     * @param bytesToFetch compressed
     * @param bytesNeeded on the store's file system while it is done, estimated; what ostree's repository will hold of an image is not in it
     * @param bytesFree there now
     * @param notCounted what it does not cover, and why; empty when nothing is missing
     */
    public record Plan(
            int images,
            int present,
            int layers,
            long bytesToFetch,
            long bytesNeeded,
            long bytesFree,
            List<String> notCounted) {}

    /** What became of a command that changes something. */
    public enum Result {
        /** The new deployment boots next. */
        COMMITTED,
        /** All images are confirmed; the entry waits for {@code commit}. */
        READY,
        /** The target is what boots next already, and its images are whole. */
        UNCHANGED,
        /** The transaction was given up. */
        ABORTED,
        /** The former deployment boots next again. */
        ROLLED_BACK
    }

    /**
     * The answer to {@code upgrade}, {@code retry}, {@code commit}, {@code abort}, {@code rollback}.
     *
     * @param result what became of it
     * @param summary one sentence: in which state the host is now
     * @param transaction the transaction's UUID, if there was one
     * @param from what booted next before, short name
     * @param to what boots next now, short name
     * @param images of the new deployment
     * @param fetched images pulled by this run
     * @param repaired images mended by this run
     * @param programs started by this run
     * @param programMillis milliseconds that these took together
     * @param notes what else the user should know, such as what a rollback means for {@code /etc}
     */
    public record Outcome(
            Result result,
            String summary,
            Optional<String> transaction,
            Optional<String> from,
            Optional<String> to,
            List<Image> images,
            int fetched,
            int repaired,
            int programs,
            long programMillis,
            List<String> notes) {}

    /**
     * The answer to {@code images pull}.
     *
     * @param root that binds the images
     * @param store that has them now
     * @param summary in a sentence
     * @param images that the root binds
     * @param fetched images pulled by this run
     * @param repaired images mended by this run
     * @param programs started by this run
     * @param programMillis milliseconds that these took together
     */
    public record Pulled(
            String root,
            String store,
            String summary,
            List<Image> images,
            int fetched,
            int repaired,
            int programs,
            long programMillis) {}

    /**
     * The answer to {@code verify}.
     *
     * @param deep whether contents were recomputed
     * @param deployments what was looked at
     * @param whole whether everything that the deployment that boots next binds is whole
     */
    public record Verification(boolean deep, List<DeploymentStatus> deployments, boolean whole) {}

    /**
     * The answer to {@code bind}.
     *
     * @param deployment whose digests the tags mean now, as {@code checksum.serial}
     * @param tags what was bound: reference to digest
     * @param changed how many tags had meant something else
     */
    public record Binding(String deployment, List<Tag> tags, int changed) {

        /** One tag and what it means now. */
        public record Tag(String reference, String digest) {}
    }

    /**
     * The answer to {@code gc}.
     *
     * @param preview whether it only says what would be removed
     * @param blocked why nothing may be removed now, if so
     * @param summary in a sentence
     * @param images that were removed, or would be
     * @param kept images that stay
     * @param bytes that this frees, uncompressed
     * @param transactions of deployments that are gone, whose pins and records went too
     * @param notes what else the user should know
     */
    public record Collection(
            boolean preview,
            Optional<String> blocked,
            String summary,
            List<Collected> images,
            int kept,
            long bytes,
            int transactions,
            List<String> notes) {

        /** Whether nothing is to be removed. */
        boolean isNothing() {
            return images.isEmpty() && transactions == 0;
        }
    }

    /**
     * An image that no deployment needs.
     *
     * @param image its ID, the digest of its configuration
     * @param names all that it had
     * @param bytes of layers that it alone had, uncompressed
     */
    public record Collected(String image, List<String> names, long bytes) {}

    /**
     * One line of the history. Lines of older versions lack what was added later.
     *
     * @param time when
     * @param event {@link Event#label}
     * @param transaction its UUID, if one was concerned
     * @param target what it led to
     * @param deployment that was concerned, as {@code checksum.serial} or a checksum
     * @param error stable name, if something failed
     * @param detail in words
     * @param boot in which boot of the host, as the kernel names it
     * @param booted the deployment that ran then, as {@code checksum.serial}
     */
    public record HistoryEntry(
            Instant time,
            String event,
            Optional<String> transaction,
            Optional<String> target,
            Optional<String> deployment,
            Optional<String> error,
            String detail,
            Optional<String> boot,
            Optional<String> booted) {}
}
