package dev.lockstep.podman;

import java.util.List;

/** What our own reading of the store says about one image. */
public sealed interface Confirmation {

    /** Manifest, configuration and every layer are there with the right digests, and every layer is recorded as durable. */
    record Present() implements Confirmation {}

    /** It looks whole, but these layers are not recorded as durable: their content must be checked before they count. */
    record Unproven(List<StoredLayer> layers) implements Confirmation {
        public Unproven {
            layers = List.copyOf(layers);
        }
    }

    /** The store does not know it under its digest. */
    record Absent(String reason) implements Confirmation {}

    /** The store knows it, and parts of it are missing or wrong. */
    record Damaged(List<String> reasons) implements Confirmation {
        public Damaged {
            reasons = List.copyOf(reasons);
        }
    }
}
