package dev.lockstep.manifest;

import dev.lockstep.manifest.Containerfile.Instruction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The images that a build needs: those of {@code FROM}, {@code COPY --from} and {@code RUN --mount=from=} in the stages that its target is made
 * of. podman leaves out the other stages.
 */
final class BuildStages {
    private static final Pattern INDEX = Pattern.compile("[0-9]{1,6}");
    private static final Set<String> BUILT_IN = Set.of("$TARGETPLATFORM", "$BUILDPLATFORM");

    private final BuildArguments arguments;
    private final List<Stage> stages = new ArrayList<>();
    private final Set<Image> images = new LinkedHashSet<>();
    private final Set<Integer> needed = new HashSet<>();

    private BuildStages(Map<String, String> given) {
        this.arguments = new BuildArguments(given);
    }

    /**
     * An image that the build takes from somewhere else.
     *
     * @param text the reference, with the values of its variables
     * @param unknown the first variable that has none: then there is no reference
     * @param platform {@code os/arch[/variant]}; empty is that of the build
     * @param isMounted whether it is mounted while a command runs
     */
    record Image(String text, Optional<String> unknown, Optional<String> platform, boolean isMounted, Instruction at) {}

    private record Stage(Optional<String> name, Image base, List<Instruction> instructions) {}

    /**
     * Finds them, each once, in the order in which the build needs them.
     *
     * @param given values of build arguments
     * @param target the name or number of the stage to build; empty is the last
     */
    static List<Image> images(List<Instruction> instructions, Map<String, String> given, Optional<String> target) {
        BuildStages build = new BuildStages(given);
        build.split(instructions);
        int last = build.stages.size() - 1;
        build.need(target.map(name -> build.index(name, last + 1)).orElse(last));
        return List.copyOf(build.images);
    }

    private void split(List<Instruction> instructions) {
        for (Instruction instruction : instructions) {
            if (instruction.keyword().equals("FROM")) {
                stages.add(stage(instruction));
            } else if (!stages.isEmpty()) {
                stages.getLast().instructions().add(instruction);
            } else if (instruction.keyword().equals("ARG")) {
                for (String declaration : instruction.arguments().split("\\s+")) {
                    arguments.declare(declaration);
                }
            }
        }
    }

    private Stage stage(Instruction from) {
        List<String> words = new ArrayList<>(List.of(from.arguments().split("\\s+")));
        Optional<String> platform = Optional.empty();
        while (!words.isEmpty() && words.getFirst().startsWith("--")) {
            String option = words.removeFirst();
            if (option.startsWith("--platform=")) {
                platform = Optional.of(option.substring("--platform=".length()));
            }
        }
        boolean isNamed = words.size() == 3 && words.get(1).equalsIgnoreCase("AS");
        Optional<String> name = isNamed ? Optional.of(words.get(2).toLowerCase(Locale.ROOT)) : Optional.empty();
        return new Stage(name, image(words.isEmpty() ? "" : words.getFirst(), platform, from), new ArrayList<>());
    }

    private Image image(String text, Optional<String> platform, Instruction at) {
        Optional<String> wanted = platform.filter(value -> !BUILT_IN.contains(value.replaceAll("[{}]", "")));
        List<String> known = new ArrayList<>();
        Optional<String> unknown = Optional.empty();
        for (String part : List.of(text, wanted.orElse(""))) {
            switch (arguments.expand(part)) {
                case BuildArguments.Text expanded -> known.add(expanded.value());
                case BuildArguments.Unknown variable -> {
                    known.add("");
                    unknown = unknown.or(() -> Optional.of(variable.variable()));
                }
            }
        }
        return new Image(known.get(0), unknown, Optional.of(known.get(1)).filter(value -> !value.isEmpty()), false, at);
    }

    /** The stage that a name means to those before the limit; -1 when it means none. */
    private int index(String name, int limit) {
        for (int i = limit - 1; i >= 0; i--) {
            if (stages.get(i).name().equals(Optional.of(name.toLowerCase(Locale.ROOT)))) {
                return i;
            }
        }
        boolean isNumber = INDEX.matcher(name).matches() && Integer.parseInt(name) < limit;
        return isNumber ? Integer.parseInt(name) : -1;
    }

    private void need(int index) {
        if (index < 0 || !needed.add(index)) {
            return;
        }
        Stage stage = stages.get(index);
        take(stage.base(), index);
        for (Instruction instruction : stage.instructions()) {
            switch (instruction.keyword()) {
                case "COPY", "ADD" -> options(instruction, "--from=").forEach(name -> take(name, instruction, index));
                case "RUN" -> options(instruction, "--mount=").forEach(fields -> mount(fields, instruction, index));
                default -> {}
            }
        }
    }

    /** The values of an option, which stands before all else in an instruction. */
    private static List<String> options(Instruction instruction, String option) {
        List<String> values = new ArrayList<>();
        for (String word : instruction.arguments().split("\\s+")) {
            if (!word.startsWith("--")) {
                break;
            }
            if (word.startsWith(option)) {
                values.add(word.substring(option.length()));
            }
        }
        return values;
    }

    private void mount(String fields, Instruction at, int index) {
        for (String field : fields.split(",", -1)) {
            if (field.startsWith("from=")) {
                Image image = image(field.substring("from=".length()), Optional.empty(), at);
                take(new Image(image.text(), image.unknown(), Optional.empty(), true, at), index);
            }
        }
    }

    private void take(String name, Instruction at, int index) {
        take(image(name, Optional.empty(), at), index);
    }

    /** A name is that of an earlier stage, or an image. */
    private void take(Image image, int index) {
        int earlier = image.unknown().isEmpty() ? index(image.text(), index) : -1;
        if (earlier >= 0) {
            need(earlier);
        } else if (!image.text().equals("scratch")) {
            images.add(image);
        }
    }
}
