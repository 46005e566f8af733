package dev.lockstep.systemd.gate;

import dev.lockstep.orchestrator.gate.StoreLink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Leads {@code /run/lockstep/store} to the image store, or to an empty one when that is damaged, before any unit starts a container. Exit status
 * 0 in both cases, since ordinary podman works then; 1 when the link could not be made.
 */
public final class StoreLinkMain {

    private StoreLinkMain() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) {
        try {
            Optional<String> damage =
                    new StoreLink(Path.of("/run/lockstep"), Path.of("/var/lib/lockstep/storage")).update();
            damage.ifPresent(what -> System.out.println("lockstep-store-link: podman is shown an empty store: " + what
                    + "; 'lockstep repair' fetches what is bound"));
        } catch (IOException e) {
            System.err.println("lockstep-store-link: the link /run/lockstep/store cannot be made: " + e);
            System.exit(1);
        }
    }
}
