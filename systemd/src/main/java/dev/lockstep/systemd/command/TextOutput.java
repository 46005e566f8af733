package dev.lockstep.systemd.command;

import dev.lockstep.orchestrator.Reports;
import dev.lockstep.podman.PullPlan;
import dev.lockstep.podman.disk.Sizes;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** Answers as a person reads them. */
final class TextOutput {
    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private static final int SHORT_CHECKSUM = 10;

    private TextOutput() {}

    static String outcome(Reports.Outcome outcome) {
        StringBuilder text = new StringBuilder(outcome.summary()).append('\n');
        if (!outcome.images().isEmpty()) {
            text.append('\n')
                    .append(images(
                            outcome.images(),
                            outcome.fetched(),
                            outcome.repaired(),
                            outcome.programs(),
                            outcome.programMillis()));
        }
        outcome.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
        return text.toString();
    }

    static String pulled(Reports.Pulled pulled) {
        return pulled.summary() + "\n\n"
                + images(
                        pulled.images(),
                        pulled.fetched(),
                        pulled.repaired(),
                        pulled.programs(),
                        pulled.programMillis());
    }

    private static String images(List<Reports.Image> images, int fetched, int repaired, int programs, long millis) {
        return ImageTable.of(images, OptionalInt.empty())
                + String.format(
                        Locale.ROOT,
                        "%n  %d fetched, %d repaired, %d present before; %d programs took %.1f s%n",
                        fetched,
                        repaired,
                        images.size() - fetched - repaired,
                        programs,
                        millis / 1000.0);
    }

    static String verification(Reports.Verification verification) {
        String sentence = verification.deployments().isEmpty()
                ? "Nothing is deployed yet."
                : verification.whole()
                        ? "Every image of the deployment that boots next is whole."
                        : "The deployment that boots next lacks an image or has a damaged one; 'lockstep upgrade' to its target mends it.";
        return sentence
                + (verification.deep() ? " Contents were recomputed.\n\n" : "\n\n")
                + StatusText.deployments(verification.deployments(), Optional.empty(), OptionalInt.empty());
    }

    static String check(Reports.Check check) {
        String what = check.target() + "\n  is   " + check.digest() + "\n  here "
                + check.current().orElse("(another origin)") + "\n";
        Reports.Plan plan = check.plan();
        StringBuilder text = new StringBuilder(check.available() ? "There is something new: " : "Nothing new: ")
                .append(what)
                .append("\n  ")
                .append(PullPlan.text(
                        plan.images(),
                        plan.present(),
                        plan.layers(),
                        plan.bytesToFetch(),
                        plan.bytesNeeded(),
                        plan.bytesFree()))
                .append('\n');
        plan.notCounted()
                .forEach(part -> text.append("  not counted: ").append(part).append('\n'));
        return text.toString();
    }

    static String binding(Reports.Binding binding) {
        Table table = new Table();
        binding.tags().forEach(tag -> table.row(tag.reference(), ImageTable.shortDigest(tag.digest())));
        int count = binding.tags().size();
        return "Bound: " + count + (count == 1 ? " tag means the image of " : " tags mean the images of ")
                + binding.deployment() + "; " + binding.changed() + " changed.\n\n" + table.text("  ");
    }

    static String collection(Reports.Collection collection) {
        Table table = new Table();
        for (Reports.Collected image : collection.images()) {
            String name = image.names().isEmpty() ? "(no name)" : image.names().get(0);
            table.row(ImageTable.shortDigest(image.image()), Sizes.text(image.bytes()), name);
        }
        StringBuilder text = new StringBuilder(collection.summary()).append('\n');
        if (!collection.images().isEmpty()) {
            text.append('\n').append(table.text("  "));
        }
        collection.notes().forEach(note -> text.append(note).append('\n'));
        return text.toString();
    }

    static String boots(List<Boots.Boot> boots) {
        if (boots.isEmpty()) {
            return "";
        }
        Table table = new Table();
        for (Boots.Boot boot : boots) {
            table.row(
                    boot.first().map(TIME::format).orElse("-"),
                    boot.last().map(TIME::format).orElse("-"),
                    boot.deployment().map(TextOutput::shortDeployment).orElse("unknown"),
                    boot.id());
        }
        return "\nBoots, from when to when, and the deployment that ran:\n" + table.text("  ");
    }

    /** As the other commands show it: {@code CHECKSUM.SERIAL} with the first digits of the checksum. */
    private static String shortDeployment(String id) {
        int dot = id.indexOf('.');
        return dot < SHORT_CHECKSUM ? id : id.substring(0, SHORT_CHECKSUM) + id.substring(dot);
    }

    static String history(List<Reports.HistoryEntry> entries) {
        if (entries.isEmpty()) {
            return "Nothing has happened yet.\n";
        }
        Table table = new Table();
        for (Reports.HistoryEntry entry : entries) {
            table.row(
                    TIME.format(entry.time()),
                    entry.event(),
                    entry.target().orElse("-"),
                    entry.detail().lines().findFirst().orElse(""));
        }
        return table.text("");
    }
}
