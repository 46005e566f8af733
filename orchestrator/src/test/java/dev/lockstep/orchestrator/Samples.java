package dev.lockstep.orchestrator;

import dev.lockstep.manifest.BoundImage;
import dev.lockstep.manifest.ImageReference;
import dev.lockstep.podman.ResolvedImage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Believable values for tests. */
final class Samples {
    static final String FIRST = "11111111-1111-4111-8111-111111111111";
    static final String SECOND = "22222222-2222-4222-8222-222222222222";
    static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    static final Target TARGET = Target.parse("registry.example/os:1");

    private Samples() {}

    static String digest(int number) {
        return "sha256:" + String.valueOf(number % 10).repeat(64);
    }

    static String checksum(int number) {
        return String.valueOf(number % 10).repeat(64);
    }

    static ResolvedImage image(String reference, int number) {
        return new ResolvedImage(
                ImageReference.parse(reference),
                digest(number),
                digest(number),
                digest(number + 1),
                List.of(new ResolvedImage.Blob(digest(number + 2), 1234)));
    }

    static BindingRecord open(String transaction, Instant began) {
        return BindingRecord.begin(transaction, began, TARGET, Optional.of(false), Intent.COMMIT)
                .resolvedTo(digest(7))
                .staged(new Staged(checksum(1), OptionalInt.empty(), Path.of("/nowhere")))
                .binding(List.of(
                        bound("registry.example/app:1", BoundImage.Mode.BIND, 1),
                        new BindingRecord.Bound(
                                ImageReference.parse("registry.example/extra:1"),
                                BoundImage.Mode.PREFETCH,
                                Optional.empty())));
    }

    static BindingRecord.Bound bound(String reference, BoundImage.Mode mode, int number) {
        return new BindingRecord.Bound(ImageReference.parse(reference), mode, Optional.of(image(reference, number)));
    }

    static BindingRecord committed(String transaction, int checksum, int serial) {
        BindingRecord open = open(transaction, NOON);
        return new BindingRecord(
                transaction,
                BindingRecord.State.COMMITTED,
                NOON,
                open.target(),
                open.tlsVerify(),
                open.targetDigest(),
                Optional.of(checksum(checksum)),
                OptionalInt.of(serial),
                open.images(),
                Intent.COMMIT,
                Trial.SETTLED);
    }

    static Deployment deployment(int checksum, int serial, Optional<String> transaction) {
        return new Deployment(
                "os",
                checksum(checksum),
                serial,
                Path.of("/nowhere"),
                Optional.of("1"),
                new Deployment.Origin(Optional.of("registry.example/os:1"), Optional.of(digest(7)), transaction));
    }
}
