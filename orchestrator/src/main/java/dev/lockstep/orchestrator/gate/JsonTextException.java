package dev.lockstep.orchestrator.gate;

import java.io.IOException;

/** A text is not JSON. */
final class JsonTextException extends IOException {
    private static final long serialVersionUID = 1L;

    JsonTextException(int position, String reason) {
        super("it is not JSON at character " + position + ": " + reason);
    }
}
