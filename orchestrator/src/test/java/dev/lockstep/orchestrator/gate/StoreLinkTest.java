package dev.lockstep.orchestrator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreLinkTest {
    @TempDir
    Path directory;

    private Path runtime = Path.of("");
    private Path store = Path.of("");

    @BeforeEach
    void aStore() throws Exception {
        runtime = Files.createDirectory(directory.resolve("run"));
        store = directory.resolve("storage");
        Files.createDirectories(store.resolve("overlay-images"));
        Files.createDirectories(store.resolve("overlay-layers"));
        list("overlay-images/images.json", "[{\"id\":\"x\"}]");
        list("overlay-layers/layers.json", "[]");
    }

    private void list(String name, String text) throws Exception {
        Files.writeString(store.resolve(name), text, StandardCharsets.UTF_8);
    }

    private Path led() throws Exception {
        return runtime.resolve("store").toRealPath();
    }

    @Test
    void aSaneStoreIsShown() throws Exception {
        assertThat(new StoreLink(runtime, store).update()).isEmpty();
        assertThat(led()).isEqualTo(store.toRealPath());
    }

    @Test
    void aStoreWithoutListsIsShown() throws Exception {
        Files.delete(store.resolve("overlay-images/images.json"));
        list("overlay-layers/layers.json", "");

        assertThat(new StoreLink(runtime, store).update()).isEmpty();
        assertThat(led()).isEqualTo(store.toRealPath());
    }

    @ParameterizedTest
    @ValueSource(strings = {"overlay-images/images.json", "overlay-layers/layers.json"})
    void garbageIsNotShownAndComesBackWhenItIsMended(String name) throws Exception {
        StoreLink link = new StoreLink(runtime, store);
        link.update();
        list(name, "[{]");

        assertThat(link.update()).hasValueSatisfying(words -> assertThat(words).contains(name));
        assertThat(led()).isEqualTo(runtime.resolve("empty-store").toRealPath()).isEmptyDirectory();

        list(name, "[]");
        assertThat(link.update()).isEmpty();
        assertThat(led()).isEqualTo(store.toRealPath());
    }

    @Test
    void aListThatIsNoListIsDamage() throws Exception {
        list("overlay-images/images.json", "{}");
        assertThat(new StoreLink(runtime, store).update()).isPresent();
    }

    @Test
    void aStoreThatIsGoneIsDamage() throws Exception {
        assertThat(new StoreLink(runtime, directory.resolve("nowhere")).update())
                .isPresent();
        assertThat(led()).isEmptyDirectory();
    }
}
