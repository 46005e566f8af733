package dev.lockstep.orchestrator.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which directory it is, whatever its name: a directory that was removed and made again differs, also with the same inode number. The device
 * is left out, since its number may change with the next boot.
 *
 * <p>The birth time comes from {@code statx} ({@code stx_btime}): JDK 25 on Linux gives it as the creation time with its nanoseconds (compared
 * with {@code stat -c %w} on ext4 and tmpfs; one renamed, written to or relabelled keeps it). On a file system without birth times the JDK
 * gives the modification time instead, so there the directory must also be unchanged.
 *
 * @param inode its inode number
 * @param birthNanos its birth in nanoseconds since 1970
 */
public record DirectoryIdentity(long inode, long birthNanos) {
    private static final Pattern TEXT =
            Pattern.compile("(?<inode>0|-?[1-9][0-9]{0,18})@(?<birth>0|-?[1-9][0-9]{0,18})");

    /**
     * Looks at a directory; a link is not followed.
     *
     * @throws NotDirectoryException when it is something else
     */
    public static DirectoryIdentity of(Path directory) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(directory, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isDirectory()) {
            throw new NotDirectoryException(directory.toString());
        }
        Object inode = Files.getAttribute(directory, "unix:ino", LinkOption.NOFOLLOW_LINKS);
        return new DirectoryIdentity((Long) inode, attributes.creationTime().to(TimeUnit.NANOSECONDS));
    }

    /** Reads what {@link #toString} gives; empty when the text is something else. */
    public static Optional<DirectoryIdentity> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new DirectoryIdentity(
                    Long.parseLong(matcher.group("inode")), Long.parseLong(matcher.group("birth"))));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** {@code INODE@NANOSECONDS}. */
    @Override
    public String toString() {
        return inode + "@" + birthNanos;
    }
}
