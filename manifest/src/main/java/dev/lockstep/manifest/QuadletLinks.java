package dev.lockstep.manifest;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Reads a {@code bound-images.d} directory: links to the Quadlet files whose images are bound. */
final class QuadletLinks {
    /** Our own directory. */
    static final String LOCKSTEP = "/usr/lib/lockstep/bound-images.d";
    /** bootc's, {@code bootc-logically-bound-images}: an entry that bootc refuses fails every one of its upgrades. */
    static final String BOOTC = "/usr/lib/bootc/bound-images.d";

    private static final int MOST_LINKS = 40;

    private final RootTree root;
    private final Findings findings;
    private final QuadletRoot quadlet;

    QuadletLinks(RootTree root, QuadletRoot quadlet, Findings findings) {
        this.root = root;
        this.quadlet = quadlet;
        this.findings = findings;
    }

    /** Where a link is, and the unit that it binds. */
    record Linked(String link, QuadletUnit unit) {}

    /** Both directories, ours first. */
    static List<String> places() {
        return List.of(LOCKSTEP, BOOTC);
    }

    /** The units that the links of a directory bind, in the order of the links' names. */
    List<Linked> read(String directory) {
        boolean isBootcs = directory.equals(BOOTC);
        return DirectoryNames.of(root, directory, findings).stream()
                .map(name -> directory + "/" + name)
                .flatMap(link -> read(link, isBootcs).stream())
                .toList();
    }

    private Optional<Linked> read(String link, boolean isBootcs) {
        try {
            if (!leadsToFile(link)) {
                return Optional.empty();
            }
            BootcRules bootc = new BootcRules(findings);
            if (isBootcs && !bootc.takes(link)) {
                return Optional.empty();
            }
            Optional<QuadletUnit> unit = unit(link);
            if (isBootcs) {
                unit.ifPresent(bootc::check);
            }
            return unit.map(bound -> new Linked(link, bound));
        } catch (IOException e) {
            findings.error(ProblemCode.FILE_UNREADABLE, Place.of(link), Findings.words(e), "mend or remove the link");
            return Optional.empty();
        }
    }

    private boolean leadsToFile(String link) throws IOException {
        Optional<String> text = root.readLink(link);
        if (text.isEmpty()) {
            findings.error(
                    ProblemCode.BOUND_NOT_A_LINK,
                    Place.of(link),
                    "is not a symbolic link",
                    "put the Quadlet file into " + QuadletDirectories.VENDOR + " and a link to it here");
            return false;
        }
        Optional<FileKind> kind = root.kind(link);
        if (kind.isEmpty()) {
            findings.error(
                    ProblemCode.BOUND_LINK_DANGLING,
                    Place.of(link),
                    "links to " + OptionValues.quoted(text.get()) + ", which the root does not have",
                    "mend or remove the link");
        } else if (kind.get() != FileKind.REGULAR) {
            findings.error(
                    ProblemCode.BOUND_LINK_TYPE,
                    Place.of(link),
                    "links to " + OptionValues.quoted(text.get()) + ", which is not a regular file",
                    "link to a Quadlet file");
        }
        return kind.filter(FileKind.REGULAR::equals).isPresent();
    }

    private Optional<QuadletUnit> unit(String link) throws IOException {
        String file = unitPath(link);
        Optional<QuadletType> type = QuadletType.of(link);
        if (type.isEmpty() || !type.equals(QuadletType.of(file))) {
            findings.error(
                    ProblemCode.QUADLET_TYPE,
                    Place.of(link),
                    type.isEmpty()
                            ? "is not a type of Quadlet file that can be bound"
                            : "links to a file of another type, " + file,
                    "only links to .image and .container, .volume, .kube, .build and .artifact files are taken");
            return Optional.empty();
        }
        tellShadow(link, file);
        Optional<QuadletUnit> unit = quadlet.at(file);
        if (unit.isEmpty()) {
            findings.tell(quadlet.problems(file));
        }
        return unit;
    }

    /**
     * The path by which Quadlet knows the file: a unit of an instance is itself a link, whose name counts. Links are followed until there is
     * one that Quadlet takes, or to the end.
     */
    private String unitPath(String link) throws IOException {
        String path = link;
        for (int i = 0; i < MOST_LINKS; i++) {
            Optional<String> text = root.readLink(path);
            if (text.isEmpty()) {
                break;
            }
            String next = text.get().startsWith("/") ? text.get() : directoryOf(path) + "/" + text.get();
            Optional<String> directory = root.resolve(directoryOf(next));
            if (directory.isEmpty()) {
                break;
            }
            String parent = directory.get().equals("/") ? "" : directory.get();
            path = parent + "/" + next.substring(next.lastIndexOf('/') + 1);
            if (quadlet.isUnit(path)) {
                return path;
            }
        }
        return root.resolve(link).orElse(path);
    }

    private static String directoryOf(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    /** Quadlet takes the first file of a name, so the unit that runs may not be the one whose image is bound. */
    private void tellShadow(String link, String file) throws IOException {
        Optional<String> taken = quadlet.pathOf(file.substring(file.lastIndexOf('/') + 1));
        if (taken.isPresent()
                && !taken.get().equals(file)
                && !root.resolve(taken.get()).equals(root.resolve(file))) {
            findings.warning(
                    ProblemCode.QUADLET_SHADOWED,
                    Place.of(link),
                    "binds the image of " + file + ", but Quadlet takes " + taken.get() + " instead",
                    "link to the file that Quadlet takes");
        }
    }
}
