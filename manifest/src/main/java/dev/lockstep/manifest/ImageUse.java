package dev.lockstep.manifest;

import java.util.List;
import java.util.Optional;

/**
 * How the unit that names an image comes by it: facts for the choice of a store, none of them a choice. Paths are as the unit has them.
 *
 * @param service the generated unit, such as {@code web.service}; empty for an image that no unit names
 * @param stores where the unit's podman is told to look
 * @param primaryOnly whether podman takes the image from its primary store alone, as it does for {@code Mount=type=image}
 * @param argv the command line that fetches it when the unit does nothing else, with secrets replaced; else empty
 */
public record ImageUse(Optional<String> service, Stores stores, boolean primaryOnly, List<String> argv) {

    /** Named by no unit. */
    public static final ImageUse NONE = new ImageUse(Optional.empty(), Stores.DEFAULT, false, List.of());

    public ImageUse {
        argv = List.copyOf(argv);
    }

    /**
     * The stores that a unit's command line and environment name.
     *
     * @param graphRoot {@code --root}
     * @param imageStore {@code --imagestore}
     * @param additional {@code --storage-opt additionalimagestore=}, in their order
     * @param environment variables of {@code [Service] Environment=} that change the stores, as {@code NAME=value}
     */
    public record Stores(
            Optional<String> graphRoot,
            Optional<String> imageStore,
            List<String> additional,
            List<String> environment) {

        /** What podman's configuration says. */
        public static final Stores DEFAULT = new Stores(Optional.empty(), Optional.empty(), List.of(), List.of());

        public Stores {
            additional = List.copyOf(additional);
            environment = List.copyOf(environment);
        }
    }
}
