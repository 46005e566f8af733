package dev.lockstep.manifest;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The names in a directory that binds images. */
final class DirectoryNames {
    private DirectoryNames() {}

    /** In the order of their bytes; none when there is no such directory. What cannot be read is told. */
    static List<String> of(RootTree root, String directory, Findings findings) {
        Optional<RootTree.Listing> listing;
        try {
            listing = root.list(directory);
        } catch (IOException e) {
            findings.error(
                    ProblemCode.FILE_UNREADABLE, Place.of(directory), Findings.words(e), "make it a plain directory");
            return List.of();
        }
        for (String name : listing.map(RootTree.Listing::foreign).orElse(List.of())) {
            findings.error(
                    ProblemCode.FILE_NAME,
                    Place.of(directory + "/" + name),
                    "has a name that is not UTF-8",
                    "rename the file");
        }
        return listing.map(RootTree.Listing::names).orElse(List.of());
    }
}
