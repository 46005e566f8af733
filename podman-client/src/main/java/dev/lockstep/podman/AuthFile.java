package dev.lockstep.podman;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.manifest.Credentials;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Text of a {@code containers-auth.json(5)}. */
final class AuthFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private AuthFile() {}

    /**
     * The same file with credentials for one repository, which take precedence over all that it says of its registry. What it says of other
     * registries stays: a mirror may need it.
     *
     * @param file empty when there is none; not a JSON object is empty too
     */
    static Optional<String> with(Credentials credentials, Optional<String> file) {
        Optional<ObjectNode> read = file.isEmpty() ? Optional.of(JSON.createObjectNode()) : object(file.get());
        return read.map(auth -> {
            String repository = credentials.repository();
            // A helper of the registry would be asked before the entries of its repositories.
            objectIn(auth, "credHelpers").remove(repository.substring(0, repository.indexOf('/')));
            byte[] secret = credentials.userAndPassword().getBytes(StandardCharsets.UTF_8);
            objectIn(auth, "auths")
                    .putObject(repository)
                    .put("auth", Base64.getEncoder().encodeToString(secret));
            return auth.toString();
        });
    }

    private static ObjectNode objectIn(ObjectNode parent, String name) {
        return parent.get(name) instanceof ObjectNode object ? object : parent.putObject(name);
    }

    private static Optional<ObjectNode> object(String text) {
        try {
            return JSON.readTree(text) instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
        } catch (JsonProcessingException e) {
            // The parser's message would quote the text, and it holds secrets.
            return Optional.empty();
        }
    }
}
