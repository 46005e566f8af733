package dev.lockstep.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A service of an early boot has no locale, and Java's own file names then hold ASCII alone. */
final class LocaleTest {
    @TempDir
    Path temporary = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8", "POSIX"})
    void namesAreReadTheSameWhateverTheLocale(String locale) throws IOException {
        TestRoot.in(temporary)
                .bound("größe.image", "[Image]\nImage=quay.io/a:1\n")
                .foreignName(TestRoot.BOUND, ".image");
        ProcessBuilder command = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Reader.class.getName(),
                temporary.toString());
        command.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANGUAGE"));
        command.environment().put("LANG", locale);
        Process process = command.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output)
                .contains("/usr/share/containers/systemd/größe.image")
                .contains("quay.io/a")
                .contains("\\xff.image: has a name that is not UTF-8");
    }

    /** What the process of its own runs. */
    static final class Reader {
        private Reader() {}

        public static void main(String[] arguments) throws IOException {
            PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
            try (RootTree root = RootTree.open(Path.of(arguments[0]))) {
                BoundImages bound = BoundImages.of(root);
                bound.images().forEach(out::println);
                bound.problems().forEach(out::println);
            }
        }
    }
}
