package dev.lockstep.podman;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What our store really holds, read from its files; podman is not asked. */
public final class ImageStore {

    public ImageStore(StoreLocation location) {}

    /** The layers of an image, base first. */
    public List<StoredLayer> layers(ResolvedImage image) throws ImageException {
        throw new UnsupportedOperationException();
    }

    /** Every name in the store and the image ID it means. */
    public Map<String, String> names() throws ImageException {
        throw new UnsupportedOperationException();
    }

    /** Reads the store once and judges each image. */
    public Map<ResolvedImage, Confirmation> confirm(Collection<ResolvedImage> images) throws ImageException {
        throw new UnsupportedOperationException();
    }

    /** Recomputes the digests of layers from their files; the result lists what is wrong, empty when nothing is. */
    public List<String> checkContent(Collection<StoredLayer> layers) throws ImageException {
        throw new UnsupportedOperationException();
    }

    /** Syncs the file system, then records as durable every layer of these images; only those whose content is known to be right may be given. */
    public void recordDurable(Collection<ResolvedImage> images) throws ImageException {
        throw new UnsupportedOperationException();
    }
}
