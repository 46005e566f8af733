package dev.lockstep.manifest;

import dev.lockstep.manifest.BoundImage.Kind;
import dev.lockstep.manifest.QuadletService.Named;
import dev.lockstep.manifest.UnitFile.Assignment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What we say that Quadlet makes of a root, in the words in which the real one is recorded: lines of text for each unit, by its name. */
final class QuadletVerdicts {
    private static final Map<String, String> FLAGS =
            new TreeMap<>(Map.of("Pull", "--pull", "Retry", "--retry", "RetryDelay", "--retry-delay"));

    private QuadletVerdicts() {}

    /** Lines for each unit: {@code rejected}, or the service and what it fetches and mounts. */
    static Map<String, List<String>> of(Path directory, QuadletVersion version) throws IOException {
        try (RootTree root = RootTree.open(directory)) {
            QuadletRoot quadlet = QuadletRoot.read(root, version);
            QuadletServices services = new QuadletServices(quadlet);
            Map<String, List<String>> verdicts = new TreeMap<>();
            quadlet.units().forEach(unit -> {
                verdicts.put(unit.name(), verdict(services, unit));
                quadlet.problems(unit.path()).forEach(problem -> verdicts.put(problem.file(), List.of("unreadable")));
            });
            quadlet.lost().forEach(problem -> verdicts.put(problem.file(), List.of("unreadable")));
            return verdicts;
        }
    }

    /** The verdict on a root of which the generator dies: that of a unit that we reject for this. */
    static Map<String, List<String>> ofDying(Path directory, QuadletVersion version) throws IOException {
        try (RootTree root = RootTree.open(directory)) {
            QuadletRoot quadlet = QuadletRoot.read(root, version);
            QuadletServices services = new QuadletServices(quadlet);
            boolean dies = quadlet.units().stream()
                    .flatMap(unit -> services.of(unit).rejections().stream())
                    .anyMatch(problem -> problem.message().contains("dies"));
            return dies ? Map.of("", List.of("panic")) : of(directory, version);
        }
    }

    private static List<String> verdict(QuadletServices services, QuadletUnit unit) {
        QuadletService service = services.of(unit);
        if (service.isRejected()) {
            return List.of("rejected");
        }
        List<String> lines = new ArrayList<>(List.of("service " + unit.service()));
        switch (unit.type()) {
            case IMAGE, ARTIFACT -> pull(unit, service.images().getFirst(), lines);
            case CONTAINER -> container(unit, service, lines);
            case VOLUME -> service.images().forEach(image -> lines.add("image " + image.text()));
            case KUBE -> service.manifests().forEach(yaml -> lines.add("yaml " + yaml.value()));
            case BUILD -> unit.all("ImageTag").forEach(tag -> lines.add("tag " + tag.value()));
            case NETWORK, POD -> {}
        }
        return lines;
    }

    private static void pull(QuadletUnit unit, Named target, List<String> lines) {
        QuadletPull pull = QuadletPull.of(unit, target);
        lines.add((unit.type() == QuadletType.ARTIFACT ? "artifact " : "image ") + target.text());
        pull.globals().forEach(word -> lines.add("global " + word));
        List<String> flags = new ArrayList<>();
        pull.options().forEach((option, value) -> flags.add("flag " + option + " " + value));
        pull.switches().forEach(option -> flags.add("flag " + option));
        flags.sort(null);
        lines.addAll(flags);
        pull.words().forEach(word -> lines.add("word " + word));
    }

    private static void container(QuadletUnit unit, QuadletService service, List<String> lines) {
        List<Named> own = service.images().stream()
                .filter(image -> image.kind() == Kind.CONTAINER)
                .toList();
        // An image whose unit is rejected has no name, and Quadlet takes the container for one without an image.
        boolean hasImage = own.stream().anyMatch(image -> !image.text().isEmpty());
        lines.add(
                hasImage
                        ? "image " + own.getFirst().text()
                        : "rootfs " + unit.last("Rootfs").map(Assignment::value).orElse(""));
        service.images().stream()
                .filter(image -> image.kind() != Kind.CONTAINER)
                .forEach(image ->
                        lines.add("mount " + (image.kind() == Kind.ARTIFACT ? "artifact " : "image ") + image.text()));
        FLAGS.forEach((key, flag) -> unit.value(key).ifPresent(at -> lines.add("flag " + flag + " " + at.value())));
        QuadletPull.globals(unit).forEach(word -> lines.add("global " + word));
    }
}
