package dev.lockstep.systemd.command;

import dev.lockstep.orchestrator.ErrorCode;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.Progress;
import dev.lockstep.orchestrator.Reports;
import dev.lockstep.podman.process.Cancellation;
import dev.lockstep.systemd.bus.BusBody;
import dev.lockstep.systemd.bus.BusErrors;
import dev.lockstep.systemd.bus.BusNames;
import dev.lockstep.systemd.bus.Plain;
import dev.lockstep.systemd.json.JsonInput;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.freedesktop.dbus.types.Variant;

/**
 * Begins a transaction in the daemon and follows it to its end. The transaction does not depend on it: interrupted, it leaves it running, and
 * when the daemon is started anew, it asks for the same transaction again.
 */
final class Following {
    private static final long POLL_MILLIS = 200;
    /** The service manager starts a daemon that crashed within this time, or not at all. */
    private static final Duration RESTART = Duration.ofSeconds(30);

    private final DaemonClient client;
    private final Watched watched;
    private final Progress progress;
    private final Cancellation cancellation;
    private final RemoteProgress remote;

    Following(DaemonClient client, Progress progress, Cancellation cancellation) throws LockstepException {
        this.client = client;
        this.progress = progress;
        this.cancellation = cancellation;
        this.watched = client.subscribe();
        this.remote = new RemoteProgress(progress);
    }

    /** Does what a method does, and answers with what became of it. */
    Reports.Outcome change(String method, Map<String, Variant<?>> options) throws LockstepException {
        Map<String, Variant<?>> named = new LinkedHashMap<>(options);
        named.put("transaction-id", BusBody.variant(UUID.randomUUID().toString()));
        if (method.equals("Abort")) {
            cancelRunning();
        }
        String path = begin(method, named);
        while (true) {
            Optional<Reports.Outcome> outcome = follow(path);
            if (outcome.isPresent()) {
                return outcome.get();
            }
            path = again(method, named, path);
        }
    }

    private String begin(String method, Map<String, Variant<?>> options) throws LockstepException {
        try {
            return client.call(method, options);
        } catch (LockstepException e) {
            Optional<String> same = e.code() == ErrorCode.LOCK_HELD ? running(method, options) : Optional.empty();
            progress(same.isPresent(), "the same is under way already; this follows it");
            return same.orElseThrow(() -> e);
        }
    }

    private void progress(boolean worthIt, String text) {
        if (worthIt) {
            progress.warning(text);
        }
    }

    /** The transaction that runs, if it is what is asked for. */
    private Optional<String> running(String method, Map<String, Variant<?>> options) throws LockstepException {
        String path = active();
        if (path.equals("/") || !method.equals("Stage")) {
            return Optional.empty();
        }
        Map<String, Object> there = client.properties(path, BusNames.TRANSACTION);
        Object target = options.containsKey("target") ? Plain.of(options.get("target")) : "";
        boolean same = "stage".equals(there.get("Kind"))
                && target.equals(there.get("Target"))
                && Boolean.valueOf(options.containsKey("download-only")).equals(there.get("DownloadOnly"));
        return same ? Optional.of(path) : Optional.empty();
    }

    private String active() throws LockstepException {
        return String.valueOf(
                client.properties(BusNames.ROOT, BusNames.MANAGER).getOrDefault("ActiveTransaction", "/"));
    }

    /** What runs is stopped before it is given up. */
    private void cancelRunning() throws LockstepException {
        String path = active();
        if (!path.equals("/")) {
            client.call(path, BusNames.TRANSACTION, "Cancel", BusBody.EMPTY);
            while (active().equals(path)) {
                watched.next(POLL_MILLIS);
            }
        }
    }

    /** The outcome, or nothing when the daemon went away before it was told. */
    private Optional<Reports.Outcome> follow(String path) throws LockstepException {
        try {
            Map<String, Object> now = new LinkedHashMap<>(client.properties(path, BusNames.TRANSACTION));
            remote.update(now);
            while ("running".equals(now.get("State"))) {
                if (cancellation.requested()) {
                    throw leftRunning(path);
                }
                Optional<Watched.Event> event = watched.next(POLL_MILLIS);
                if (event.isPresent() && isGone(event.get())) {
                    return Optional.empty();
                }
                // The daemon may have left when the end is heard of: what it told is enough.
                Map<String, Object> changes =
                        event.map(heard -> changes(heard, path)).orElse(Map.of());
                now.putAll(changes);
                remote.update(changes);
            }
            return Optional.of(outcome(now));
        } catch (LockstepException e) {
            if (e.code() == ErrorCode.DAEMON_UNREACHABLE) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static boolean isGone(Watched.Event event) {
        return switch (event) {
            case Watched.Event.Owner owner -> !owner.here();
            case Watched.Event.NoBus ignored -> true;
            case Watched.Event.Changed ignored -> false;
            case Watched.Event.Finished ignored -> false;
        };
    }

    private static Map<String, Object> changes(Watched.Event event, String path) {
        return switch (event) {
            case Watched.Event.Changed changed -> changed.path().equals(path) ? changed.values() : Map.of();
            case Watched.Event.Finished ignored -> Map.of();
            case Watched.Event.Owner ignored -> Map.of();
            case Watched.Event.NoBus ignored -> Map.of();
        };
    }

    private static Reports.Outcome outcome(Map<String, Object> properties) throws LockstepException {
        if ("succeeded".equals(properties.get("State"))) {
            return JsonInput.read(String.valueOf(properties.get("Result")), Reports.Outcome.class);
        }
        List<?> error = Plain.list(properties.getOrDefault("Error", List.of()));
        String text = Plain.text(error, 1);
        throw BusErrors.failure(Plain.text(error, 0), text)
                .orElseGet(() -> new LockstepException(ErrorCode.STATE_UNUSABLE, text, "run 'lockstep status'"));
    }

    private static LockstepException leftRunning(String path) {
        return new LockstepException(
                ErrorCode.CANCELLED,
                "no longer followed: the transaction goes on in lockstepd (" + path + ")",
                "follow it with 'lockstep watch' or the same command again, stop it with 'lockstep abort'");
    }

    /** Waits for a daemon that was started anew and asks it for the same transaction. */
    private String again(String method, Map<String, Variant<?>> options, String path) throws LockstepException {
        progress.warning("lockstepd has gone; waiting for it to come back");
        long end = System.nanoTime() + RESTART.toNanos();
        while (true) {
            if (cancellation.requested()) {
                throw leftRunning(path);
            }
            try {
                if (isRepeatable(method)) {
                    return client.call(method, options);
                }
                client.properties(path, BusNames.TRANSACTION);
                return path;
            } catch (LockstepException e) {
                if (e.code() != ErrorCode.DAEMON_UNREACHABLE || System.nanoTime() > end) {
                    throw e;
                }
            }
            watched.next(POLL_MILLIS);
        }
    }

    private static boolean isRepeatable(String method) {
        return switch (method) {
            case "Stage", "Commit", "Retry", "Repair" -> true;
            default -> false;
        };
    }
}
