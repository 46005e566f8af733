package dev.lockstep.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
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
                """, "x.toml");

        assertThat(configuration)
                .isEqualTo(new Configuration(
                        Optional.of(Target.parse("registry.example/os:stable")),
                        Optional.of(false),
                        Optional.of(Path.of("/etc/ostree/auth.json")),
                        7,
                        30));
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
    @CsvSource({"retries = -1", "retries = 101", "retries = 1.5", "retry-delay = 3601", "retry-delay = true"})
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
