package dev.lockstep.podman;

import dev.lockstep.manifest.ImageReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A home directory in which {@code containers-registries.conf(5)} says that a repository lies elsewhere. The drop-ins of a user are read last,
 * so nothing on the host takes precedence over it. The policy that the real home may hold is kept.
 */
final class RedirectedHome {
    private static final String SETTINGS = ".config/containers";

    private RedirectedHome() {}

    static Path make(Path home, ImageReference image, LoopbackRegistry registry) throws ImageException {
        Path settings = home.resolve(SETTINGS);
        try {
            Path directory = Files.createDirectories(settings.resolve("registries.conf.d"));
            Files.writeString(directory.resolve("zz-lockstep.conf"), text(image, registry.repository()));
            Path policy = realHome(System.getenv()).resolve(SETTINGS).resolve("policy.json");
            if (Files.exists(policy)) {
                Files.copy(policy, settings.resolve("policy.json"));
            }
            return home;
        } catch (IOException e) {
            throw new ImageException(
                    ImageError.STORE_UNUSABLE,
                    "cannot make podman's settings in " + home + ": " + e.getMessage(),
                    "see to the permissions and the space there",
                    e);
        }
    }

    static String text(ImageReference image, String location) {
        return "[[registry]]\nprefix = \"" + image.name() + "\"\nlocation = \"" + location + "\"\ninsecure = true\n";
    }

    private static Path realHome(Map<String, String> environment) {
        return Path.of(environment.getOrDefault("HOME", "/root"));
    }
}
