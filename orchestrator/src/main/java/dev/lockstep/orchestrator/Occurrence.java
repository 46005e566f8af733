package dev.lockstep.orchestrator;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Something that happened, with what is known of it. No part of it is ever a secret.
 *
 * @param event what
 * @param transaction its UUID, when one was concerned
 * @param target what the transaction leads to
 * @param deployment {@code CHECKSUM.SERIAL}, or a checksum that no deployment has yet
 * @param image which, when one was concerned
 * @param error stable name, when something failed
 * @param errno the system's error number, when one was the cause
 * @param detail in words, empty when there is no more to say
 */
public record Occurrence(
        Event event,
        Optional<String> transaction,
        Optional<String> target,
        Optional<String> deployment,
        Optional<Image> image,
        Optional<String> error,
        OptionalInt errno,
        String detail) {

    /**
     * One image.
     *
     * @param reference as bound
     * @param digest what it meant
     * @param bytes compressed, empty when unknown
     */
    public record Image(String reference, String digest, OptionalLong bytes) {}

    /** An event of which only words are known. */
    public static Occurrence of(Event event, String detail) {
        return new Occurrence(
                event,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                detail);
    }

    /** An event of a recorded transaction, and of its deployment as far as that is chosen. */
    static Occurrence of(Event event, BindingRecord record, String detail) {
        Optional<String> deployment = record.serial().isPresent()
                ? record.checksum()
                        .map(checksum -> checksum + "." + record.serial().getAsInt())
                : record.checksum();
        return new Occurrence(
                event,
                Optional.of(record.transaction()),
                Optional.of(record.target().toString()),
                deployment,
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                detail);
    }

    /** The same of one transaction. */
    public Occurrence within(String id) {
        return new Occurrence(event, Optional.of(id), target, deployment, image, error, errno, detail);
    }

    /** The same on the way to a target. */
    public Occurrence towards(Optional<String> where) {
        return new Occurrence(event, transaction, where, deployment, image, error, errno, detail);
    }

    /** The same of one deployment. */
    public Occurrence on(String id) {
        return new Occurrence(event, transaction, target, Optional.of(id), image, error, errno, detail);
    }

    /** The same of one image. */
    public Occurrence about(Image which) {
        return new Occurrence(event, transaction, target, deployment, Optional.of(which), error, errno, detail);
    }

    /** The same with the failure that it is about. */
    public Occurrence because(LockstepException failure) {
        return new Occurrence(
                event,
                transaction,
                target,
                deployment,
                image,
                Optional.of(failure.code().name()),
                failure.errno(),
                detail);
    }
}
