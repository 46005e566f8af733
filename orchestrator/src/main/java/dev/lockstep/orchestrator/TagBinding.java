package dev.lockstep.orchestrator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.manifest.BoundImage;
import dev.lockstep.orchestrator.gate.StoreLink;
import dev.lockstep.podman.ImageException;
import dev.lockstep.podman.ResolvedImage;
import dev.lockstep.podman.disk.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the tags of the store mean what a deployment's record says, which is what its containers resolve. Pulls are by digest and never move
 * a tag, so the tags stay the former deployment's until this is done, at the new one's first boot.
 */
final class TagBinding {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Host host;

    TagBinding(Host host) {
        this.host = host;
    }

    /** Whose digests the tags mean, as {@code checksum.serial}, if a binding was ever finished. */
    static Optional<String> bound(Layout layout) throws LockstepException {
        try {
            String text = Files.readString(layout.boundMarker());
            return Optional.ofNullable(JSON.readTree(text).path("deployment").textValue());
        } catch (NoSuchFileException | JsonProcessingException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw Failures.state("read", layout.boundMarker(), e);
        }
    }

    /**
     * Binds every tag. Each is moved in one atomic rewrite of the store's list; interrupted, some tags are the old and some the new
     * deployment's, and the next call finishes it.
     */
    Reports.Binding bind(Reconciliation.Observed observed, Optional<String> chosen) throws LockstepException {
        Optional<Deployment> booted = chosen.isPresent() ? Optional.empty() : host.deployments.booted();
        Deployment deployment = booted.isPresent() ? booted.get() : choose(observed.deployments(), chosen);
        BindingRecord record = observed.recordOf(deployment)
                .orElseThrow(
                        () -> new LockstepException(
                                ErrorCode.NO_RECORD,
                                "no binding record says which digests the tags of " + deployment.shortName() + " mean",
                                "run 'lockstep repair', or 'lockstep upgrade' to the target of this deployment; both make the record anew"));
        host.keeper.requirePresent(record.needed());
        try {
            Map<String, String> names = host.store.names();
            List<Reports.Binding.Tag> tags = new ArrayList<>();
            int changed = 0;
            for (BindingRecord.Bound bound : record.images()) {
                if (bound.resolved().isEmpty()) {
                    changed += forget(bound, names);
                    continue;
                }
                if (bound.reference().tag().isEmpty()) {
                    continue;
                }
                ResolvedImage image = bound.resolved().get();
                if (!image.configDigest().equals(names.get(bound.reference().toString()))) {
                    host.podman.tag(image.configDigest(), bound.reference());
                    changed++;
                }
                tags.add(new Reports.Binding.Tag(bound.reference().toString(), image.digest()));
            }
            DurableFiles.syncFileSystem("bind", host.layout.state());
            mark(deployment);
            if (host.layout.isBooted()) {
                new StoreLink(host.layout.runtime(), host.layout.store().directory()).update();
            }
            host.events.note(Occurrence.of(
                            Event.BOUND,
                            record,
                            tags.size() + " tags mean the images of " + deployment.shortName() + ", " + changed
                                    + " changed")
                    .on(deployment.id()));
            return new Reports.Binding(deployment.id(), tags, changed);
        } catch (ImageException e) {
            throw Failures.of(e);
        } catch (IOException e) {
            throw Failures.state("sync", host.layout.state(), e);
        }
    }

    /** A deployment that was forced without an image must not run another one's under that tag. */
    private int forget(BindingRecord.Bound bound, Map<String, String> names) throws ImageException {
        boolean forced = bound.mode() == BoundImage.Mode.BIND;
        if (!forced || !names.containsKey(bound.reference().toString())) {
            return 0;
        }
        host.podman.untag(bound.reference());
        return 1;
    }

    private void mark(Deployment deployment) throws IOException {
        String text = JSON.createObjectNode()
                .put("schema", "dev.lockstep.bound/v1")
                .put("deployment", deployment.id())
                .toPrettyString();
        DurableFiles.write("bound", host.layout.boundMarker(), (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static Deployment choose(List<Deployment> deployments, Optional<String> chosen) throws LockstepException {
        List<Deployment> matching = deployments.stream()
                .filter(deployment -> chosen.map(deployment.id()::startsWith).orElse(true))
                .toList();
        if (matching.isEmpty()) {
            throw new LockstepException(
                    chosen.isPresent() ? ErrorCode.USAGE : ErrorCode.NO_RECORD,
                    chosen.map(id -> "there is no deployment " + id).orElse("nothing is deployed yet"),
                    "look at 'lockstep status'");
        }
        if (chosen.isPresent() && matching.size() > 1) {
            throw new LockstepException(
                    ErrorCode.USAGE,
                    "'" + chosen.get() + "' is the beginning of more than one deployment: "
                            + String.join(
                                    ", ", matching.stream().map(Deployment::id).toList()),
                    "give more of it");
        }
        return matching.get(0);
    }
}
