package dev.lockstep.manifest;

import dev.lockstep.manifest.UnitFile.Assignment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The command line of an {@code .image} or {@code .artifact} unit, in a fixed order: Quadlet's own is random within the options.
 *
 * @param globals words before the command, {@code --module} first
 * @param options name and value, by name
 * @param switches such as {@code --all-tags} or {@code --tls-verify=false}
 * @param words of {@code PodmanArgs=}
 * @param target what is fetched
 */
record QuadletPull(
        List<String> globals,
        Map<String, String> options,
        List<String> switches,
        List<String> words,
        QuadletService.Named target) {

    private static final Map<String, String> OPTIONS = ordered(
            "Arch", "--arch",
            "AuthFile", "--authfile",
            "CertDir", "--cert-dir",
            "Creds", "--creds",
            "DecryptionKey", "--decryption-key",
            "OS", "--os",
            "Policy", "--policy",
            "Retry", "--retry",
            "RetryDelay", "--retry-delay",
            "Variant", "--variant");
    private static final Map<String, String> SWITCHES =
            ordered("AllTags", "--all-tags", "Quiet", "--quiet", "TLSVerify", "--tls-verify");

    private static Map<String, String> ordered(String... keysAndValues) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    static QuadletPull of(QuadletUnit unit, QuadletService.Named target) {
        Map<String, String> options = new LinkedHashMap<>();
        OPTIONS.forEach((key, option) -> unit.value(key).ifPresent(at -> options.put(option, at.value())));
        List<String> switches = new ArrayList<>();
        SWITCHES.forEach(
                (key, option) -> unit.flag(key).ifPresent(set -> switches.add(set ? option : option + "=false")));
        return new QuadletPull(globals(unit), options, switches, values(unit.arguments("PodmanArgs")), target);
    }

    /** The words before the command of every command line of a unit. */
    static List<String> globals(QuadletUnit unit) {
        List<String> globals = new ArrayList<>();
        unit.all("ContainersConfModule").forEach(module -> globals.add("--module=" + module.value()));
        globals.addAll(values(unit.arguments("GlobalArgs")));
        return globals;
    }

    private static List<String> values(List<Assignment> words) {
        return words.stream().map(Assignment::value).toList();
    }

    /** All words, without secrets. */
    List<String> shown() {
        List<String> all = new ArrayList<>(List.of("podman"));
        all.addAll(globals);
        all.addAll(List.of(target.kind() == BoundImage.Kind.ARTIFACT ? "artifact" : "image", "pull"));
        options.forEach((option, value) -> all.addAll(List.of(option, value)));
        all.addAll(switches);
        all.addAll(words);
        all.add(target.text());
        return PodmanWords.withoutSecrets(all);
    }
}
