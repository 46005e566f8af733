package dev.lockstep.systemd.command;

import dev.lockstep.orchestrator.Reports;
import dev.lockstep.podman.disk.Sizes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Images as a person reads them: what is not here first. */
final class ImageTable {
    private static final int SHORT_DIGEST = "sha256:".length() + 12;
    private static final String INDENT = "  ";

    private ImageTable() {}

    /** A line an image. Where that is too wide for the terminal, digests and sizes are left out. */
    static String of(List<Reports.Image> images, OptionalInt columns) {
        if (images.isEmpty()) {
            return INDENT + "binds no images\n";
        }
        List<Reports.Image> sorted = new ArrayList<>(images);
        sorted.sort(Comparator.comparingInt(image -> isHere(image) ? 1 : 0));
        Table wide = new Table();
        Table narrow = new Table();
        for (Reports.Image image : sorted) {
            wide.row(
                    image.reference(),
                    image.digest().map(ImageTable::shortDigest).orElse("-"),
                    image.size() == 0 ? "-" : Sizes.text(image.size()),
                    state(image));
            narrow.row(image.reference(), state(image));
        }
        return count(images) + (wide.fits(INDENT, columns) ? wide : narrow).text(INDENT);
    }

    /** How many of them are in which state, when not all of them are here. */
    private static String count(List<Reports.Image> images) {
        if (images.stream().allMatch(ImageTable::isHere)) {
            return "";
        }
        Map<Reports.ImageState, Integer> numbers = new TreeMap<>();
        images.forEach(image -> numbers.merge(image.state(), 1, Integer::sum));
        List<String> parts = new ArrayList<>();
        numbers.forEach((state, number) -> parts.add(number + " " + word(state)));
        return INDENT + images.size() + (images.size() == 1 ? " image: " : " images: ") + String.join(", ", parts)
                + "\n";
    }

    private static boolean isHere(Reports.Image image) {
        return image.state() == Reports.ImageState.PRESENT;
    }

    private static String word(Reports.ImageState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static String state(Reports.Image image) {
        String mode = image.mode().equals("prefetch") ? " (prefetch)" : "";
        return word(image.state()) + mode + (image.detail().isEmpty() ? "" : ": " + image.detail());
    }

    static String shortDigest(String digest) {
        return digest.length() <= SHORT_DIGEST ? digest : digest.substring(0, SHORT_DIGEST);
    }
}
