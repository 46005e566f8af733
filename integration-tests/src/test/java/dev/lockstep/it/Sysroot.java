package dev.lockstep.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A sysroot that a test may ruin.
 *
 * @param directory the sysroot
 * @param expected what references meant, for the judge
 */
record Sysroot(Path directory, Path expected) implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What the judge says.
     *
     * @param versions of the deployments that can boot, the default one first
     * @param problems whatever is not whole
     */
    record Verdict(List<String> versions, List<String> problems) {
        /** In state A or B. */
        String state() {
            return versions.isEmpty() ? "-" : versions.get(0).equals("1") ? "A" : "B";
        }
    }

    Run lockstep(Object... arguments) {
        return Run.of(Fleet.LOCKSTEP, "--standalone", "--sysroot", directory).and(arguments);
    }

    Run upgrade() {
        return lockstep("upgrade", "--target", Fleet.shared().image("os:2"), "--tls-verify=false");
    }

    Verdict judge() {
        Run.Ended ended =
                Run.of(Fleet.SCRIPTS.resolve("judge"), directory, expected).end();
        try {
            JsonNode verdict = JSON.readTree(ended.output());
            Verdict read = new Verdict(texts(verdict.path("versions")), texts(verdict.path("problems")));
            if (read.versions().isEmpty() && !verdict.has("versions")) {
                throw new AssertionError("the judge failed: " + ended.output() + ended.errors());
            }
            return read;
        } catch (IOException e) {
            throw new AssertionError("the judge failed: " + ended.output() + ended.errors(), e);
        }
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(entry -> texts.add(entry.asText()));
        return texts;
    }

    /** Commits a tree of the fixture to the sysroot's repository, as an ostree ref. */
    void commitTree(Path tree, String branch) {
        Run.of("mv", tree.resolve("etc"), tree.resolve("usr/etc")).end().expect(0);
        Run.of("rm", "-r", tree.resolve("var/lib")).end().expect(0);
        Run.of("ostree", "--repo=" + directory.resolve("ostree/repo"), "commit")
                .and("--branch=" + branch, "--tree=dir=" + tree)
                .end()
                .expect(0);
    }

    Path state() {
        return directory.resolve("ostree/deploy/os/var/lib/lockstep");
    }

    Path store() {
        return state().resolve("storage");
    }

    /** Names of boot loader entry files and what they hold. */
    Map<String, String> entries() {
        Map<String, String> entries = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.resolve("boot/loader/entries"))) {
            for (Path file : files) {
                entries.put(String.valueOf(file.getFileName()), Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return entries;
    }

    /** What each name in the store means to a container: the image's ID. */
    Map<String, String> names() {
        Map<String, String> names = new TreeMap<>();
        try {
            for (JsonNode image : JSON.readTree(Files.readString(store().resolve("overlay-images/images.json")))) {
                image.path("names")
                        .forEach(name ->
                                names.put(name.asText(), image.path("id").asText()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }

    List<Path> bindings() {
        try (var files = Files.list(state().resolve("bindings"))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        Fleet.fixture("remove", directory);
    }
}
