package dev.lockstep.podman;

import dev.lockstep.manifest.Credentials;
import dev.lockstep.manifest.ImageReference;
import dev.lockstep.manifest.PullOptions;
import dev.lockstep.podman.disk.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Pull options as podman and skopeo take them, with every file on this host. Closing it removes the files that were made for it.
 *
 * @param directory 0700 directory in the runtime directory that holds the copies
 * @param authFile of {@code AuthFile=} or the default, with the credentials of {@code Creds=} added to a copy: never on a command line
 * @param home a home directory for podman whose settings lead to another place than the image's own registry
 * @param decryptionKey a file, with {@code :file=} and the file of its passphrase when it has one: never the passphrase itself
 */
public record PullArguments(
        Path directory,
        Optional<Path> authFile,
        Optional<Boolean> tlsVerify,
        Optional<String> architecture,
        Optional<String> operatingSystem,
        Optional<String> variant,
        Optional<Path> certificateDirectory,
        Optional<String> decryptionKey,
        Optional<Path> signaturePolicy,
        Optional<Path> home)
        implements AutoCloseable {

    /** Begins the names of directories of this kind; what is left of one after a crash is rubbish. */
    static final String PREFIX = "pull-";

    /**
     * Copies the files that the options name out of the root that binds the image, or takes those of the running host where the root has none.
     *
     * @param defaultAuthFile credentials for options that name none
     * @param runtimeDirectory in memory, so that credentials never reach a disk
     * @throws ImageException PULL_OPTION_FILE when a file is nowhere
     */
    public static PullArguments prepare(
            RootFiles root, PullOptions options, Optional<Path> defaultAuthFile, Path runtimeDirectory)
            throws ImageException {
        Path directory = makeDirectory(runtimeDirectory);
        try {
            Optional<Path> own = copied(root, options.authFile(), directory, "auth.json");
            Optional<Path> authFile = own.isPresent() ? own : defaultAuthFile;
            return new PullArguments(
                    directory,
                    options.credentials().isPresent()
                            ? Optional.of(withCredentials(options.credentials().get(), authFile, directory))
                            : authFile,
                    options.tlsVerify(),
                    options.architecture(),
                    options.operatingSystem(),
                    options.variant(),
                    copied(root, options.certificateDirectory(), directory, "certs"),
                    decryptionKey(root, options, directory),
                    copied(root, options.signaturePolicy(), directory, "policy.json"),
                    Optional.empty());
        } catch (ImageException e) {
            remove(directory);
            throw e;
        }
    }

    /**
     * Arguments with which podman takes an image from a registry of this host. Its name, and so the policy that applies to it, stay those of
     * its own registry; credentials and certificates for that are of no use here, and are not asked for.
     */
    public static PullArguments from(
            LoopbackRegistry registry, ImageReference image, RootFiles root, PullOptions options, Path runtimeDirectory)
            throws ImageException {
        Path directory = makeDirectory(runtimeDirectory);
        try {
            return new PullArguments(
                    directory,
                    Optional.empty(),
                    Optional.empty(),
                    options.architecture(),
                    options.operatingSystem(),
                    options.variant(),
                    Optional.empty(),
                    decryptionKey(root, options, directory),
                    copied(root, options.signaturePolicy(), directory, "policy.json"),
                    Optional.of(RedirectedHome.make(directory.resolve("home"), image, registry)));
        } catch (ImageException e) {
            remove(directory);
            throw e;
        }
    }

    private static Path makeDirectory(Path runtimeDirectory) throws ImageException {
        try {
            Files.createDirectories(runtimeDirectory);
            return Files.createTempDirectory(
                    runtimeDirectory,
                    PREFIX,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new ImageException(
                    ImageError.STORE_UNUSABLE,
                    "cannot make a directory in " + runtimeDirectory + ": " + e.getMessage(),
                    "see to the permissions of " + runtimeDirectory,
                    e);
        }
    }

    /** Credentials go into a file, since a command line can be read by everybody. */
    private static Path withCredentials(Credentials credentials, Optional<Path> authFile, Path directory)
            throws ImageException {
        String named = authFile.map(Path::toString).orElse("with the credentials of " + credentials.repository());
        Path file = directory.resolve("credentials.json");
        try {
            Optional<String> before =
                    authFile.isPresent() ? Optional.of(Files.readString(authFile.get())) : Optional.empty();
            String text = AuthFile.with(credentials, before)
                    .orElseThrow(() -> new IOException("it is not a JSON object as containers-auth.json(5) has it"));
            writeSecret(file, text);
            return file;
        } catch (IOException e) {
            throw unusable(named, String.valueOf(e.getMessage()), e);
        }
    }

    private static void writeSecret(Path file, String secret) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, secret);
    }

    /** {@code KEY[:PASSPHRASE]}; the passphrase goes into a file, since a command line can be read by everybody. */
    private static Optional<String> decryptionKey(RootFiles root, PullOptions options, Path directory)
            throws ImageException {
        Optional<Path> key = copied(root, options.decryptionKeyFile(), directory, "key");
        if (key.isEmpty()) {
            return Optional.empty();
        }
        int keyLength = options.decryptionKeyFile().map(String::length).orElse(0);
        String rest =
                options.decryptionKey().map(text -> text.substring(keyLength)).orElse("");
        if (rest.isEmpty()) {
            return key.map(Path::toString);
        }
        String passphrase = rest.substring(1);
        Path file = directory.resolve("passphrase");
        if (passphrase.startsWith("file=")) {
            Optional<Path> named =
                    copied(root, Optional.of(passphrase.substring("file=".length())), directory, "passphrase");
            return named.map(path -> key.get() + ":file=" + path);
        }
        String secret = passphrase.startsWith("pass=") ? passphrase.substring("pass=".length()) : passphrase;
        try {
            writeSecret(file, secret);
        } catch (IOException e) {
            throw unusable(
                    options.decryptionKeyFile().orElse(""), "its passphrase cannot be handed on: " + e.getMessage(), e);
        }
        return Optional.of(key.get() + ":file=" + file);
    }

    private static Optional<Path> copied(RootFiles root, Optional<String> named, Path directory, String name)
            throws ImageException {
        if (named.isEmpty()) {
            return Optional.empty();
        }
        Path copy = directory.resolve(name);
        try {
            root.copyOut(named.get(), copy);
            return Optional.of(copy);
        } catch (NoSuchFileException e) {
            Path onHost = Path.of(named.get());
            if (Files.isReadable(onHost)) {
                return Optional.of(onHost);
            }
            throw unusable(named.get(), "it is neither in the root that names it nor on this host", e);
        } catch (IOException e) {
            throw unusable(named.get(), String.valueOf(e.getMessage()), e);
        }
    }

    private static ImageException unusable(String file, String reason, IOException cause) {
        return new ImageException(
                ImageError.PULL_OPTION_FILE,
                "the file " + file + " that a pull option names cannot be used: " + reason,
                "put it into the image of the operating system, or on this host",
                cause);
    }

    private static void remove(Path directory) throws ImageException {
        try {
            DurableFiles.deleteTree("pull-arguments", directory);
        } catch (IOException e) {
            throw new ImageException(
                    ImageError.STORE_UNUSABLE,
                    "cannot remove " + directory + ", which may hold credentials: " + e.getMessage(),
                    "remove it by hand",
                    e);
        }
    }

    @Override
    public void close() throws ImageException {
        remove(directory);
    }
}
