package dev.lockstep.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The {@code images:} of a kustomization: each in its order takes the images that have its name, as they are written by then, and gives them
 * another name, tag or digest. Names are compared as text, never in canonical form, as kustomize does.
 */
record ImageRenames(List<Rename> renames) {
    static final ImageRenames NONE = new ImageRenames(List.of());

    ImageRenames {
        renames = List.copyOf(renames);
    }

    /**
     * One entry; what is empty stays as it is. A new tag or digest replaces both the old tag and the old digest.
     *
     * @param name without tag and digest
     */
    record Rename(
            String name,
            Optional<String> newName,
            Optional<String> newTag,
            Optional<String> tagSuffix,
            Optional<String> digest) {

        private Written apply(Written image) {
            if (!image.name().equals(name)) {
                return image;
            }
            String renamed = newName.orElse(image.name());
            if (newTag.isPresent() || digest.isPresent()) {
                return new Written(renamed, newTag, digest);
            }
            if (tagSuffix.isPresent()) {
                return new Written(renamed, Optional.of(image.tag().orElse("") + tagSuffix.get()), Optional.empty());
            }
            return new Written(renamed, image.tag(), image.digest());
        }
    }

    /** An image as a manifest has it, taken apart. */
    private record Written(String name, Optional<String> tag, Optional<String> digest) {

        static Written of(String text) {
            int at = text.indexOf('@');
            String tagged = at < 0 ? text : text.substring(0, at);
            int colon = tagged.indexOf(':', tagged.lastIndexOf('/') + 1);
            return new Written(
                    colon < 0 ? tagged : tagged.substring(0, colon),
                    colon < 0 ? Optional.empty() : Optional.of(tagged.substring(colon + 1)),
                    at < 0 ? Optional.empty() : Optional.of(text.substring(at + 1)));
        }

        String text() {
            return name
                    + tag.map(value -> ":" + value).orElse("")
                    + digest.map(value -> "@" + value).orElse("");
        }
    }

    /** The image that a cluster is given instead of the one that is written. */
    String apply(String text) {
        Written image = Written.of(text);
        Written renamed = image;
        for (Rename rename : renames) {
            renamed = rename.apply(renamed);
        }
        return renamed.equals(image) ? text : renamed.text();
    }

    /** Those of a kustomization that takes in the resources of another, after the other's own. */
    ImageRenames then(ImageRenames outer) {
        List<Rename> all = new ArrayList<>(renames);
        all.addAll(outer.renames());
        return new ImageRenames(all);
    }
}
