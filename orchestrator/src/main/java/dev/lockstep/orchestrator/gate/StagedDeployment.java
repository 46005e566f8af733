package dev.lockstep.orchestrator.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What ostree will finalize at shutdown, as it notes it in {@code /run/ostree/staged-deployment} (a GVariant <code>a{sv}</code>).
 *
 * @param deployment which deployment
 * @param locked whether ostree was told not to finalize it; the legacy file beside is not looked at here
 */
public record StagedDeployment(DeploymentName deployment, boolean locked) {

    /**
     * Reads ostree's note; empty when there is none.
     *
     * @throws IOException when it is there and cannot be read or is not such a note
     */
    public static Optional<StagedDeployment> read(Path file) throws IOException {
        try {
            return Optional.of(parse(Files.readAllBytes(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    static StagedDeployment parse(byte[] bytes) throws IOException {
        Variant.Dictionary staged = Variant.parse(bytes);
        if (!(staged.entries().get("target") instanceof Variant.Dictionary target)) {
            throw new IOException("it has no target");
        }
        String name = text(target, "name");
        String stateroot = text(target, "osname");
        DeploymentName deployment = DeploymentName.parse(stateroot, name)
                .orElseThrow(() -> new IOException("its target '" + stateroot + "/" + name + "' is not a deployment"));
        return new StagedDeployment(deployment, locked(staged));
    }

    private static String text(Variant.Dictionary target, String key) throws IOException {
        if (target.entries().get(key) instanceof Variant.Text text) {
            return text.value();
        }
        throw new IOException("its target has no text '" + key + "'");
    }

    private static boolean locked(Variant.Dictionary staged) throws IOException {
        Variant locked = staged.entries().getOrDefault("locked", new Variant.Bool(false));
        if (locked instanceof Variant.Bool bool) {
            return bool.value();
        }
        throw new IOException("its key 'locked' is not a boolean");
    }

    /** The state root. */
    public String stateroot() {
        return deployment.stateroot();
    }

    /** {@code CHECKSUM.SERIAL}. */
    public String name() {
        return deployment.name();
    }

    /** The commit's checksum. */
    public String checksum() {
        return deployment.checksum();
    }

    /** The serial number. */
    public int serial() {
        return deployment.serial();
    }

    /** The deployment's directory. */
    public Path directory(Path sysroot) {
        return deployment.directory(sysroot);
    }
}
