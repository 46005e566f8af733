package dev.lockstep.systemd.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.podman.process.Cancellation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The man pages say everything that the command takes. */
class ManualTest {

    private static String page(String name) throws IOException {
        return Files.readString(Path.of("../docs/man").resolve(name)).replace("\\-", "-");
    }

    @Test
    void everyCommandAndEveryLongOptionHasItsPlace() throws IOException {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        CommandLine line =
                Subcommands.all(new LockstepCommand(new Terminal(nowhere, nowhere, false), new Cancellation()));

        assertThat(line.getSubcommands()).isNotEmpty();
        look(line, page("lockstep.1"));
    }

    private static void look(CommandLine line, String page) {
        assertThat(page).contains(line.getCommandName());
        for (OptionSpec option : line.getCommandSpec().options()) {
            assertThat(page).contains(option.longestName());
        }
        line.getSubcommands().values().forEach(command -> look(command, page));
    }

    @Test
    void everyKeyOfTheConfigurationHasItsPlace() throws IOException {
        assertThat(page("lockstep.toml.5"))
                .contains(
                        ".B target\n",
                        ".B tls-verify\n",
                        ".B auth-file\n",
                        ".B parallel\n",
                        ".B retries\n",
                        ".B retry-delay\n",
                        ".B retry-deadline\n",
                        ".B stall-timeout\n",
                        ".B quadlets\n",
                        ".B podman.version\n",
                        ".B reboot\n",
                        ".B [window]\n",
                        ".B start\n",
                        ".B minutes\n",
                        ".B days\n",
                        ".B [[check]]\n",
                        ".B command\n",
                        ".B name\n",
                        ".B timeout\n");
    }
}
