package dev.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** No durable call and no start of a tool that changes something is without its fault points: the campaign misses nothing. */
class FaultPointsCoverIT {
    /** How a command line that changes something begins, after its program, and the subject of its points. */
    private static final Map<String, String> CHANGING = Map.ofEntries(
            Map.entry("podman pull", "podman-pull"),
            Map.entry("podman create", "podman-create"),
            Map.entry("podman rm", "podman-rm"),
            Map.entry("podman rmi", "podman-rmi"),
            Map.entry("podman tag", "podman-tag"),
            Map.entry("podman untag", "podman-untag"),
            Map.entry("podman image mount", "podman-mount"),
            Map.entry("podman image unmount", "podman-unmount"),
            Map.entry("skopeo copy", "skopeo-copy"),
            Map.entry("ostree commit", "ostree-commit"),
            Map.entry("ostree checkout", "ostree-checkout"),
            Map.entry("ostree pull", "ostree-pull"),
            Map.entry("ostree refs --delete", "ostree-ref"),
            Map.entry("ostree admin deploy", "ostree-deploy"),
            Map.entry("cp", "copy-etc"));

    /** What only reads. */
    private static final List<String> READING = List.of(
            "readlink",
            "uname",
            "podman ps",
            "podman --version",
            "skopeo inspect",
            "skopeo --version",
            "ostree rev-parse",
            "ostree ls",
            "ostree --version",
            "ostree refs --list");

    private final Fleet fleet = Fleet.shared();

    @Test
    void everyDurableCallAndEveryChangingToolOfAnUpgradeHasItsPoints() throws Exception {
        try (Sysroot sysroot = fleet.inStateA()) {
            SystemCallTrace trace = traced(sysroot, sysroot.upgrade());

            assertThat(trace.calls()).hasSizeGreaterThan(30).allMatch(SystemCallTrace.DurableCall::covered);
            assertThat(trace.programs()).hasSizeGreaterThan(15).allSatisfy(FaultPointsCoverIT::isCovered);
            nothingRestsOnWhatIsNotOnTheMedium(trace.acts(), sysroot);
            filesAreReplacedDurably(trace.acts(), sysroot);
        }
    }

    /** Pins, then the store's sync, then the record of what was synced, then READY, then the boot loader entry. */
    private static void nothingRestsOnWhatIsNotOnTheMedium(List<String> acts, Sysroot sysroot) {
        int lastPin = last(acts, acts.size(), act -> act.startsWith("podman ") && act.contains(" create "));
        int deployed = last(acts, acts.size(), act -> act.startsWith("ostree admin deploy "));
        int synced = last(
                acts,
                deployed,
                act -> act.startsWith("syncfs(") && act.contains(sysroot.store().toString()));
        int recorded = last(acts, deployed, act -> act.startsWith("rename(") && act.contains("/synced.json\")"));
        int ready = last(acts, deployed, act -> act.startsWith("rename(") && act.contains("/bindings/"));

        assertThat(List.of(lastPin, synced, recorded, ready, deployed))
                .isSorted()
                .doesNotContain(-1)
                .doesNotHaveDuplicates();
    }

    private static int last(List<String> acts, int before, Predicate<String> wanted) {
        for (int index = before - 1; index >= 0; index--) {
            if (wanted.test(acts.get(index))) {
                return index;
            }
        }
        return -1;
    }

    /** Each file of the state: the temporary one is synced, renamed, and then the directory is synced. */
    private static void filesAreReplacedDurably(List<String> acts, Sysroot sysroot) {
        Pattern replaced = Pattern.compile(
                "rename\\(\"(?<temporary>" + Pattern.quote(sysroot.state() + "/") + ".*\\.lockstep-tmp)\", .*");
        int found = 0;
        for (int index = 0; index < acts.size(); index++) {
            Matcher rename = replaced.matcher(acts.get(index));
            if (rename.matches()) {
                Path temporary = Path.of(rename.group("temporary"));
                assertThat(acts.get(index - 1)).startsWith("fsync(").contains("<" + temporary + ">");
                assertThat(acts.get(index + 1)).startsWith("fsync(").contains("<" + temporary.getParent() + ">");
                found++;
            }
        }
        assertThat(found).isGreaterThan(4);
    }

    @Test
    void soHasABinding() throws Exception {
        try (Sysroot sysroot = fleet.inStateA()) {
            sysroot.upgrade().end().expect(0);
            SystemCallTrace trace = traced(sysroot, sysroot.lockstep("bind"));

            assertThat(trace.calls()).hasSizeGreaterThan(3).allMatch(SystemCallTrace.DurableCall::covered);
            assertThat(trace.programs()).hasSizeGreaterThan(1).allSatisfy(FaultPointsCoverIT::isCovered);
        }
    }

    private SystemCallTrace traced(Sysroot sysroot, Run run) throws Exception {
        Path calls = fleet.fresh("strace");
        Path points = fleet.fresh("points");
        Run.of("strace", "--follow-forks", "--decode-fds=path", "--string-limit=4096", "--output=" + calls)
                .and("--trace=rename,renameat,renameat2,unlink,unlinkat,rmdir,fsync,fdatasync,syncfs,execve,write,"
                        + "clone,clone3,vfork,fork")
                .and(run.arguments().toArray())
                .with("LOCKSTEP_FAULT_TRACE", points.toString())
                .end()
                .expect(0);
        return new SystemCallTrace(
                Files.readAllLines(calls, StandardCharsets.ISO_8859_1),
                points.toString(),
                List.of(sysroot.directory().toString(), "/run/lockstep"));
    }

    private static void isCovered(SystemCallTrace.Started program) {
        String command = withoutGlobalOptions(program.arguments());
        String point = CHANGING.entrySet().stream()
                .filter(entry -> command.equals(entry.getKey()) || command.startsWith(entry.getKey() + " "))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
        if (point.isEmpty()) {
            assertThat(READING).as("known to change or to read: " + command).anyMatch(command::startsWith);
        } else {
            assertThat(program.pointsBefore()).as(command).contains(point + ".before");
        }
    }

    private static String withoutGlobalOptions(List<String> words) {
        return String.join(
                " ",
                words.stream()
                        .filter(word -> !word.matches("--(root|runroot|tmpdir|storage-driver|repo|policy)=.*"))
                        .toList());
    }
}
