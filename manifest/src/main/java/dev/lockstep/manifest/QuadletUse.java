package dev.lockstep.manifest;

import dev.lockstep.manifest.PodmanWords.Word;
import dev.lockstep.manifest.UnitFile.Assignment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which stores a unit's command lines name. */
final class QuadletUse {
    private static final String ADDITIONAL = "additionalimagestore=";
    private static final Set<String> VARIABLES = Set.of(
            "STORAGE_OPTS", "STORAGE_DRIVER", "CONTAINERS_STORAGE_CONF", "CONTAINERS_CONF", "CONTAINERS_CONF_OVERRIDE");

    private QuadletUse() {}

    static ImageUse of(QuadletUnit unit, boolean primaryOnly, List<String> argv) {
        List<Word> words = new ArrayList<>(PodmanWords.globals(QuadletPull.globals(unit)));
        words.addAll(PodmanWords.run(
                unit.arguments("PodmanArgs").stream().map(Assignment::value).toList()));
        ImageUse.Stores stores = new ImageUse.Stores(
                last(words, "--root"), last(words, "--imagestore"), additional(words), environment(unit));
        return new ImageUse(Optional.of(unit.service() + ".service"), stores, primaryOnly, argv);
    }

    private static Optional<String> last(List<Word> words, String name) {
        return words.stream()
                .filter(word -> word.name().equals(name) && !word.value().isEmpty())
                .map(Word::value)
                .reduce((earlier, later) -> later);
    }

    private static List<String> additional(List<Word> words) {
        List<String> stores = new ArrayList<>();
        for (Word word : words) {
            if (word.name().equals("--storage-opt")) {
                for (String option : word.value().split(",", -1)) {
                    int equals = option.indexOf('=') + 1;
                    String name = option.substring(0, equals);
                    if (name.equals(ADDITIONAL) || name.endsWith("." + ADDITIONAL)) {
                        stores.add(option.substring(equals));
                    }
                }
            }
        }
        return stores;
    }

    private static List<String> environment(QuadletUnit unit) {
        return unit.all("Service", "Environment").stream()
                .flatMap(line -> ExecWords.arguments(line.value()).stream())
                .flatMap(List::stream)
                .filter(word -> VARIABLES.contains(word.substring(0, Math.max(0, word.indexOf('=')))))
                .toList();
    }
}
