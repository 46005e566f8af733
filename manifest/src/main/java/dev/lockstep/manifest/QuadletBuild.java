package dev.lockstep.manifest;

import dev.lockstep.manifest.BoundImage.Kind;
import dev.lockstep.manifest.BoundImage.Mode;
import dev.lockstep.manifest.BoundImage.Source;
import dev.lockstep.manifest.Containerfile.Instruction;
import dev.lockstep.manifest.UnitFile.Assignment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Binds the images that {@code .build} units build from: podman looks for these locally before it asks a registry. */
final class QuadletBuild {
    private static final int MOST_STAGES = 500;
    private static final String HINT = "build the image beforehand and name it by its reference";
    /** Options that change what is built, or from what. */
    private static final Set<String> ELSEWHERE =
            Set.of("--build-arg-file", "--build-context", "--file", "-f", "--from", "--target");

    private final RootTree root;
    private final QuadletRoot quadlet;
    private final Specifiers specifiers;
    private final Findings findings;
    private final Set<String> seen = new HashSet<>();

    QuadletBuild(RootTree root, QuadletRoot quadlet, Specifiers specifiers, Findings findings) {
        this.root = root;
        this.quadlet = quadlet;
        this.specifiers = specifiers;
        this.findings = findings;
    }

    /** Binds what a unit needs, and what those units need whose images it builds from. */
    void bind(QuadletUnit first, Mode mode) {
        List<QuadletUnit> ahead = new ArrayList<>(List.of(first));
        while (!ahead.isEmpty()) {
            QuadletUnit unit = ahead.removeFirst();
            if (seen.add(unit.path())) {
                QuadletValues values = new QuadletValues(unit, specifiers, findings);
                tellArguments(values);
                new BuildFile(root, values, findings).path().ifPresent(path -> ahead.addAll(bind(values, path, mode)));
            }
        }
    }

    private void tellArguments(QuadletValues values) {
        List<Assignment> arguments = values.unit().arguments("PodmanArgs");
        PodmanWords.build(arguments.stream().map(Assignment::value).toList()).stream()
                .filter(word -> word.isOperand() || ELSEWHERE.contains(word.name()))
                .findFirst()
                .ifPresent(word -> values.error(
                        ProblemCode.QUADLET_ARGUMENT,
                        arguments.getFirst(),
                        "has " + OptionValues.quoted(word.isOperand() ? word.value() : word.name())
                                + ", which changes what is built from",
                        "use the keys of [Build], and write other options as --option=value"));
    }

    private List<QuadletUnit> bind(QuadletValues values, String path, Mode mode) {
        Optional<byte[]> bytes = new QuadletFiles(root, findings).bytes(path);
        if (bytes.isEmpty()) {
            return List.of();
        }
        List<Instruction> instructions = Containerfile.parse(new String(bytes.get(), StandardCharsets.UTF_8));
        long stages = instructions.stream()
                .filter(instruction -> instruction.keyword().equals("FROM"))
                .count();
        if (stages == 0 || stages > MOST_STAGES) {
            findings.error(
                    ProblemCode.QUADLET_BUILD,
                    Place.of(path),
                    stages == 0 ? "has no FROM" : "has more than " + MOST_STAGES + " stages",
                    HINT);
            return List.of();
        }
        Optional<String> target = values.unit().value("Target").flatMap(values::expanded);
        List<QuadletUnit> others = new ArrayList<>();
        for (BuildStages.Image image : BuildStages.images(instructions, given(values), target)) {
            others.addAll(bind(values, path, image, mode));
        }
        return others;
    }

    /** Binds one image, unless another unit builds it: then that one is returned. */
    private List<QuadletUnit> bind(QuadletValues values, String path, BuildStages.Image image, Mode mode) {
        Place place = Place.of(path, image.at().line(), image.at().keyword());
        if (image.unknown().isPresent()) {
            findings.error(
                    ProblemCode.QUADLET_BUILD,
                    place,
                    OptionValues.quoted(image.unknown().get()) + " has no value before the host builds",
                    "give it a default with ARG before the first FROM, or a value with BuildArg=");
            return List.of();
        }
        Optional<ImageReference> reference = findings.reference(image.text(), place);
        if (reference.isEmpty()) {
            return List.of();
        }
        List<QuadletUnit> builders = builders(reference.get());
        if (!builders.isEmpty()) {
            return builders;
        }
        if (reference.get().name().startsWith("localhost/")) {
            findings.error(
                    ProblemCode.QUADLET_BUILD,
                    place,
                    reference.get() + " is in no registry and no unit builds it",
                    HINT);
            return List.of();
        }
        findings.bind(new Binding(
                reference.get(),
                mode,
                Optional.of(new QuadletOptions(values).ofBuild(reference.get(), image.platform())),
                new Source(
                        path,
                        image.at().line(),
                        Kind.BUILD,
                        QuadletUse.of(values.unit(), image.isMounted(), List.of()))));
        return List.of();
    }

    private List<QuadletUnit> builders(ImageReference reference) {
        return quadlet.units().stream()
                .filter(unit -> unit.type() == QuadletType.BUILD)
                .filter(unit -> unit.all("ImageTag").stream().anyMatch(tag -> means(tag.value(), reference)))
                .toList();
    }

    private static boolean means(String tag, ImageReference reference) {
        try {
            return ImageReference.parse(tag).equals(reference);
        } catch (IllegalArgumentException e) {
            // A tag that is none in this form is the name of nothing that others build from.
            return false;
        }
    }

    /** Build arguments with a value; one without takes it from the environment, where it has none. */
    private static Map<String, String> given(QuadletValues values) {
        QuadletUnit unit = values.unit();
        List<Assignment> words = new ArrayList<>(unit.words(unit.type().section(), "BuildArg"));
        List<Assignment> arguments = unit.arguments("PodmanArgs");
        PodmanWords.build(arguments.stream().map(Assignment::value).toList()).stream()
                .filter(word -> word.name().equals("--build-arg"))
                .forEach(word -> words.add(arguments.getFirst().with(word.value())));
        Map<String, String> given = new HashMap<>();
        for (Assignment word : words) {
            values.expanded(word)
                    .filter(text -> text.indexOf('=') > 0)
                    .ifPresent(text ->
                            given.put(text.substring(0, text.indexOf('=')), text.substring(text.indexOf('=') + 1)));
        }
        return given;
    }
}
