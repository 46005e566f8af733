package dev.lockstep.systemd.journal;

import dev.lockstep.systemd.socket.UnixDatagram;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * journald's own socket, opened when there is something to write. An entry that is too long for a datagram is handed over as a file in memory.
 */
final class NativeJournal implements Journal {
    private final String path;
    private final Priority least;
    private final Consumer<String> failures;
    private Optional<UnixDatagram> socket = Optional.empty();
    private boolean told;

    /**
     * @param path of the journal's socket
     * @param least what matters less is not written
     * @param failures is told in words, once, when entries get lost
     */
    NativeJournal(String path, Priority least, Consumer<String> failures) {
        this.path = path;
        this.least = least;
        this.failures = failures;
    }

    @Override
    public synchronized void write(JournalEntry entry) {
        if (!entry.priority().isAtLeast(least)) {
            return;
        }
        byte[] bytes = entry.encode();
        try {
            UnixDatagram open = socket.isPresent() ? socket.get() : UnixDatagram.to(path);
            socket = Optional.of(open);
            if (!open.send(bytes)) {
                open.sendSealed(bytes);
            }
        } catch (IOException e) {
            if (!told) {
                told = true;
                failures.accept("the journal cannot be written (" + path + ": " + e.getMessage()
                        + "); what happens is in the history alone, see 'lockstep history'");
            }
        }
    }

    @Override
    public synchronized void close() {
        socket.ifPresent(UnixDatagram::close);
        socket = Optional.empty();
    }
}
