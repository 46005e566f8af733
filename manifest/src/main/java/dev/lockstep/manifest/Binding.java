package dev.lockstep.manifest;

import java.util.Optional;

/**
 * One place that binds an image.
 *
 * @param pull empty when the place has no say in how the image is fetched (a {@code .container} file that names the image itself)
 */
record Binding(ImageReference reference, BoundImage.Mode mode, Optional<PullOptions> pull, BoundImage.Source source) {}
