package dev.lockstep.manifest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What the readers of one root have found so far: bindings in the order in which they were read, and problems. */
final class Findings {
    private static final String WRITE_REFERENCE = "write registry/repository:tag or registry/repository@sha256:…";
    private static final Comparator<Problem> BY_PLACE = Comparator.comparing(Problem::file)
            .thenComparingInt(problem -> problem.line().orElse(0))
            .thenComparing(Problem::code)
            .thenComparing(Problem::message);

    private final ShortNames shortNames;
    private final Set<Binding> bindings = new LinkedHashSet<>();
    private final Set<Problem> problems = new LinkedHashSet<>();

    /** For what has no root around it. */
    Findings() {
        this(ShortNames.unknown());
    }

    /**
     * Starts with nothing found.
     *
     * @param shortNames what the root makes of names without a registry
     */
    Findings(ShortNames shortNames) {
        this.shortNames = shortNames;
    }

    /** With nothing found, for what is told elsewhere. */
    Findings aside() {
        return new Findings(shortNames);
    }

    void bind(Binding binding) {
        bindings.add(binding);
    }

    void error(ProblemCode code, Place place, String message, String hint) {
        problems.add(Problem.error(code, place, message, hint));
    }

    void warning(ProblemCode code, Place place, String message, String hint) {
        problems.add(Problem.warning(code, place, message, hint));
    }

    /** Whether this very problem is told already. */
    boolean isTold(Problem problem) {
        return problems.contains(problem);
    }

    /** Reads a reference; empty when it is none, which is then told with what to write instead. */
    Optional<ImageReference> reference(String text, Place place) {
        try {
            return Optional.of(ImageReference.parse(text));
        } catch (ShortNameException e) {
            error(ProblemCode.IMAGE_REFERENCE, place, words(e), shortNames.advice(e));
        } catch (IllegalArgumentException e) {
            error(ProblemCode.IMAGE_REFERENCE, place, words(e), WRITE_REFERENCE);
        }
        return Optional.empty();
    }

    /** Takes over what the reader of one file told. */
    void tell(List<Problem> more) {
        problems.addAll(more);
    }

    /** What a failure says of itself. */
    static String words(Exception failure) {
        return Objects.requireNonNullElse(failure.getMessage(), failure.toString());
    }

    /** Every reference once; a contradiction between two places is one more problem. */
    BoundImages summary() {
        Map<ImageReference, List<Binding>> places = new LinkedHashMap<>();
        bindings.forEach(binding -> places.computeIfAbsent(binding.reference(), reference -> new ArrayList<>())
                .add(binding));
        List<BoundImage> images = new ArrayList<>();
        places.forEach((reference, all) -> images.add(merge(reference, all)));
        return new BoundImages(images, problems.stream().sorted(BY_PLACE).toList());
    }

    private BoundImage merge(ImageReference reference, List<Binding> all) {
        Optional<Binding> first =
                all.stream().filter(binding -> binding.pull().isPresent()).findFirst();
        first.ifPresent(decisive -> all.stream()
                .filter(binding -> binding.pull().isPresent())
                .filter(binding -> !fetches(binding).equals(fetches(decisive)))
                .forEach(other -> contradiction(decisive, other)));
        boolean bind = all.stream().anyMatch(binding -> binding.mode() == BoundImage.Mode.BIND);
        return new BoundImage(
                reference,
                bind ? BoundImage.Mode.BIND : BoundImage.Mode.PREFETCH,
                first.flatMap(Binding::pull).orElse(PullOptions.DEFAULT),
                all.stream().map(Binding::source).distinct().toList());
    }

    /** What is fetched; how often a failed pull is tried again is no part of it. */
    private static PullOptions fetches(Binding binding) {
        return binding.pull().orElse(PullOptions.DEFAULT).withoutTries();
    }

    private void contradiction(Binding first, Binding other) {
        error(
                ProblemCode.PULL_OPTIONS_DIFFER,
                Place.of(other.source().file(), other.source().line()),
                other.reference() + " is fetched with " + fetches(other) + " here, but with " + fetches(first) + " in "
                        + first.source().file() + ":" + first.source().line(),
                "give both the same options, or bind the image in one of them");
    }
}
