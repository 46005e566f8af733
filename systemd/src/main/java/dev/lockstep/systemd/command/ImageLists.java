package dev.lockstep.systemd.command;

import dev.lockstep.manifest.BoundImage;
import dev.lockstep.manifest.BoundImages;
import dev.lockstep.manifest.ImageUse;
import dev.lockstep.manifest.Placement;
import dev.lockstep.manifest.Problem;
import dev.lockstep.manifest.PullOptions;
import dev.lockstep.systemd.json.JsonOutput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The forms of a bound set. */
final class ImageLists {
    private static final String SCHEMA = "dev.lockstep.images/v1";

    private ImageLists() {}

    static String table(BoundImages bound) {
        if (bound.images().isEmpty()) {
            return "This root binds no images.\n";
        }
        Table table = new Table().row("IMAGE", "MODE", "BOUND BY");
        for (BoundImage image : bound.images()) {
            BoundImage.Source first = image.sources().get(0);
            String more =
                    image.sources().size() > 1 ? " and " + (image.sources().size() - 1) + " more" : "";
            table.row(image.reference().toString(), mode(image), first.file() + ":" + first.line() + more);
        }
        return table.text("");
    }

    static String json(Path root, BoundImages bound) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("root", root.toString());
        document.put("images", bound.images().stream().map(ImageLists::image).toList());
        document.put(
                "problems", bound.problems().stream().map(ImageLists::problem).toList());
        return JsonOutput.text(SCHEMA, document);
    }

    private static Map<String, Object> image(BoundImage image) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("image", image.reference().toString());
        entry.put("mode", mode(image));
        entry.put("placement", placement(image));
        entry.put("digest", image.reference().digest());
        entry.put("sources", image.sources().stream().map(ImageLists::source).toList());
        entry.put("pull", pull(image.pull()));
        entry.put("argv", arguments(image));
        return entry;
    }

    private static Map<String, Object> source(BoundImage.Source source) {
        ImageUse use = source.use();
        Map<String, Object> stores = new LinkedHashMap<>();
        stores.put("graphRoot", use.stores().graphRoot());
        stores.put("imageStore", use.stores().imageStore());
        stores.put("additional", use.stores().additional());
        stores.put("environment", use.stores().environment());
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("file", source.file());
        entry.put("line", source.line());
        entry.put("kind", source.kind());
        entry.put("service", use.service());
        entry.put("stores", stores);
        entry.put("primaryOnly", use.primaryOnly());
        entry.put("placement", name(use.placement()));
        return entry;
    }

    private static Map<String, Object> pull(PullOptions options) {
        Map<String, Object> pull = new LinkedHashMap<>();
        pull.put("authFile", options.authFile());
        pull.put("tlsVerify", options.tlsVerify());
        pull.put("arch", options.architecture());
        pull.put("os", options.operatingSystem());
        pull.put("variant", options.variant());
        pull.put("certDir", options.certificateDirectory());
        pull.put("decryptionKey", options.decryptionKeyFile());
        pull.put("signaturePolicy", options.signaturePolicy());
        pull.put("retry", options.retries());
        pull.put("retryDelay", options.retryDelay());
        return pull;
    }

    /** A problem as every document has it. */
    static Map<String, Object> problem(Problem problem) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("severity", problem.severity());
        entry.put("code", problem.code());
        entry.put("file", problem.file());
        entry.put("line", problem.line());
        entry.put("key", problem.key());
        entry.put("message", problem.message());
        entry.put("hint", problem.hint());
        return entry;
    }

    /** Of several sources the one whose store is the hardest to bring the image to. */
    private static String placement(BoundImage image) {
        Set<Placement> places = image.sources().stream()
                .map(source -> source.use().placement())
                .collect(Collectors.toUnmodifiableSet());
        return name(
                places.contains(Placement.PRIMARY)
                        ? Placement.PRIMARY
                        : places.contains(Placement.BOOTC) ? Placement.BOOTC : Placement.LOCKSTEP);
    }

    private static String name(Placement placement) {
        return placement.name().toLowerCase(Locale.ROOT);
    }

    private static String mode(BoundImage image) {
        return image.mode().name().toLowerCase(Locale.ROOT);
    }

    static String pullCommands(BoundImages bound) {
        StringBuilder text = new StringBuilder();
        for (BoundImage image : bound.images()) {
            text.append(String.join(
                            " ",
                            ownArguments(image).stream().map(ImageLists::quoted).toList()))
                    .append('\n');
        }
        return text.toString();
    }

    /** The command line that Quadlet generates, when a unit does nothing but fetch the image; else one with the same options. */
    private static List<String> arguments(BoundImage image) {
        return image.sources().stream()
                .map(source -> source.use().argv())
                .filter(argv -> !argv.isEmpty())
                .findFirst()
                .orElseGet(() -> ownArguments(image));
    }

    /** The words with which podman pulls as we do; the files are those of the root. */
    private static List<String> ownArguments(BoundImage image) {
        PullOptions options = image.pull();
        List<String> words = new ArrayList<>(List.of("podman", isArtifact(image) ? "artifact" : "image", "pull"));
        add(words, "--authfile", options.authFile());
        add(words, "--tls-verify", options.tlsVerify());
        add(words, "--arch", options.architecture());
        add(words, "--os", options.operatingSystem());
        add(words, "--variant", options.variant());
        add(words, "--cert-dir", options.certificateDirectory());
        add(words, "--creds", options.credentials());
        add(words, "--decryption-key", options.decryptionKeyFile());
        add(words, "--signature-policy", options.signaturePolicy());
        words.add(image.reference().toString());
        return words;
    }

    private static boolean isArtifact(BoundImage image) {
        return image.sources().stream().allMatch(source -> source.kind() == BoundImage.Kind.ARTIFACT);
    }

    private static void add(List<String> words, String option, Optional<?> value) {
        value.ifPresent(given -> words.add(option + "=" + given));
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
