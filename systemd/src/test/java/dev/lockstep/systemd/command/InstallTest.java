package dev.lockstep.systemd.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** What an image gets: the real installer puts the real units, pages and scripts into a root; jars and the runtime are left out. */
class InstallTest {
    private static final String FINALIZE = """
            [Unit]
            Description=ostree's own unit, as far as the drop-in needs it
            DefaultDependencies=no
            [Service]
            Type=oneshot
            RemainAfterExit=yes
            ExecStop=/usr/bin/ostree admin finalize-staged
            """;

    @TempDir
    Path directory;

    private Path root = Path.of("/nowhere");

    @BeforeEach
    void install() throws Exception {
        Path home = Files.createDirectory(directory.resolve("home"));
        root = Files.createDirectory(directory.resolve("root"));
        copy(Path.of("src/main/sh"), home.resolve("bin"));
        copy(Path.of("src/main/units"), home.resolve("units"));
        copy(Path.of("src/main/catalog"), home.resolve("catalog"));
        copy(Path.of("src/main/resources/dev/lockstep/systemd/daemon"), home.resolve("interfaces"));
        copy(Path.of("../docs/man"), home.resolve("man"));
        for (String part : List.of("lib", "native", "runtime", "completion")) {
            Files.createDirectory(home.resolve(part));
        }
        Files.writeString(home.resolve("LICENSE"), "");
        Files.writeString(home.resolve("completion/lockstep"), Completion.script());
        Files.move(home.resolve("bin/install"), home.resolve("install"));
        assertThat(run("sh", home.resolve("install").toString(), root.toString()))
                .isEmpty();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Path copy = Files.copy(file, to.resolve(file.getFileName()));
                assertThat(copy.toFile().setExecutable(to.endsWith("bin"))).isTrue();
            }
        }
    }

    private static String run(String... words) throws Exception {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    void everythingLiesBelowUsrAndNoLinkLeadsNowhere() throws IOException {
        try (Stream<Path> top = Files.list(root)) {
            assertThat(top.map(Path::getFileName).map(Path::toString)).containsExactly("usr");
        }
        try (Stream<Path> files = Files.walk(root)) {
            assertThat(files.filter(Files::isSymbolicLink)).isNotEmpty().allMatch(Files::exists);
        }
        assertThat(root.resolve("usr/lib/systemd/catalog/lockstep.catalog")).isRegularFile();
        assertThat(root.resolve("usr/share/man/man1/lockstep.1")).isRegularFile();
        assertThat(root.resolve("usr/share/man/man7/lockstep-units.7")).isRegularFile();
    }

    @Test
    void codeGeneratorsFindTheInterfacesAsDocuments() throws Exception {
        DocumentBuilderFactory documents = DocumentBuilderFactory.newInstance();
        documents.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        for (String type : List.of("dev.lockstep.Upgrade1.Manager", "dev.lockstep.Upgrade1.Transaction")) {
            Path file = root.resolve("usr/share/dbus-1/interfaces").resolve(type + ".xml");
            Element node = documents.newDocumentBuilder().parse(file.toFile()).getDocumentElement();
            assertThat(node.getTagName()).isEqualTo("node");
            assertThat(((Element) node.getElementsByTagName("interface").item(0)).getAttribute("name"))
                    .isEqualTo(type);
        }
    }

    @Test
    void systemdHasNothingToSayAgainstTheUnits() throws Exception {
        Path system = root.resolve("usr/lib/systemd/system");
        try (Stream<Path> own = Files.list(Path.of("/usr/lib/systemd/system"))) {
            for (Path unit :
                    own.filter(file -> file.toString().endsWith(".target")).toList()) {
                Files.copy(unit, system.resolve(unit.getFileName()));
            }
        }
        Files.writeString(system.resolve("ostree-finalize-staged.service"), FINALIZE);
        for (String program : List.of("systemctl", "kill")) {
            Files.copy(Path.of("/bin/true"), root.resolve("usr/bin").resolve(program));
        }
        List<String> words = new ArrayList<>(List.of("systemd-analyze", "verify", "--man=no", "--root=" + root));
        words.add("ostree-finalize-staged.service");
        try (Stream<Path> units = Files.list(Path.of("src/main/units"))) {
            units.map(unit -> String.valueOf(unit.getFileName()))
                    .filter(name -> name.matches("lockstep.*\\.(service|path|timer|socket)"))
                    .forEach(words::add);
        }

        assertThat(run(words.toArray(String[]::new))).isEmpty();
    }

    @Test
    void theTimerIsOffUntilAnAdministratorWantsIt() throws IOException {
        assertThat(Files.readString(root.resolve("usr/lib/systemd/system-preset/80-lockstep.preset")))
                .contains("disable lockstep-upgrade.timer");
        try (Stream<Path> files = Files.walk(root.resolve("usr/lib/systemd/system"))) {
            assertThat(files.filter(Files::isSymbolicLink)).noneMatch(link -> link.endsWith("lockstep-upgrade.timer"));
        }
    }

    @Test
    void bashCompletesCommandsAndTheirOptions() throws Exception {
        String script =
                root.resolve("usr/share/bash-completion/completions/lockstep").toString();
        String ask = "source " + script
                + "; COMP_WORDS=(lockstep upgrade --dow); COMP_CWORD=2; COMP_LINE='lockstep upgrade --dow';"
                + " COMP_POINT=${#COMP_LINE}; $(complete -p lockstep | sed 's/.*-F \\([^ ]*\\).*/\\1/'); echo \"${COMPREPLY[@]}\"";

        assertThat(run("bash", "-c", ask)).contains("--download-only");
    }
}
