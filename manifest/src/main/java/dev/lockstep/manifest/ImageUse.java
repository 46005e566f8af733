package dev.lockstep.manifest;

import java.util.List;
import java.util.Optional;

/**
 * How the unit that names an image comes by it, and where it looks. Paths are as the unit has them.
 *
 * @param service the generated unit, such as {@code web.service}; empty for an image that no unit names
 * @param stores where the unit's podman is told to look
 * @param primaryOnly whether podman takes the image from its primary store alone, as it does for {@code Mount=type=image}
 * @param argv the command line that fetches it when the unit does nothing else, with secrets replaced; else empty
 * @param placement the store in which the unit looks, after all this and the root's {@code containers-storage.conf(5)}
 */
public record ImageUse(
        Optional<String> service, Stores stores, boolean primaryOnly, List<String> argv, Placement placement) {

    /** Before the root's configuration is looked at. */
    ImageUse(Optional<String> service, Stores stores, boolean primaryOnly, List<String> argv) {
        this(service, stores, primaryOnly, argv, Placement.LOCKSTEP);
    }

    /** Named by no unit. */
    public static final ImageUse NONE = new ImageUse(Optional.empty(), Stores.DEFAULT, false, List.of());

    public ImageUse {
        argv = List.copyOf(argv);
    }

    /** The same with a placement. */
    ImageUse at(Placement found) {
        return new ImageUse(service, stores, primaryOnly, argv, found);
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
