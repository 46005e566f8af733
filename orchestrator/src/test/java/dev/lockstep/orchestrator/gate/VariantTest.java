package dev.lockstep.orchestrator.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VariantTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {0, 60, 300, 70_000})
    void whatGlibWroteIsRead(int filling) throws Exception {
        String filler = "x".repeat(filling);
        byte[] bytes = byGlib(
                "s='text \\u00fc'",
                "yes=true",
                "no=false",
                "u=uint32 4294967295",
                "texts=['one', '', '" + filler + "']",
                "none=@as []",
                "inner={'name': <'deep'>, 'deeper': <{'u': <uint32 7>, 'empty': <@a{sv} {}>}>}",
                "other=(1, 'a', [(uint64 5, 'b')])",
                "path=@o '/a/b'");

        assertThat(Variant.parse(bytes).entries())
                .containsEntry("s", new Variant.Text("text ü"))
                .containsEntry("yes", new Variant.Bool(true))
                .containsEntry("no", new Variant.Bool(false))
                .containsEntry("u", new Variant.Unsigned(4294967295L))
                .containsEntry("texts", new Variant.Texts(List.of("one", "", filler)))
                .containsEntry("none", new Variant.Texts(List.of()))
                .containsEntry(
                        "inner",
                        new Variant.Dictionary(Map.of(
                                "name",
                                new Variant.Text("deep"),
                                "deeper",
                                new Variant.Dictionary(Map.of(
                                        "u", new Variant.Unsigned(7), "empty", new Variant.Dictionary(Map.of()))))))
                .containsEntry("other", new Variant.Opaque("(isa(ts))"))
                .containsEntry("path", new Variant.Opaque("o"));
    }

    /** The metadata of a commit is an a{sv}, the first member of a tuple whose last bytes say where it ends. */
    private byte[] byGlib(String... metadata) throws Exception {
        Path repo = directory.resolve("repo");
        Path tree = Files.createDirectory(directory.resolve("tree"));
        run("ostree", "--repo=" + repo, "init", "--mode=archive");
        run(Stream.concat(
                        Stream.of("ostree", "--repo=" + repo, "commit", "--branch=a", "--tree=dir=" + tree),
                        Stream.of(metadata).map(one -> "--add-metadata=" + one))
                .toArray(String[]::new));
        Path object;
        try (Stream<Path> files = Files.walk(repo.resolve("objects"))) {
            object = files.filter(file -> file.toString().endsWith(".commit"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] commit = Files.readAllBytes(object);
        int width = commit.length <= 0xFF ? 1 : commit.length <= 0xFFFF ? 2 : 4;
        int end = 0;
        for (int index = 1; index <= width; index++) {
            end = (end << 8) | Byte.toUnsignedInt(commit[commit.length - index]);
        }
        return Arrays.copyOf(commit, end);
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(List.of(command).toString()).isZero();
    }

    @Test
    void noBytesAreAnEmptyDictionary() throws Exception {
        assertThat(Variant.parse(new byte[0]).entries()).isEmpty();
    }

    @Test
    void whatIsMalformedIsToldWithItsPlace() {
        byte[] bytes = VariantEncoder.dictionary(Map.of("locked", new Variant.Bool(true)));
        bytes[8] = 2;

        assertThatThrownBy(() -> Variant.parse(bytes))
                .isInstanceOfSatisfying(
                        VariantException.class, e -> assertThat(e.offset()).isEqualTo(8))
                .hasMessage("at byte 8: a boolean is not one byte 0 or 1");
    }

    @Test
    void aDictionaryThatIsEndlesslyDeepIsRefused() {
        Variant deep = new Variant.Dictionary(Map.of());
        for (int level = 0; level < 70; level++) {
            deep = new Variant.Dictionary(Map.of("a", deep));
        }
        byte[] bytes = VariantEncoder.dictionary(Map.of("a", deep));

        assertThatThrownBy(() -> Variant.parse(bytes))
                .isInstanceOf(VariantException.class)
                .hasMessageContaining("deep");
    }
}
