package dev.lockstep.manifest;

import static dev.lockstep.manifest.Told.images;
import static dev.lockstep.manifest.Told.onlyImage;
import static dev.lockstep.manifest.Told.places;
import static dev.lockstep.manifest.Told.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.manifest.BoundImage.Kind;
import dev.lockstep.manifest.BoundImage.Mode;
import dev.lockstep.manifest.BoundImage.Source;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The {@code bound-images/*.toml} files. */
final class TomlBindingTest {
    private static final String OURS = "/usr/lib/lockstep/bound-images";
    private static final String BOOTCS = "/usr/lib/bootc/bound-images";

    @TempDir
    Path temporary = Path.of("");

    private TestRoot root = TestRoot.bare(temporary);

    @BeforeEach
    void freshRoot() {
        root = TestRoot.in(temporary);
    }

    private static String table(String image) {
        return "[[image]]\nimage = \"" + image + "\"\n";
    }

    @Test
    void aTableIsBoundWithAllThatItSays() {
        BoundImage image = onlyImage(root.file(OURS + "/app.toml", """
                # the app
                [[image]]
                image = "quay.io/org/app:1"
                mode = "prefetch"
                auth-file = "/etc/auth.json"
                tls-verify = false
                arch = "arm64"
                os = "linux"
                variant = "v8"
                cert-dir = "/etc/certs"
                decryption-key = "/etc/key:pass"
                signature-policy = "/etc/policy.json"
                retry = 5
                retry-delay = "5s"
                """).read());
        assertThat(image.reference()).hasToString("quay.io/org/app:1");
        assertThat(image.mode()).isEqualTo(Mode.PREFETCH);
        assertThat(image.sources()).containsExactly(new Source(OURS + "/app.toml", 3, Kind.TOML));
        assertThat(image.pull())
                .isEqualTo(new PullOptions(
                        Optional.of("/etc/auth.json"),
                        Optional.of(false),
                        Optional.of("arm64"),
                        Optional.of("linux"),
                        Optional.of("v8"),
                        Optional.of("/etc/certs"),
                        Optional.of("/etc/key:pass"),
                        Optional.of("/etc/policy.json"),
                        OptionalInt.of(5),
                        Optional.of(Duration.ofSeconds(5)),
                        Optional.empty()));
    }

    @Test
    void directoriesAreReadInAFixedOrderAfterTheLinks() {
        root.file("/etc/bootc/bound-images/z.toml", table("quay.io/etc/bootc"))
                .file("/etc/lockstep/bound-images/z.toml", table("quay.io/etc/lockstep"))
                .file(OURS + "/b.toml", table("quay.io/usr/b"))
                .file(OURS + "/a.toml", table("quay.io/usr/a") + table("quay.io/usr/a2"))
                .file(OURS + "/README", "no TOML")
                .file(BOOTCS + "/z1.toml", table("quay.io/usr/bootc"))
                .bound("link.image", "[Image]\nImage=quay.io/link\n");
        assertThat(images(root.read()))
                .containsExactly(
                        "quay.io/link:latest",
                        "quay.io/usr/bootc:latest",
                        "quay.io/usr/a:latest",
                        "quay.io/usr/a2:latest",
                        "quay.io/usr/b:latest",
                        "quay.io/etc/lockstep:latest",
                        "quay.io/etc/bootc:latest");
    }

    @Test
    void aFileInEtcReplacesMasksOrAdds() {
        root.file(OURS + "/replaced.toml", table("quay.io/replaced"))
                .file(OURS + "/nulled.toml", table("quay.io/nulled"))
                .file(OURS + "/relative.toml", table("quay.io/relative"))
                .file(OURS + "/emptied.toml", table("quay.io/emptied"))
                .file(BOOTCS + "/replaced.toml", table("quay.io/bootc"))
                .file("/etc/lockstep/bound-images/replaced.toml", table("quay.io/replacement"))
                .link("/etc/lockstep/bound-images/nulled.toml", "/dev/null")
                .link("/etc/lockstep/bound-images/relative.toml", "../../../../dev/null")
                .file("/etc/lockstep/bound-images/emptied.toml", "")
                .file("/etc/lockstep/bound-images/added.toml", table("quay.io/added"));
        assertThat(root.read().problems()).isEmpty();
        assertThat(images(root.read()))
                .containsExactly("quay.io/bootc:latest", "quay.io/added:latest", "quay.io/replacement:latest");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[[image]]~image = |TOML_SYNTAX a.toml:2",
                "[[image]]~image = \"quay.io/a\"~image = \"quay.io/b\"|TOML_SYNTAX a.toml:3",
                "[[image]]~image = \"quay.io/a\"~[image]|TOML_SYNTAX a.toml:3",
                "\uFEFF[[image]]|TOML_SYNTAX a.toml:1",
                "[[image]]~image = \"quay.io/a\"~auth_file = \"/x\"|TOML_UNKNOWN_KEY a.toml:3 auth_file",
                "[[image]]~image = \"quay.io/a\"~x.y = 1|TOML_UNKNOWN_KEY a.toml:3 x",
                "[[images]]~image = \"quay.io/a\"|TOML_UNKNOWN_KEY a.toml:1 images",
                "version = 1|TOML_UNKNOWN_KEY a.toml:1 version",
                "[other]~x = 1|TOML_UNKNOWN_KEY a.toml:1 other",
                "[image]~image = \"quay.io/a\"|TOML_TYPE a.toml:1 image",
                "image = \"quay.io/a\"|TOML_TYPE a.toml:1 image",
                "image = [1]|TOML_TYPE a.toml:1 image",
                "[[image]]~image = 1|TOML_TYPE a.toml:2 image",
                "[[image]]~image = \"quay.io/a\"~tls-verify = \"no\"|TOML_TYPE a.toml:3 tls-verify",
                "[[image]]~image = \"quay.io/a\"~retry = 1.5|TOML_TYPE a.toml:3 retry",
                "[[image]]~image = \"quay.io/a\"~retry = -1|TOML_VALUE a.toml:3 retry",
                "[[image]]~image = \"quay.io/a\"~retry-delay = 5|TOML_TYPE a.toml:3 retry-delay",
                "[[image]]~image = \"quay.io/a\"~retry-delay = \"5\"|TOML_VALUE a.toml:3 retry-delay",
                "[[image]]~image = \"quay.io/a\"~mode = \"maybe\"|TOML_VALUE a.toml:3 mode",
                "[[image]]~image = \"quay.io/a\"~cert-dir = \"certs\"|TOML_VALUE a.toml:3 cert-dir",
                "[[image]]~image = \"quay.io/a\"~arch = \"\"|TOML_VALUE a.toml:3 arch",
                "[[image]]~mode = \"bind\"|TOML_NO_IMAGE a.toml:1",
                "[[image]]~image = \"nginx\"|IMAGE_REFERENCE a.toml:2 image"
            })
    void whatIsWrongIsToldWithFileLineAndKey(String text, String problem) {
        BoundImages bound =
                root.file(OURS + "/a.toml", text.replace('~', '\n') + "\n").read();
        assertThat(problems(bound)).contains(problem);
        assertThat(bound.failed()).isTrue();
    }

    @Test
    void aMisspeltKeyGetsTheNearestOneAsAHint() {
        BoundImages bound = root.file(OURS + "/a.toml", table("quay.io/a") + "authfile = \"/x\"\ntls_verfy = true\n")
                .read();
        assertThat(bound.problems())
                .extracting(Problem::hint)
                .containsExactly("did you mean auth-file?", "did you mean tls-verify?");
    }

    @Test
    void aPassphraseIsNeverTold() {
        for (String value :
                new String[] {"hunter2", "\"hunter2", "\"key:hunter2\"", "\"/key\" hunter2", "[\"hunter2\"]"}) {
            BoundImages bound = root.file(OURS + "/a.toml", table("quay.io/a") + "decryption-key = " + value + "\n")
                    .read();
            assertThat(bound.failed()).as(value).isTrue();
            assertThat(bound.toString()).doesNotContain("hunter2");
        }
    }

    @Test
    void whatIsNotATextFileIsTold() {
        root.file(OURS + "/bytes.toml", new byte[] {'a', (byte) 0xff})
                .file(OURS + "/deep.toml", "a = " + "[".repeat(200_000))
                .file(OURS + "/library-bug.toml", "/\u001aq\n[ddd##'\u000b\t")
                .directory(OURS + "/directory.toml")
                .fifo(OURS + "/fifo.toml")
                .link(OURS + "/dangling.toml", "/nowhere")
                .foreignName(OURS, ".toml");
        assertThat(problems(root.read()).stream().distinct())
                .contains(
                        "FILE_NAME \\xff.toml",
                        "TOML_SYNTAX bytes.toml",
                        "FILE_UNREADABLE dangling.toml",
                        "TOML_SYNTAX deep.toml:1",
                        "FILE_UNREADABLE directory.toml",
                        "FILE_UNREADABLE fifo.toml",
                        "TOML_SYNTAX library-bug.toml:1");
    }

    @Test
    void oneReferenceBoundTwiceIsOneImageAndBindWins() {
        root.file(OURS + "/a.toml", table("docker.io/nginx") + "mode = \"prefetch\"\n")
                .file(OURS + "/b.toml", table("docker.io/library/nginx:latest"))
                .bound("web.container", "[Container]\nImage=index.docker.io/nginx\n");
        BoundImage image = onlyImage(root.read());
        assertThat(image.mode()).isEqualTo(Mode.BIND);
        assertThat(places(image))
                .containsExactly(
                        "/usr/share/containers/systemd/web.container:2 container",
                        OURS + "/a.toml:2 toml",
                        OURS + "/b.toml:2 toml");
    }

    @Test
    void aContainerHasNoSayInHowItsImageIsFetched() {
        root.bound("web.container", "[Container]\nImage=quay.io/a:1\n")
                .bound("zz.image", "[Image]\nImage=quay.io/a:1\nArch=arm64\n");
        assertThat(onlyImage(root.read()).pull().architecture()).contains("arm64");
    }

    @Test
    void oneReferenceWithDifferentPullOptionsIsAnErrorThatNamesBothFiles() {
        root.file(OURS + "/a.toml", table("quay.io/a:1") + "arch = \"arm64\"\n")
                .bound("app.image", "[Image]\nImage=quay.io/a:1\n");
        BoundImages bound = root.read();
        assertThat(problems(bound)).containsExactly("PULL_OPTIONS_DIFFER a.toml:2");
        assertThat(bound.problems().getFirst().message()).contains("/usr/share/containers/systemd/app.image:2");
    }

    @Test
    void allProblemsAreToldAtOnceInTheOrderOfFileAndLine() {
        BoundImages bound = root.file(OURS + "/b.toml", "[[image]]\nimage = \"b\"\n[[image]]\nx = 1\n")
                .file(OURS + "/a.toml", "x = 1")
                .bound("app.image", "[Image]\nFoo=1\nImage=%i\n")
                .read();
        assertThat(problems(bound))
                .containsExactly(
                        "TOML_UNKNOWN_KEY a.toml:1 x",
                        "IMAGE_REFERENCE b.toml:2 image",
                        "TOML_NO_IMAGE b.toml:3",
                        "TOML_UNKNOWN_KEY b.toml:4 x",
                        "QUADLET_UNKNOWN_KEY app.image:2 Foo",
                        "QUADLET_SPECIFIER app.image:3 Image");
        assertThat(bound.problems())
                .extracting(Problem::code)
                .isSubsetOf(Arrays.stream(ProblemCode.values()).map(Enum::name).toList());
    }
}
