package dev.lockstep.systemd.journal;

import dev.lockstep.orchestrator.Occurrence;
import java.util.Optional;

/** Makes entries of what is told. */
final class Entries {

    private Entries() {}

    /**
     * The entry of something that happened.
     *
     * @param step that was under way
     * @param transaction that was under way, for what does not name its own
     */
    static JournalEntry of(Occurrence occurrence, Optional<String> step, Optional<String> transaction) {
        Message message = Message.of(occurrence.event());
        JournalEntry entry = new JournalEntry(message.priority(), text(message, occurrence))
                .with("MESSAGE_ID", message.id())
                .with("LOCKSTEP_EVENT", occurrence.event().label())
                .with("LOCKSTEP_TRANSACTION", occurrence.transaction().or(() -> transaction))
                .with("LOCKSTEP_STEP", step)
                .with("LOCKSTEP_TARGET", occurrence.target())
                .with("LOCKSTEP_DEPLOYMENT", occurrence.deployment())
                .with("LOCKSTEP_ERROR", occurrence.error());
        occurrence.image().ifPresent(image -> {
            entry.with("LOCKSTEP_IMAGE", image.reference()).with("LOCKSTEP_DIGEST", image.digest());
            image.bytes().ifPresent(bytes -> entry.with("LOCKSTEP_BYTES", String.valueOf(bytes)));
        });
        occurrence.errno().ifPresent(entry::because);
        CodePlace.ofEvent().ifPresent(place -> place.addTo(entry));
        return entry;
    }

    private static String text(Message message, Occurrence occurrence) {
        StringBuilder text = new StringBuilder(message.lead());
        occurrence.target().ifPresent(target -> text.append(": ").append(target));
        occurrence
                .image()
                .ifPresent(image ->
                        text.append(": ").append(image.reference()).append(", ").append(image.digest()));
        if (!occurrence.detail().isEmpty()) {
            text.append(": ").append(occurrence.detail());
        }
        return text.toString();
    }
}
