package dev.lockstep.podman.process;

import java.io.IOException;

/** Where a program is started: in our own view of the file system or in a private one. */
@FunctionalInterface
public interface ProcessStarter {
    /** Starts it, as {@link ProcessBuilder#start()} does. */
    Process start(ProcessBuilder builder) throws IOException;
}
