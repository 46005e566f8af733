package dev.lockstep.systemd.daemon;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.orchestrator.Target;
import dev.lockstep.podman.OciDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The order that runs, noted below {@code /run} while it does, so that a daemon that was killed takes it up again under the same transaction
 * once. What the transaction had reached is in its binding record; this is only what was asked for.
 */
final class Interrupted {
    private static final Logger LOG = LoggerFactory.getLogger(Interrupted.class);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;

    Interrupted(Path runtime) {
        this.file = runtime.resolve("lockstepd.json");
    }

    /** Notes an order; without the note a killed daemon forgets it, and nothing else is lost. */
    void begin(Order order, boolean again) {
        ObjectNode note = JSON.createObjectNode();
        note.put("id", order.id()).put("kind", order.kind().name()).put("again", again);
        order.target().ifPresent(target -> note.put("target", target.toString()));
        order.tlsVerify().ifPresent(verify -> note.put("tlsVerify", verify));
        order.digest().ifPresent(digest -> note.put("digest", digest));
        order.from().ifPresent(from -> note.put("from", from.toString()));
        note.put("downloadOnly", order.downloadOnly());
        try {
            Files.createDirectories(file.resolveSibling("."));
            Path whole = Files.writeString(file.resolveSibling("lockstepd.json.new"), note.toString());
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn(file + " cannot be written, so a daemon that is killed will not take the transaction up again: "
                    + e);
        }
    }

    /** The order has ended. */
    void end() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn(file + " cannot be removed: " + e);
        }
    }

    /** What a killed daemon was doing, if that may be done once more. */
    Optional<Order> take() {
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            JsonNode note = JSON.readTree(Files.readString(file));
            Order order = new Order(
                    note.path("id").asText(),
                    Kind.valueOf(note.path("kind").asText()),
                    Optional.ofNullable(note.path("target").textValue()).map(Target::parse),
                    note.has("tlsVerify") ? Optional.of(note.path("tlsVerify").asBoolean()) : Optional.empty(),
                    note.path("downloadOnly").asBoolean(),
                    Optional.ofNullable(note.path("digest").textValue()),
                    Optional.empty(),
                    Optional.ofNullable(note.path("from").textValue()).map(OciDirectory::parse));
            return note.path("again").asBoolean() || !isRepeatable(order.kind())
                    ? Optional.empty()
                    : Optional.of(order);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            LOG.warn(file + " is not what was written there: " + e.getMessage());
        } catch (IOException e) {
            LOG.warn(file + " cannot be read: " + e);
        }
        return Optional.empty();
    }

    /** Going back twice leads forward, and what a person decided for a moment is not decided for later. */
    private static boolean isRepeatable(Kind kind) {
        return switch (kind) {
            case STAGE, COMMIT, RETRY, REPAIR -> true;
            case FORCE, ABORT, ROLLBACK -> false;
        };
    }
}
