package dev.lockstep.manifest;

import dev.lockstep.manifest.BoundImage.Source;
import java.util.List;
import java.util.Set;

/** Finds where the users of bound images look: what their command lines and variables say takes the place of the root's storage.conf. */
final class Placements {
    /** Under both names of our store. */
    private static final Set<String> OURS = Set.of("/run/lockstep/store", "/var/lib/lockstep/storage");

    private static final String BOOTCS = "/usr/lib/bootc/storage";
    private static final String OPTION = "additionalimagestore=";
    private static final String CONFIGURATION = "CONTAINERS_STORAGE_CONF=";

    private final RootTree root;
    private final List<String> configured;

    Placements(RootTree root) {
        this.root = root;
        this.configured = StorageSettings.additionalStores(root);
    }

    /** The same images, with the placement of each source. */
    BoundImages in(BoundImages bound) {
        return new BoundImages(
                bound.images().stream()
                        .map(image -> new BoundImage(
                                image.reference(),
                                image.mode(),
                                image.pull(),
                                image.sources().stream().map(this::placed).toList()))
                        .toList(),
                bound.problems());
    }

    private Source placed(Source source) {
        return new Source(
                source.file(), source.line(), source.kind(), source.use().at(of(source)));
    }

    private Placement of(Source source) {
        return switch (source.kind()) {
            // No unit of the root uses it, as far as is known: it is for those that look into our store.
            case TOML -> Placement.LOCKSTEP;
            case IMAGE, CONTAINER, KUBE, VOLUME, MOUNT, BUILD, ARTIFACT, MANIFEST -> of(source.use());
        };
    }

    Placement of(ImageUse use) {
        List<String> looked = additional(use.stores());
        if (use.primaryOnly()) {
            return Placement.PRIMARY;
        }
        if (looked.stream().anyMatch(OURS::contains)) {
            return Placement.LOCKSTEP;
        }
        return looked.contains(BOOTCS) ? Placement.BOOTC : Placement.PRIMARY;
    }

    /** The additional stores that a unit looks into. */
    List<String> additional(ImageUse.Stores stores) {
        boolean isElsewhere =
                stores.graphRoot().isPresent() || stores.imageStore().isPresent();
        if (isElsewhere || !stores.additional().isEmpty()) {
            // Options of a command line replace those of the configuration; with another graph root it is not looked
            // for at all.
            return stores.additional();
        }
        List<String> looked = configured;
        for (String variable : stores.environment()) {
            if (variable.startsWith("STORAGE_OPTS=")) {
                return List.of(variable.substring(variable.indexOf('=') + 1).split(",", -1)).stream()
                        .filter(option -> option.contains(OPTION))
                        .map(option -> option.substring(option.indexOf('=') + 1))
                        .toList();
            }
            if (variable.startsWith(CONFIGURATION)) {
                looked = StorageSettings.additionalStores(root, variable.substring(CONFIGURATION.length()));
            }
        }
        return looked;
    }
}
