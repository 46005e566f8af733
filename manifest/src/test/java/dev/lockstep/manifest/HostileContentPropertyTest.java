package dev.lockstep.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever a root's files hold, reading it is a value. */
final class HostileContentPropertyTest {
    private static final List<String> FILES = List.of(
            "usr/share/containers/systemd/a.image",
            "usr/share/containers/systemd/a.container",
            "usr/share/containers/systemd/a.container.d/x.conf",
            "usr/lib/lockstep/bound-images/a.toml");

    private static Path directory = Path.of("");

    @BeforeContainer
    static void makeRoot() throws IOException {
        directory = Files.createTempDirectory("hostile");
        for (String type : List.of("image", "container")) {
            TestRoot.bare(directory).bound("a." + type, "").link(TestRoot.BOOTC + "/a." + type, "/usr/share/a");
        }
    }

    @AfterContainer
    static void removeRoot() throws IOException {
        TestRoot.run("rm", "-rf", directory.toString());
    }

    @Property(tries = 400)
    void readingNeverThrows(@ForAll("contents") byte[] content) throws IOException {
        for (String file : FILES) {
            Path place = directory.resolve(file);
            Files.createDirectories(directory.resolve("usr/lib/lockstep/bound-images"));
            Files.createDirectories(directory.resolve("usr/share/containers/systemd/a.container.d"));
            Files.write(place, content);
        }
        BoundImages bound = TestRoot.bare(directory).read();
        assertThat(bound.problems()).allSatisfy(problem -> {
            assertThat(problem.toString()).isNotBlank().doesNotContain("\u001b");
            assertThat(problem.hint()).isNotBlank();
        });
    }

    @Provide
    Arbitrary<byte[]> contents() {
        Arbitrary<String> lines = Arbitraries.of(
                "[Image]",
                "[Container]",
                "[[image]]",
                "[image",
                "Image=quay.io/a",
                "Image=a.image",
                "Image=%",
                "Image=$",
                "Image=\"",
                "image = \"quay.io/a\"",
                "image = '''",
                "mode = \"bind\"",
                "retry = 99999999999999999999",
                "retry-delay = \"1e9h\"",
                "RetryDelay=999999999h",
                "a.b = {c = [",
                "/\u001aq",
                "[ddd##'\u000b\t",
                "Exec=\\",
                "\u001b[31m=x",
                "TLSVerify");
        return Arbitraries.oneOf(
                Arbitraries.bytes().array(byte[].class).ofMaxSize(300),
                lines.list().ofMaxSize(12).map(some -> String.join("\n", some).getBytes(StandardCharsets.UTF_8)),
                Arbitraries.strings()
                        .ofMaxLength(100)
                        .map(text -> ("[Image]\nImage=" + text).getBytes(StandardCharsets.UTF_8)));
    }
}
