package dev.lockstep.orchestrator;

import dev.lockstep.manifest.BoundImage;
import dev.lockstep.manifest.ImageReference;
import dev.lockstep.orchestrator.gate.GatePass;
import dev.lockstep.podman.ResolvedImage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which reference meant which digest for one deployment: data that cannot be observed, so it is kept. It is also all that an interrupted
 * transaction needs to go on.
 *
 * @param transaction UUID; the pins' labels and the deployment's origin name it too
 * @param state how far it has come
 * @param began when the transaction began
 * @param target what it leads to
 * @param tlsVerify for the target's image
 * @param targetDigest what the target meant: an image's manifest digest or an ostree commit
 * @param checksum of the staged tree
 * @param serial of the deployment, once the engine has chosen it
 * @param images what the tree binds, once it was read
 * @param intent what is wanted of it
 * @param trial whether its deployment proved that it boots
 */
record BindingRecord(
        String transaction,
        State state,
        Instant began,
        Target target,
        Optional<Boolean> tlsVerify,
        Optional<String> targetDigest,
        Optional<String> checksum,
        OptionalInt serial,
        List<Bound> images,
        Intent intent,
        Trial trial) {

    public BindingRecord {
        images = List.copyOf(images);
    }

    /** How far a transaction has come. */
    public enum State {
        /** Images are missing or not confirmed: nothing of it can boot. */
        OPEN,
        /** Every image is confirmed and durable: the boot loader entry may be written, and perhaps it was. */
        READY,
        /** A deployment was seen for it: the record tells what that binds. */
        COMMITTED
    }

    /**
     * One bound image.
     *
     * @param reference as bound
     * @param mode whether the commit waits for it
     * @param resolved what it meant, once resolved
     */
    public record Bound(ImageReference reference, BoundImage.Mode mode, Optional<ResolvedImage> resolved) {}

    /** A transaction that begins. */
    static BindingRecord begin(
            String transaction, Instant now, Target target, Optional<Boolean> tlsVerify, Intent intent) {
        return new BindingRecord(
                transaction,
                State.OPEN,
                now,
                target,
                tlsVerify,
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                List.of(),
                intent,
                Trial.SETTLED);
    }

    /** Whether no deployment has been seen for it. */
    boolean isOpen() {
        return state != State.COMMITTED;
    }

    /** Whether it tells what this deployment binds: it was made for it, and every image that it waits for was confirmed. */
    boolean describes(Deployment deployment) {
        return state != State.OPEN && isFor(deployment);
    }

    /** Whether it was made for this deployment. */
    boolean isFor(Deployment deployment) {
        boolean made =
                deployment.origin().transaction().filter(transaction::equals).isPresent();
        return made || isNamed(deployment);
    }

    private boolean isNamed(Deployment deployment) {
        return isStagedAs(deployment.id());
    }

    /** Whether {@code CHECKSUM.SERIAL} is what was staged for it. */
    boolean isStagedAs(String deployment) {
        return checksum.isPresent()
                && serial.isPresent()
                && deployment.equals(checksum.get() + "." + serial.getAsInt());
    }

    BindingRecord resolvedTo(String digest) {
        return with(State.OPEN, Optional.of(digest), checksum, serial, images);
    }

    BindingRecord staged(Staged staged) {
        return with(State.OPEN, targetDigest, Optional.of(staged.checksum()), staged.serial(), images);
    }

    BindingRecord binding(List<Bound> bound) {
        return with(State.OPEN, targetDigest, checksum, serial, bound);
    }

    BindingRecord ready() {
        return with(State.READY, targetDigest, checksum, serial, images);
    }

    BindingRecord committedAs(Deployment deployment) {
        return with(
                State.COMMITTED,
                targetDigest,
                Optional.of(deployment.checksum()),
                OptionalInt.of(deployment.serial()),
                images);
    }

    private BindingRecord with(
            State newState,
            Optional<String> newDigest,
            Optional<String> newChecksum,
            OptionalInt newSerial,
            List<Bound> bound) {
        // A decision to do without images was about what was staged then.
        Intent kept = newState == State.OPEN ? intent.unforced() : intent;
        return new BindingRecord(
                transaction, newState, began, target, tlsVerify, newDigest, newChecksum, newSerial, bound, kept, trial);
    }

    BindingRecord wanting(Intent wanted) {
        return new BindingRecord(
                transaction, state, began, target, tlsVerify, targetDigest, checksum, serial, images, wanted, trial);
    }

    /** The same with what is known of its deployment's boots. */
    BindingRecord tried(Trial now) {
        return new BindingRecord(
                transaction, state, began, target, tlsVerify, targetDigest, checksum, serial, images, intent, now);
    }

    /** The same, to be committed whatever is missing. */
    BindingRecord forcedBy(GatePass.Forced decision) {
        return with(State.READY, targetDigest, checksum, serial, images).wanting(intent.forcedBy(decision));
    }

    /** Who wanted the commit although images were missing, and why. */
    Optional<GatePass.Forced> forced() {
        return intent.forced();
    }

    /** What the deployment that is made for it says of where it came from. */
    Deployment.Origin origin() {
        return new Deployment.Origin(Optional.of(target.toString()), targetDigest, Optional.of(transaction));
    }

    /** The images that the commit waits for, resolved. */
    List<ResolvedImage> needed() {
        return images.stream()
                .filter(bound -> bound.mode() == BoundImage.Mode.BIND)
                .flatMap(bound -> bound.resolved().stream())
                .toList();
    }
}
