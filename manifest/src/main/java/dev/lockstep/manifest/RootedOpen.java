package dev.lockstep.manifest;

/** How a path is opened inside a root, so that neither {@code ..} nor a link, absolute or relative, leads out of it. */
sealed interface RootedOpen permits Openat2, ComponentWalk {

    /**
     * Opens a path as if the root were the root directory of the process.
     *
     * @param root a descriptor of the root directory
     * @param path ends with a NUL
     * @param flags of open(2)
     * @return a descriptor that the caller closes
     * @throws ErrnoException as open(2) fails; no descriptor is left open
     */
    int open(int root, byte[] path, int flags) throws ErrnoException;
}
