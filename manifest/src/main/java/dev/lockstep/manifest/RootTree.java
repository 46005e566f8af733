package dev.lockstep.manifest;

import dev.lockstep.manifest.UnreadableException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import jnr.constants.platform.Errno;

/**
 * A foreign root file system, read so that nothing in it can lead outside of it, block, or fill the memory.
 *
 * <p>Paths are absolute paths inside the root. Links, absolute ones too, are followed as if the root were {@code /}. Only regular files are
 * opened for reading: a FIFO, socket or device is told as {@link UnreadableException} without being touched. What is not there (also a
 * dangling link, or a file where the path needs a directory) is an empty result; what is there and cannot be read is an
 * {@link UnreadableException}. Nothing here ever writes to the root.
 *
 * <p>Safe for use by several threads, as long as none closes it while another reads.
 */
public final class RootTree implements AutoCloseable {
    /** The most that {@link #read(String)} and {@link #copyOut} take of one file, in bytes. */
    public static final long DEFAULT_LIMIT = 16L << 20;

    /** The most entries of one directory. */
    static final int MOST_ENTRIES = 65_536;

    private static final int CLOSED = -1;
    private static final int CHUNK = 64 << 10;
    private static final int SMALLEST_CHUNK = 1 << 10;

    private final Path root;
    private final RootedOpen opener;
    private final AtomicInteger descriptor;
    private final Set<String> asked = new ConcurrentSkipListSet<>();

    private RootTree(Path root, int descriptor, RootedOpen opener) {
        this.root = root;
        this.descriptor = new AtomicInteger(descriptor);
        this.opener = opener;
    }

    /**
     * Opens a root. The kernel keeps paths inside it where it can ({@code openat2}, Linux 5.6), else a walk of our own does.
     *
     * @throws UnreadableException when it is not a directory that can be opened
     */
    public static RootTree open(Path root) throws IOException {
        int descriptor = openRoot(root);
        return new RootTree(root, descriptor, Openat2.works(descriptor) ? new Openat2() : new ComponentWalk());
    }

    /** Opens a root with one way of keeping paths inside it. */
    static RootTree open(Path root, RootedOpen opener) throws IOException {
        return new RootTree(root, openRoot(root), opener);
    }

    private static int openRoot(Path root) throws IOException {
        String path = root.toAbsolutePath().toString();
        byte[] name = Names.terminated(path)
                .orElseThrow(() -> new UnreadableException(path, Reason.BAD_NAME, "is not a possible path"));
        try {
            return FileStatus.open(0, Arrays.copyOf(name, name.length - 1), LibC.O_PATH | LibC.O_DIRECTORY);
        } catch (ErrnoException e) {
            throw new UnreadableException(path, Reason.SYSTEM, "cannot be opened as a root: " + e.getMessage());
        }
    }

    /** The directory that is the root. */
    public Path path() {
        return root;
    }

    /** Reads a regular file of at most {@link #DEFAULT_LIMIT} bytes; empty when there is none. */
    public Optional<byte[]> read(String path) throws IOException {
        return read(path, DEFAULT_LIMIT);
    }

    /**
     * Reads a regular file; empty when there is none.
     *
     * @param limit bytes; a larger file is an {@link UnreadableException} with {@link Reason#TOO_LARGE}
     */
    public Optional<byte[]> read(String path, long limit) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        return transfer(path, limit, content) ? Optional.of(content.toByteArray()) : Optional.empty();
    }

    /** What a path leads to, links followed; empty when it leads to nothing. */
    public Optional<FileKind> kind(String path) throws IOException {
        return status(path).map(FileStatus::kind);
    }

    /** Whether a path leads to anything. */
    public boolean exists(String path) throws IOException {
        return kind(path).isPresent();
    }

    /**
     * Every path that decided what was read so far: those that were asked for, whatever they led to, and those that links on their way lead
     * to. Absolute and without dots, sorted; a path that leads to nothing is among them.
     */
    public Set<String> lookedAt() throws IOException {
        Set<String> before = new TreeSet<>(asked);
        try {
            return new LookedAt(this).of(before);
        } finally {
            asked.retainAll(before);
        }
    }

    /** Adds a path to those that decided, of which it was enough to know its entry in the directory. */
    void alsoLookedAt(String path) {
        asked.add(path);
    }

    /** The text of a link as it stands; empty when the path is not a link. */
    public Optional<String> readLink(String path) throws IOException {
        Optional<Descriptor> link = openIfThere(path, LibC.O_PATH | LibC.O_NOFOLLOW);
        if (link.isEmpty()) {
            return Optional.empty();
        }
        try (Descriptor held = link.get()) {
            return FileStatus.of(held.number()).kind() == FileKind.LINK
                    ? Optional.of(decoded(path, FileStatus.linkText(held.number())))
                    : Optional.empty();
        } catch (ErrnoException e) {
            throw unreadable(path, e.errno());
        }
    }

    /** Where a path leads: the absolute path inside the root that has no link in it; empty when it leads to nothing. */
    public Optional<String> resolve(String path) throws IOException {
        try {
            return Optional.of(decoded(path, new ComponentWalk().resolve(held(), bytes(path))));
        } catch (ErrnoException e) {
            if (isMissing(e.errno())) {
                return Optional.empty();
            }
            throw unreadable(path, e.errno());
        }
    }

    /**
     * The names in a directory; empty when there is none.
     *
     * @param names those that are UTF-8, in the order of their bytes
     * @param perhapsDirectories of these, the ones that are no directories for certain left out, in the same order
     * @param foreign those that are not UTF-8, in a printable form that does not lead back to the file
     */
    public record Listing(List<String> names, List<String> perhapsDirectories, List<String> foreign) {
        public Listing {
            names = List.copyOf(names);
            perhapsDirectories = List.copyOf(perhapsDirectories);
            foreign = List.copyOf(foreign);
        }
    }

    /** Lists a directory without {@code .} and {@code ..}; empty when there is none. */
    public Optional<Listing> list(String directory) throws IOException {
        Optional<Descriptor> opened = openIfThere(directory, LibC.O_PATH);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        List<DirectoryEntries.Entry> entries;
        try (Descriptor held = opened.get()) {
            if (FileStatus.of(held.number()).kind() != FileKind.DIRECTORY) {
                throw new UnreadableException(directory, Reason.NOT_A_DIRECTORY, "is not a directory");
            }
            try (Descriptor open = new Descriptor(
                    FileStatus.open(held.number(), new byte[] {'.'}, LibC.O_RDONLY | LibC.O_DIRECTORY))) {
                entries = DirectoryEntries.read(open, MOST_ENTRIES);
            }
        } catch (ErrnoException e) {
            throw unreadable(directory, e.errno());
        }
        if (entries.size() > MOST_ENTRIES) {
            throw new UnreadableException(
                    directory, Reason.TOO_MANY_ENTRIES, "has more than " + MOST_ENTRIES + " entries");
        }
        List<String> readable = new ArrayList<>();
        List<String> perhaps = new ArrayList<>();
        List<String> foreign = new ArrayList<>();
        for (DirectoryEntries.Entry entry : entries) {
            Optional<String> name = Names.text(entry.name());
            name.ifPresentOrElse(readable::add, () -> foreign.add(Names.printable(entry.name())));
            name.filter(text -> entry.mayBeDirectory()).ifPresent(perhaps::add);
        }
        return Optional.of(new Listing(readable, perhaps, foreign));
    }

    /**
     * Copies a regular file (mode 0600), or a directory (mode 0700) with its regular files one level deep, links followed inside the root;
     * what else is in the directory is left out. Afterwards the copy is there completely; after a failure nothing is at the destination
     * that was not there before.
     *
     * @param destination on this host, must not exist
     * @throws java.nio.file.NoSuchFileException when the root has no such path
     * @throws java.nio.file.FileAlreadyExistsException when the destination exists
     */
    public void copyOut(String path, Path destination) throws IOException {
        new CopyOut(this).copy(path, destination);
    }

    /** Writes a file's content to a stream; false when there is no file. */
    boolean transfer(String path, long limit, OutputStream sink) throws IOException {
        Optional<FileStatus> status = status(path);
        if (status.isEmpty()) {
            return false;
        }
        requireRegular(path, status.get(), limit);
        // Opened only once known to be a regular file, and looked at again in case it was replaced meanwhile.
        Optional<Descriptor> opened = openIfThere(path, LibC.O_RDONLY | LibC.O_NONBLOCK | LibC.O_NOCTTY);
        if (opened.isEmpty()) {
            return false;
        }
        try (Descriptor file = opened.get()) {
            FileStatus now = FileStatus.of(file.number());
            requireRegular(path, now, limit);
            // The native call copies the whole array, so a small file gets a small one.
            byte[] chunk = new byte[Math.clamp(now.size() + 1, SMALLEST_CHUNK, CHUNK)];
            long total = 0;
            int count = file.read(chunk);
            while (count > 0) {
                total += count;
                requireWithin(path, total, limit);
                sink.write(chunk, 0, count);
                boolean ends = total >= now.size() && count < chunk.length;
                count = ends ? 0 : file.read(chunk);
            }
            return true;
        } catch (ErrnoException e) {
            throw unreadable(path, e.errno());
        }
    }

    private static void requireRegular(String path, FileStatus status, long limit) throws UnreadableException {
        switch (status.kind()) {
            case REGULAR -> requireWithin(path, status.size(), limit);
            case DIRECTORY ->
                throw new UnreadableException(path, Reason.NOT_A_FILE, "is a directory, not a regular file");
            case LINK, OTHER ->
                throw new UnreadableException(
                        path, Reason.NOT_A_FILE, "is a FIFO, a socket or a device, not a regular file");
        }
    }

    private static void requireWithin(String path, long size, long limit) throws UnreadableException {
        if (size > limit) {
            throw new UnreadableException(path, Reason.TOO_LARGE, "is larger than " + limit + " bytes");
        }
    }

    private Optional<FileStatus> status(String path) throws IOException {
        Optional<Descriptor> opened = openIfThere(path, LibC.O_PATH);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        try (Descriptor held = opened.get()) {
            return Optional.of(FileStatus.of(held.number()));
        } catch (ErrnoException e) {
            throw unreadable(path, e.errno());
        }
    }

    private Optional<Descriptor> openIfThere(String path, int flags) throws IOException {
        asked.add(path);
        try {
            return Optional.of(new Descriptor(opener.open(held(), bytes(path), flags)));
        } catch (ErrnoException e) {
            if (isMissing(e.errno())) {
                return Optional.empty();
            }
            throw unreadable(path, e.errno());
        }
    }

    private static boolean isMissing(Errno errno) {
        return errno == Errno.ENOENT || errno == Errno.ENOTDIR;
    }

    private static UnreadableException unreadable(String path, Errno errno) {
        if (errno == Errno.ELOOP) {
            return new UnreadableException(path, Reason.LOOP, "has too many links on its way, or a loop");
        }
        if (errno == Errno.ENAMETOOLONG) {
            return new UnreadableException(path, Reason.BAD_NAME, "is too long a path");
        }
        return new UnreadableException(path, Reason.SYSTEM, "cannot be read: " + errno.name());
    }

    private static byte[] bytes(String path) throws UnreadableException {
        return Names.terminated(path)
                .orElseThrow(() -> new UnreadableException(path, Reason.BAD_NAME, "is not a possible path"));
    }

    private static String decoded(String path, byte[] name) throws UnreadableException {
        return Names.text(name)
                .orElseThrow(() -> new UnreadableException(
                        path, Reason.BAD_NAME, "leads to a name that is not UTF-8: " + Names.printable(name)));
    }

    private int held() {
        int number = descriptor.get();
        if (number == CLOSED) {
            throw new IllegalStateException("the root " + root + " is closed");
        }
        return number;
    }

    /** Lets go of the root; a second call does nothing. */
    @Override
    public void close() throws IOException {
        int number = descriptor.getAndSet(CLOSED);
        if (number != CLOSED) {
            LibC.INSTANCE.close(number);
        }
    }
}
