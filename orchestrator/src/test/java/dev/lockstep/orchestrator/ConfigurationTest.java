package dev.lockstep.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {

    @Test
    void anEmptyFileGivesTheDefaults() throws Exception {
        assertThat(Configuration.parse("", "x.toml")).isEqualTo(Configuration.DEFAULT);
    }

    @Test
    void everyKeyIsTaken() throws Exception {
        Configuration configuration = Configuration.parse("""
                target = "registry.example/os:stable"
                tls-verify = false
                auth-file = "/etc/ostree/auth.json"
                retries = 7
                retry-delay = 30
                retry-deadline = 600
                parallel = 5
                stall-timeout = 45
                quadlets = "all"
                podman.version = "5.6.0"
                reboot = "window"
                [window]
                days = ["sat", "sun"]
                start = "02:30"
                minutes = 90
                [[check]]
                command = ["/usr/bin/check", "-v"]
                [[check]]
                name = "disk"
                command = ["true"]
                timeout = 5
                """, "x.toml");

        assertThat(configuration)
                .isEqualTo(new Configuration(
                        Optional.of(Target.parse("registry.example/os:stable")),
                        Optional.of(false),
                        Optional.of(Path.of("/etc/ostree/auth.json")),
                        new Fetching(5, 7, Duration.ofSeconds(30), Duration.ofSeconds(600), Duration.ofSeconds(45)),
                        List.of(
                                new Configuration.Check(
                                        "/usr/bin/check", List.of("/usr/bin/check", "-v"), Duration.ofSeconds(60)),
                                new Configuration.Check("disk", List.of("true"), Duration.ofSeconds(5))),
                        new Reboots(
                                Reboots.Strategy.WINDOW,
                                Optional.of(new Reboots.Window(
                                        Set.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY),
                                        LocalTime.of(2, 30),
                                        Duration.ofMinutes(90))))));
    }

    @Test
    void allProblemsAreToldAtOnceWithTheirLines() {
        assertThatThrownBy(() -> Configuration.parse("""
                        target = "nginx"
                        tls-verify = "no"

                        retires = 3
                        auth-file = "auth.json"
                        """, "x.toml"))
                .isInstanceOf(LockstepException.class)
                .hasMessageContaining("4 problems")
                .hasMessageContaining("x.toml:1: target")
                .hasMessageContaining("x.toml:2: tls-verify")
                .hasMessageContaining("x.toml:4: retires: unknown key")
                .hasMessageContaining("x.toml:5: auth-file");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            check = 1                                      | x.toml:1: check: must be tables
            [[check]]\\n                                   | x.toml:1: check.command: must be a list
            [[check]]\\ncommand = []                        | x.toml:1: check.command: must be a list
            [[check]]\\ncommand = ["a", 1]                  | x.toml:1: check.command: must be a list
            [[check]]\\ncommand = ["a"]\\ntimeout = 0      | x.toml:1: check.timeout: must be a whole number
            [[check]]\\ncommand = ["a"]\\nlimit = 1        | x.toml:1: check.limit: unknown key
            """)
    void checksHaveAForm(String lines, String problem) {
        assertThatThrownBy(() -> Configuration.parse(lines.replace("\\n", "\n"), "x.toml"))
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            reboot = "sometimes"                             | x.toml:1: reboot: must be one of never, immediate, window
            reboot = 1                                       | x.toml:1: reboot: must be one of
            reboot = "window"                                | x.toml:1: reboot: needs a table [window]
            window = 1                                       | x.toml:1: window: must be a table
            [window]\\nstart = "2:30"\\nminutes = 5         | x.toml:1: window.start: must be a time
            [window]\\nminutes = 5                           | x.toml:1: window.start: must be a time
            [window]\\nstart = "02:30"                       | x.toml:1: window.minutes: must be a whole number
            [window]\\nstart = "02:30"\\nminutes = 1441     | x.toml:1: window.minutes: must be a whole number
            [window]\\nstart = "02:30"\\nminutes = 5\\ndays = ["someday"] | x.toml:1: window.days: must be a list
            [window]\\nstart = "02:30"\\nminutes = 5\\nday = "sat" | x.toml:1: window.day: unknown key
            """)
    void theMaintenanceWindowHasAForm(String lines, String problem) {
        assertThatThrownBy(() -> Configuration.parse(lines.replace("\\n", "\n"), "x.toml"))
                .hasMessageContaining(problem);
    }

    @Test
    void aWindowWithoutDaysOpensOnEachOfThem() throws Exception {
        Reboots reboots = Configuration.parse(
                        "reboot = \"window\"\nwindow = { start = \"23:00\", minutes = 60 }", "x.toml")
                .reboots();

        assertThat(reboots.window().orElseThrow().days()).containsExactlyInAnyOrder(DayOfWeek.values());
    }

    @ParameterizedTest
    @CsvSource({
        "retries = -1",
        "retries = 101",
        "retries = 1.5",
        "retry-delay = 3601",
        "retry-delay = true",
        "parallel = 0",
        "stall-timeout = 0"
    })
    void numbersHaveBounds(String line) {
        assertThatThrownBy(() -> Configuration.parse(line, "x.toml")).hasMessageContaining("whole number");
    }

    @Test
    void aSyntaxErrorNamesItsLine() {
        assertThatThrownBy(() -> Configuration.parse("\ntarget = \n", "x.toml")).hasMessageContaining("x.toml:2");
    }

    @Test
    void inputThatTripsTheParsersAssertionsIsAProblemLikeAnyOther() {
        assertThatThrownBy(() -> Configuration.parse("/\u001aq\n[ddd##'\u000b\t", "x.toml"))
                .isInstanceOf(LockstepException.class);
    }
}
