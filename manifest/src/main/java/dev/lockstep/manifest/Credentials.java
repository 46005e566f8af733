package dev.lockstep.manifest;

import java.util.Optional;

/**
 * A user's name and password at a registry, from {@code Creds=}. They are readable in the root that has them, and are shown nowhere else: as text
 * this is {@code ***}.
 *
 * @param repository what they are for, {@code registry/repository}; {@code podman pull --creds} does not give them to a mirror elsewhere
 * @param userAndPassword {@code user:password}
 */
public record Credentials(String repository, String userAndPassword) {
    private static final String SHOWN = "***";

    /** For one image; empty when the text has no user's name or no colon, for which podman would ask at a terminal. */
    static Optional<Credentials> of(ImageReference image, String userAndPassword) {
        return isPossible(userAndPassword)
                ? Optional.of(new Credentials(image.name(), userAndPassword))
                : Optional.empty();
    }

    static boolean isPossible(String userAndPassword) {
        return userAndPassword.indexOf(':') > 0;
    }

    @Override
    public String toString() {
        return SHOWN;
    }
}
