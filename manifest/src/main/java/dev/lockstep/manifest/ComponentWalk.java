package dev.lockstep.manifest;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import jnr.constants.platform.Errno;

/**
 * Keeps a path inside the root by taking one component at a time, for kernels without {@code openat2}. Each component is opened without
 * following links; a link's text is spliced into what is still to be walked; {@code ..} goes back along the way that was come, so that no
 * rename can turn it into a way out. Gives the results of the kernel, with its bound of 40 links.
 */
final class ComponentWalk implements RootedOpen {
    private static final int MOST_LINKS = 40;
    private static final int LONGEST_PATH = 4096;
    /** A path of many {@code ..} through deep directories ends here, as a loop does. */
    private static final int MOST_OPENS = 65_536;

    private static final byte[] DOT = {'.'};
    private static final byte[] DOT_DOT = {'.', '.'};

    @Override
    public int open(int root, byte[] path, int flags) throws ErrnoException {
        try (Walk walk = new Walk(root, path)) {
            walk.run((flags & LibC.O_NOFOLLOW) == 0);
            return walk.openEnd(flags);
        }
    }

    /**
     * Where a path leads, as the absolute path inside the root that has no link in it.
     *
     * @throws ErrnoException as open(2) fails
     */
    byte[] resolve(int root, byte[] path) throws ErrnoException {
        try (Walk walk = new Walk(root, path)) {
            walk.run(true);
            return walk.way();
        }
    }

    /** One walk; holds a descriptor of the directory it is in. */
    private static final class Walk implements AutoCloseable {
        private final int root;
        private final Deque<byte[]> ahead = new ArrayDeque<>();
        /** Names of the directories between the root and {@link #current}. */
        private final List<byte[]> trail = new ArrayList<>();

        private int current;
        /** The last component when it is not a directory, else empty. */
        private byte[] leaf = {};

        /** Whether {@link #current} is not the trail's end any more: many {@code ..} in a row cost one way back. */
        private boolean stale;

        private int links;
        private int opens;

        Walk(int root, byte[] path) throws ErrnoException {
            this.root = root;
            byte[] plain = Arrays.copyOf(path, path.length - 1);
            if (plain.length == 0) {
                throw new ErrnoException(Errno.ENOENT);
            }
            if (path.length > LONGEST_PATH) {
                throw new ErrnoException(Errno.ENAMETOOLONG);
            }
            splice(plain);
            this.current = openStep(root, DOT, LibC.O_PATH | LibC.O_DIRECTORY);
        }

        void run(boolean follow) throws ErrnoException {
            while (!ahead.isEmpty()) {
                byte[] component = ahead.pop();
                if (Arrays.equals(component, DOT_DOT)) {
                    if (!trail.isEmpty()) {
                        trail.removeLast();
                        stale = true;
                    }
                } else if (!Arrays.equals(component, DOT)) {
                    step(component, follow);
                }
            }
        }

        private void step(byte[] component, boolean follow) throws ErrnoException {
            comeBack();
            int next = openStep(current, component, LibC.O_PATH | LibC.O_NOFOLLOW);
            boolean kept = false;
            try {
                switch (FileStatus.of(next).kind()) {
                    case DIRECTORY -> {
                        replaceCurrent(next);
                        kept = true;
                        trail.add(component);
                    }
                    case LINK -> {
                        if (ahead.isEmpty() && !follow) {
                            leaf = component;
                        } else {
                            follow(next);
                        }
                    }
                    case REGULAR, OTHER -> {
                        if (!ahead.isEmpty()) {
                            throw new ErrnoException(Errno.ENOTDIR);
                        }
                        leaf = component;
                    }
                }
            } finally {
                if (!kept) {
                    LibC.INSTANCE.close(next);
                }
            }
        }

        private void follow(int link) throws ErrnoException {
            if (++links > MOST_LINKS) {
                throw new ErrnoException(Errno.ELOOP);
            }
            byte[] target = FileStatus.linkText(link);
            if (target.length == 0) {
                throw new ErrnoException(Errno.ENOENT);
            }
            if (target[0] == '/') {
                trail.clear();
                stale = true;
            }
            splice(target);
        }

        /** Puts a path before what is still ahead; a slash at its end asks for a directory, as {@code .} does. */
        private void splice(byte[] path) {
            List<byte[]> components = new ArrayList<>();
            int start = 0;
            for (int end = 0; end <= path.length; end++) {
                if (end == path.length || path[end] == '/') {
                    if (end > start) {
                        components.add(Arrays.copyOfRange(path, start, end));
                    }
                    start = end + 1;
                }
            }
            if (path[path.length - 1] == '/') {
                components.add(DOT);
            }
            components.reversed().forEach(ahead::push);
        }

        /** Opens the directories of the trail again from the root, if need be; one that became a link meanwhile fails. */
        private void comeBack() throws ErrnoException {
            if (!stale) {
                return;
            }
            stale = false;
            replaceCurrent(openStep(root, DOT, LibC.O_PATH | LibC.O_DIRECTORY));
            for (byte[] directory : trail) {
                replaceCurrent(openStep(current, directory, LibC.O_PATH | LibC.O_DIRECTORY | LibC.O_NOFOLLOW));
            }
        }

        private void replaceCurrent(int next) {
            LibC.INSTANCE.close(current);
            current = next;
        }

        private int openStep(int directory, byte[] name, int flags) throws ErrnoException {
            if (++opens > MOST_OPENS) {
                throw new ErrnoException(Errno.ELOOP);
            }
            return FileStatus.open(directory, name, flags);
        }

        int openEnd(int flags) throws ErrnoException {
            comeBack();
            return leaf.length == 0
                    ? FileStatus.open(current, DOT, flags & ~LibC.O_NOFOLLOW)
                    : FileStatus.open(current, leaf, flags | LibC.O_NOFOLLOW);
        }

        byte[] way() {
            ByteArrayOutputStream way = new ByteArrayOutputStream();
            for (byte[] directory : trail) {
                way.write('/');
                way.writeBytes(directory);
            }
            if (leaf.length > 0 || trail.isEmpty()) {
                way.write('/');
                way.writeBytes(leaf);
            }
            return way.toByteArray();
        }

        @Override
        public void close() {
            LibC.INSTANCE.close(current);
        }
    }
}
