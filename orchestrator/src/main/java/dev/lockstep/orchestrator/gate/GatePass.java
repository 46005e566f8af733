package dev.lockstep.orchestrator.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What lets one staged deployment through the gate, once: the transaction writes it when all that it binds is confirmed and durable. It
 * holds for exactly that deployment directory, in the boot in which it was written, as long as what was looked at is still so.
 *
 * <p>On disk ({@value #PLACE}) it is a file of lines: the schema, {@code KEY VALUE…} with blanks, controls and percent signs of values as
 * {@code %XX}, and {@code end} with the SHA-256 of all above. {@link #encode} and {@link #parse} are exact inverses.
 *
 * @param bootId of {@code /proc/sys/kernel/random/boot_id}
 * @param transaction UUID
 * @param deployment which one may become bootable
 * @param directory the identity of its directory
 * @param fingerprints of what was looked at in the root's {@code /etc}
 * @param images all that it binds
 * @param forced who let it through without looking at its images
 */
public record GatePass(
        String bootId,
        String transaction,
        DeploymentName deployment,
        DirectoryIdentity directory,
        List<Fingerprint> fingerprints,
        List<StoredImage> images,
        Optional<Forced> forced) {
    /** Where the booted host has it. */
    public static final String PLACE = "/var/lib/lockstep/gate-pass";

    private static final String SCHEMA = "dev.lockstep.gate-pass/v1";
    private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    /**
     * An administrator's word.
     *
     * @param who their name
     * @param why what they said
     */
    public record Forced(String who, String why) {}

    public GatePass {
        fingerprints = List.copyOf(fingerprints);
        images = List.copyOf(images);
        if (!bootId.matches(UUID) || !transaction.matches(UUID)) {
            throw new IllegalArgumentException("not UUIDs: boot " + bootId + ", transaction " + transaction);
        }
    }

    /** Whether an administrator wants it through whatever its images are. */
    public boolean isForced() {
        return forced.isPresent();
    }

    /** The file's content. */
    public byte[] encode() {
        LineFile.Writer lines = new LineFile.Writer(SCHEMA)
                .line("boot", bootId)
                .line("transaction", transaction)
                .line("stateroot", deployment.stateroot())
                .line("deployment", deployment.name())
                .line("directory", directory.toString());
        for (Fingerprint seen : fingerprints) {
            lines.line("fingerprint", seen.kind().word(), seen.path(), seen.value());
        }
        for (StoredImage image : images) {
            List<String> words = new ArrayList<>(List.of(image.graphRoot(), image.imageId(), image.manifestDigest()));
            image.layers().forEach(layer -> words.add(layer.toString()));
            lines.line("image", words);
        }
        forced.ifPresent(word -> lines.line("forced", word.who(), word.why()));
        return lines.bytes();
    }

    /**
     * Reads a file's content.
     *
     * @throws LineFileException when it is not exactly what {@link #encode} writes, with the line
     */
    public static GatePass parse(byte[] content) throws LineFileException {
        return new Parser(LineFile.parse(SCHEMA, content)).pass();
    }

    /** Takes line after line. */
    private static final class Parser {
        private final List<LineFile.Line> lines;
        private int next;

        Parser(List<LineFile.Line> lines) {
            this.lines = lines;
        }

        GatePass pass() throws LineFileException {
            String bootId = uuid("boot");
            String transaction = uuid("transaction");
            String stateroot = one("stateroot").words().get(0);
            LineFile.Line name = one("deployment");
            DeploymentName deployment = DeploymentName.parse(
                            stateroot, name.words().get(0))
                    .orElseThrow(() -> name.wrong("not a deployment: " + stateroot + "/"
                            + name.words().get(0)));
            LineFile.Line identity = one("directory");
            DirectoryIdentity directory = DirectoryIdentity.parse(
                            identity.words().get(0))
                    .orElseThrow(() -> identity.wrong(
                            "not INODE@NANOSECONDS: " + identity.words().get(0)));
            List<Fingerprint> fingerprints = new ArrayList<>();
            while (isNext("fingerprint")) {
                fingerprints.add(fingerprint(lines.get(next++)));
            }
            List<StoredImage> images = new ArrayList<>();
            while (isNext("image")) {
                images.add(image(lines.get(next++)));
            }
            Optional<Forced> forced = Optional.empty();
            if (isNext("forced")) {
                List<String> words = lines.get(next++).words(2);
                forced = Optional.of(new Forced(words.get(0), words.get(1)));
            }
            if (next < lines.size()) {
                throw lines.get(next).wrong("'" + lines.get(next).key() + "' is not expected here");
            }
            return new GatePass(bootId, transaction, deployment, directory, fingerprints, images, forced);
        }

        private boolean isNext(String key) {
            return next < lines.size() && lines.get(next).key().equals(key);
        }

        private LineFile.Line one(String key) throws LineFileException {
            if (!isNext(key)) {
                throw new LineFileException(next + 2, "'" + key + "' should be here");
            }
            LineFile.Line line = lines.get(next++);
            line.words(1);
            return line;
        }

        private String uuid(String key) throws LineFileException {
            LineFile.Line line = one(key);
            String text = line.words().get(0);
            if (!text.matches(UUID)) {
                throw line.wrong("not a UUID: " + text);
            }
            return text;
        }

        private static Fingerprint fingerprint(LineFile.Line line) throws LineFileException {
            List<String> words = line.words(3);
            for (Fingerprint.Kind kind : Fingerprint.Kind.values()) {
                if (kind.word().equals(words.get(0))) {
                    try {
                        return new Fingerprint(words.get(1), kind, words.get(2));
                    } catch (IllegalArgumentException e) {
                        throw line.wrong(String.valueOf(e.getMessage()));
                    }
                }
            }
            throw line.wrong("not a kind of file: " + words.get(0));
        }

        private static StoredImage image(LineFile.Line line) throws LineFileException {
            List<String> words = line.words();
            if (words.size() < 3) {
                throw line.wrong("an image has a graph root, an ID, a digest and layers");
            }
            List<StoredImage.Layer> layers = new ArrayList<>();
            for (String word : words.subList(3, words.size())) {
                layers.add(StoredImage.Layer.parse(word).orElseThrow(() -> line.wrong("not ID:LINK: " + word)));
            }
            try {
                return new StoredImage(words.get(0), words.get(1), words.get(2), layers);
            } catch (IllegalArgumentException e) {
                throw line.wrong(String.valueOf(e.getMessage()));
            }
        }
    }
}
