package dev.lockstep.systemd.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;

/** The commands below {@code lockstep}. Their options are looked up by reflection, so only those are made that a command line may mean. */
final class Subcommands {
    private static final Map<String, Supplier<Object>> ALL = all();

    private Subcommands() {}

    /** In the order in which the help lists them. */
    private static Map<String, Supplier<Object>> all() {
        Map<String, Supplier<Object>> all = new LinkedHashMap<>();
        all.put("status", StatusCommand::new);
        all.put("check", CheckCommand::new);
        all.put("upgrade", UpgradeCommand::new);
        all.put("retry", RetryCommand::new);
        all.put("commit", CommitCommand::new);
        all.put("abort", AbortCommand::new);
        all.put("rollback", RollbackCommand::new);
        all.put("adopt", AdoptCommand::new);
        all.put("resume", ResumeCommand::new);
        all.put("close", CloseCommand::new);
        all.put("repair", RepairCommand::new);
        all.put("images", ImagesCommand::new);
        all.put("lint", LintCommand::new);
        all.put("verify", VerifyCommand::new);
        all.put("bind", BindCommand::new);
        all.put("gc", GcCommand::new);
        all.put("history", HistoryCommand::new);
        all.put("watch", WatchCommand::new);
        return all;
    }

    /** The command with all of them. */
    static CommandLine all(LockstepCommand root) {
        CommandLine line = new CommandLine(root);
        ALL.forEach((name, command) -> line.addSubcommand(name, command.get()));
        return line;
    }

    /** The command with those that are named among its arguments, in whatever place; with all when that is none, or help is asked for. */
    static CommandLine of(LockstepCommand root, String[] arguments) {
        List<String> words = List.of(arguments);
        CommandLine line = new CommandLine(root);
        ALL.forEach((name, command) -> {
            if (words.contains(name)) {
                line.addSubcommand(name, command.get());
            }
        });
        if (line.getSubcommands().isEmpty() || words.contains("--help") || words.contains("-h")) {
            return all(root);
        }
        return line;
    }
}
