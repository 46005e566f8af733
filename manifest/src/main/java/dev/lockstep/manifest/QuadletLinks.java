package dev.lockstep.manifest;

import dev.lockstep.manifest.BoundImage.Kind;
import dev.lockstep.manifest.BoundImage.Mode;
import dev.lockstep.manifest.BoundImage.Source;
import dev.lockstep.manifest.UnitFile.Assignment;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads a {@code bound-images.d} directory: links to the Quadlet files whose images are bound. */
final class QuadletLinks {
    /** Our own directory. */
    static final String LOCKSTEP = "/usr/lib/lockstep/bound-images.d";
    /** bootc's, {@code bootc-logically-bound-images}: an entry that bootc refuses fails every one of its upgrades. */
    static final String BOOTC = "/usr/lib/bootc/bound-images.d";

    private static final String OURS = "move the link to " + LOCKSTEP;

    private final RootTree root;
    private final Findings findings;
    private final QuadletFiles files;
    private final QuadletDropIns dropIns;
    private final QuadletDirectories directories;

    QuadletLinks(RootTree root, Findings findings) {
        this.root = root;
        this.findings = findings;
        this.files = new QuadletFiles(root, findings);
        this.dropIns = new QuadletDropIns(root, files, findings);
        this.directories = QuadletDirectories.search(root, findings);
    }

    /** Binds what the links of a directory lead to. */
    void read(String directory) {
        for (String name : DirectoryNames.of(root, directory, findings)) {
            String link = directory + "/" + name;
            try {
                Optional<String> target = followed(link);
                if (target.isPresent()) {
                    tellShadow(link, target.get());
                    bind(link, target.get(), directory.equals(BOOTC));
                }
            } catch (IOException e) {
                findings.error(
                        ProblemCode.FILE_UNREADABLE, Place.of(link), Findings.words(e), "mend or remove the link");
            }
        }
    }

    /** The real path of the file that an entry links to; empty when it links to none, which is then told. */
    private Optional<String> followed(String link) throws IOException {
        Optional<String> text = root.readLink(link);
        if (text.isEmpty()) {
            findings.error(
                    ProblemCode.BOUND_NOT_A_LINK,
                    Place.of(link),
                    "is not a symbolic link",
                    "put the Quadlet file into /usr/share/containers/systemd and a link to it here");
            return Optional.empty();
        }
        Optional<FileKind> kind = root.kind(link);
        if (kind.isEmpty()) {
            findings.error(
                    ProblemCode.BOUND_LINK_DANGLING,
                    Place.of(link),
                    "links to " + OptionValues.quoted(text.get()) + ", which the root does not have",
                    "mend or remove the link");
            return Optional.empty();
        }
        if (kind.get() != FileKind.REGULAR) {
            findings.error(
                    ProblemCode.BOUND_LINK_TYPE,
                    Place.of(link),
                    "links to " + OptionValues.quoted(text.get()) + ", which is not a regular file",
                    "link to a Quadlet file");
            return Optional.empty();
        }
        return root.resolve(link);
    }

    /** Quadlet takes the first file of a name, so the unit that runs may not be the one whose image is bound. */
    private void tellShadow(String link, String file) throws IOException {
        Optional<String> taken = directories.find(file.substring(file.lastIndexOf('/') + 1));
        if (taken.isPresent() && !root.resolve(taken.get()).equals(Optional.of(file))) {
            findings.warning(
                    ProblemCode.QUADLET_SHADOWED,
                    Place.of(link),
                    "binds the image of " + file + ", but Quadlet takes " + taken.get() + " instead",
                    "link to the file that Quadlet takes");
        }
    }

    private void bind(String link, String file, boolean bootc) {
        if (link.endsWith(".image")) {
            files.unit(file).ifPresent(unit -> bindImage(file, unit, bootc));
        } else if (link.endsWith(".container")) {
            files.unit(file).ifPresent(unit -> bindContainer(file, unit, bootc));
        } else if (bootc) {
            refused(Place.of(link), "takes only .image and .container files");
        } else {
            findings.error(
                    ProblemCode.QUADLET_TYPE,
                    Place.of(link),
                    "is not a type of Quadlet file that can be bound",
                    "only .image and .container are taken");
        }
    }

    private void bindImage(String file, UnitFile unit, boolean bootc) {
        dropIns.tell(file, directories.directories(), QuadletImage.SECTION, QuadletImage.PULL_KEYS);
        if (bootc) {
            unit.last(QuadletImage.SECTION, "AuthFile")
                    .ifPresent(auth -> refused(Place.of(file, auth.line(), auth.key()), "does not support AuthFile="));
        }
        new QuadletImage(file, unit, findings)
                .read()
                .ifPresent(fetched -> findings.bind(new Binding(
                        fetched.reference(),
                        Mode.BIND,
                        Optional.of(fetched.pull()),
                        new Source(file, fetched.line(), Kind.IMAGE))));
    }

    private void bindContainer(String file, UnitFile unit, boolean bootc) {
        dropIns.tell(file, directories.directories(), QuadletContainer.SECTION, Set.of("Image", "Rootfs"));
        QuadletContainer container = new QuadletContainer(file, unit, findings);
        switch (container.read()) {
            case QuadletContainer.Nothing nothing -> {}
            case QuadletContainer.Names names ->
                findings.bind(new Binding(
                        names.reference(),
                        Mode.BIND,
                        Optional.empty(),
                        new Source(file, names.line(), Kind.CONTAINER)));
            case QuadletContainer.Refers refers -> {
                if (bootc) {
                    refused(
                            Place.of(file, refers.image().line(), "Image"),
                            "takes '" + refers.unit() + "' for the name of an image");
                }
                bindReferred(file, refers);
            }
        }
    }

    private void bindReferred(String file, QuadletContainer.Refers refers) {
        Place place = Place.of(file, refers.image().line(), refers.image().key());
        Optional<String> found = directories.find(refers.unit());
        if (found.isEmpty()) {
            findings.error(
                    ProblemCode.QUADLET_NOT_FOUND,
                    place,
                    "no Quadlet directory has a file " + OptionValues.quoted(refers.unit()),
                    "add it to /usr/share/containers/systemd, or name the image itself");
            return;
        }
        files.unit(found.get()).ifPresent(unit -> {
            dropIns.tell(found.get(), directories.directories(), QuadletImage.SECTION, QuadletImage.PULL_KEYS);
            QuadletImage image = new QuadletImage(found.get(), unit, findings);
            image.imageTag().ifPresent(tag -> tellImageTag(found.get(), tag));
            image.read()
                    .ifPresent(fetched -> findings.bind(new Binding(
                            fetched.reference(),
                            Mode.BIND,
                            Optional.of(fetched.pull()),
                            new Source(file, refers.image().line(), Kind.CONTAINER))));
        });
    }

    private void tellImageTag(String file, Assignment tag) {
        findings.warning(
                ProblemCode.QUADLET_IGNORED_KEY,
                Place.of(file, tag.line(), tag.key()),
                "makes containers look for another name than the one that is bound",
                "remove it: it is meant for images of an archive");
    }

    private void refused(Place place, String why) {
        findings.error(ProblemCode.BOOTC_REFUSES, place, "bootc would fail every upgrade: it " + why, OURS);
    }

    /** Both directories, ours first. */
    static List<String> places() {
        return List.of(LOCKSTEP, BOOTC);
    }
}
