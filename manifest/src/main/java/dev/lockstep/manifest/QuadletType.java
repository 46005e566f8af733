package dev.lockstep.manifest;

import java.util.Locale;
import java.util.Optional;

/** The types of Quadlet files, in the order in which Quadlet converts them: what another file refers to comes first. */
enum QuadletType {
    IMAGE("Image", "-image"),
    ARTIFACT("Artifact", "-artifact"),
    VOLUME("Volume", "-volume"),
    NETWORK("Network", "-network"),
    BUILD("Build", "-build"),
    CONTAINER("Container", ""),
    KUBE("Kube", ""),
    POD("Pod", "-pod");

    private final String section;
    private final String suffix;

    QuadletType(String section, String suffix) {
        this.section = section;
        this.suffix = suffix;
    }

    /** The section of the file that is this type's own. */
    String section() {
        return section;
    }

    /** What stands before {@code .service} in the name of the generated unit. */
    String suffix() {
        return suffix;
    }

    /** The end of the file's name, with its dot. */
    String ending() {
        return "." + name().toLowerCase(Locale.ROOT);
    }

    /** The type that a file's name says, by its last dot and in this very case; {@code .image} itself is a name too. */
    static Optional<QuadletType> of(String name) {
        int dot = name.lastIndexOf('.');
        if (dot >= 0) {
            for (QuadletType type : values()) {
                if (name.substring(dot).equals(type.ending())) {
                    return Optional.of(type);
                }
            }
        }
        return Optional.empty();
    }
}
