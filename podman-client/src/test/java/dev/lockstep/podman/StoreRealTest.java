package dev.lockstep.podman;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.manifest.Credentials;
import dev.lockstep.manifest.ImageReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our reading of the store and podman's writing of it, on the real podman and a real registry. */
class StoreRealTest extends RealStoreTestBase {
    @Test
    void anImageIsAbsentThenUnprovenThenPresent() throws Exception {
        ResolvedImage image = real().pushed("app:1", "base", "own");

        assertThat(real().confirm(image)).isInstanceOf(Confirmation.Absent.class);
        real().pull(image);
        assertThat(real().confirm(image))
                .isInstanceOfSatisfying(
                        Confirmation.Unproven.class,
                        found -> assertThat(found.layers()).hasSize(2));
        assertThat(real().damage(image)).isEmpty();
        real().store.recordDurable(List.of(image));
        assertThat(real().confirm(image)).isEqualTo(new Confirmation.Present());
    }

    @Test
    void aPullByDigestMovesNoTagAndABindingDoes() throws Exception {
        ResolvedImage first = real().pushed("app:stable", "base", "one");
        real().pull(first);
        real().podman.tag(first.configDigest(), first.reference());
        ResolvedImage second = real().pushed("app:stable", "base", "two");

        real().pull(second);
        assertThat(real().store.names()).containsEntry(first.reference().toString(), first.configDigest());

        real().podman.tag(second.configDigest(), second.reference());
        assertThat(real().store.names()).containsEntry(first.reference().toString(), second.configDigest());
        assertThat(real().confirm(first)).isInstanceOf(Confirmation.Unproven.class);
    }

    @Test
    void pinsAreReadBackKeptAndRemoved() throws Exception {
        ResolvedImage image = real().pushed("app:1", "base", "own");
        real().pull(image);

        real().podman.pin("transaction", List.of(image), one -> {});
        real().podman.pin("transaction", List.of(image), one -> {});

        assertThat(real().podman.pins()).hasSize(1).allSatisfy(pin -> {
            assertThat(pin.transaction()).isEqualTo("transaction");
            assertThat(pin.image()).isEqualTo(image);
        });
        real().podman("image", "prune", "--all", "--force");
        assertThat(real().confirm(image)).isInstanceOf(Confirmation.Unproven.class);

        real().podman.unpin("transaction");
        assertThat(real().podman.pins()).isEmpty();
        real().podman("image", "prune", "--all", "--force");
        assertThat(real().confirm(image)).isInstanceOf(Confirmation.Absent.class);
    }

    @Test
    void aLayerThatWasRemovedAndFetchedAgainIsUnproven() throws Exception {
        ResolvedImage image = real().pushed("app:1", "base", "own");
        real().pull(image);
        real().store.recordDurable(List.of(image));
        real().podman.remove(image.configDigest());

        real().pull(image);

        assertThat(real().confirm(image)).isInstanceOf(Confirmation.Unproven.class);
    }

    @Test
    void aBrokenOrMissingRecordProvesNothing() throws Exception {
        ResolvedImage image = real().pushed("app:1", "base", "own");
        real().pull(image);
        real().store.recordDurable(List.of(image));
        Path record = directory.resolve("state/synced.json");
        String whole = Files.readString(record);
        for (String broken : List.of("", "{", whole.substring(0, whole.length() / 2), whole.replace("v1", "v9"))) {
            Files.writeString(record, broken);
            assertThat(real().confirm(image)).as(broken).isInstanceOf(Confirmation.Unproven.class);
        }
    }

    /** Ways in which a store is damaged; each is done to the lower layer of two images that share it. */
    enum Damage {
        FILE_TRUNCATED {
            @Override
            void damage(RealStore real, ResolvedImage image) throws Exception {
                Files.newByteChannel(file(real, image), StandardOpenOption.WRITE)
                        .truncate(10)
                        .close();
            }
        },
        FILE_ZEROED {
            @Override
            void damage(RealStore real, ResolvedImage image) throws Exception {
                Files.write(file(real, image), new byte[(int) Files.size(file(real, image))]);
            }
        },
        FILE_GONE {
            @Override
            void damage(RealStore real, ResolvedImage image) throws Exception {
                Files.delete(file(real, image));
            }
        },
        FILE_LONGER {
            @Override
            void damage(RealStore real, ResolvedImage image) throws Exception {
                Files.write(file(real, image), new byte[1], StandardOpenOption.APPEND);
            }
        },
        FILE_IS_A_LINK {
            @Override
            void damage(RealStore real, ResolvedImage image) throws Exception {
                Path copy = Files.copy(file(real, image), real.directory.resolve("copy"));
                Files.delete(file(real, image));
                Files.createSymbolicLink(file(real, image), copy);
            }
        },
        FILE_IS_A_FIFO {
            @Override
            void damage(RealStore real, ResolvedImage image) throws Exception {
                Files.delete(file(real, image));
                real.run(List.of("mkfifo", file(real, image).toString()));
            }
        },
        TAR_SPLIT_EMPTY {
            @Override
            void damage(RealStore real, ResolvedImage image) throws Exception {
                Files.write(tarSplit(real, image), new byte[0]);
            }
        },
        TAR_SPLIT_GONE {
            @Override
            void damage(RealStore real, ResolvedImage image) throws Exception {
                Files.delete(tarSplit(real, image));
            }
        },
        TAR_SPLIT_GARBAGE {
            @Override
            void damage(RealStore real, ResolvedImage image) throws Exception {
                Files.write(tarSplit(real, image), "garbage".getBytes(StandardCharsets.UTF_8));
            }
        },
        LINK_GONE {
            @Override
            void damage(RealStore real, ResolvedImage image) throws Exception {
                Files.delete(real.layer(image, 0).resolve("link"));
            }
        },
        LINKS_TARGET_GONE {
            @Override
            void damage(RealStore real, ResolvedImage image) throws Exception {
                String name = Files.readString(real.layer(image, 0).resolve("link"));
                Files.delete(real.location.directory().resolve("overlay/l").resolve(name));
            }
        },
        LOWER_GONE {
            @Override
            void damage(RealStore real, ResolvedImage image) throws Exception {
                Files.delete(real.layer(image, 1).resolve("lower"));
            }
        },
        DIFF_GONE {
            @Override
            void damage(RealStore real, ResolvedImage image) throws Exception {
                RealStore.remove(real.layer(image, 0).resolve("diff"));
            }
        },
        MANIFEST_EMPTY {
            @Override
            void damage(RealStore real, ResolvedImage image) throws Exception {
                Files.write(bigData(real, image, "manifest-" + image.digest()), new byte[0]);
            }
        },
        MANIFEST_GONE {
            @Override
            void damage(RealStore real, ResolvedImage image) throws Exception {
                Files.delete(bigData(real, image, "manifest-" + image.digest()));
            }
        },
        CONFIGURATION_EMPTY {
            @Override
            void damage(RealStore real, ResolvedImage image) throws Exception {
                Files.write(bigData(real, image, image.configDigest()), new byte[0]);
            }
        },
        CONFIGURATION_GONE {
            @Override
            void damage(RealStore real, ResolvedImage image) throws Exception {
                Files.delete(bigData(real, image, image.configDigest()));
            }
        },
        LAYER_DIRECTORY_GONE {
            @Override
            void damage(RealStore real, ResolvedImage image) throws Exception {
                RealStore.remove(real.layer(image, 0));
            }
        };

        abstract void damage(RealStore real, ResolvedImage image) throws Exception;

        private static Path file(RealStore real, ResolvedImage image) throws Exception {
            return real.layer(image, 0).resolve("diff/app/base");
        }

        private static Path tarSplit(RealStore real, ResolvedImage image) throws Exception {
            return real.layerLists().resolve(real.layer(image, 0).getFileName() + ".tar-split.gz");
        }

        private static Path bigData(RealStore real, ResolvedImage image, String key) {
            String name = "=" + Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
            return real.imageDirectory(image).resolve(name);
        }
    }

    @ParameterizedTest
    @EnumSource
    void damageIsSeenAndMendedInPlace(Damage kind) throws Exception {
        ResolvedImage image = real().pushed("app:1", "base", "own");
        ResolvedImage neighbour = real().pushed("other:1", "base", "other");
        for (ResolvedImage each : List.of(image, neighbour)) {
            real().pull(each);
        }
        real().podman.pin("transaction", List.of(image, neighbour), one -> {});
        real().store.recordDurable(List.of(image, neighbour));
        List<StoredLayer> before = real().store.layers(image);

        kind.damage(real(), image);
        assertThat(real().damage(image)).isNotEmpty();

        real().repair(image);

        assertThat(real().damage(image)).isEmpty();
        assertThat(real().confirm(image)).isEqualTo(new Confirmation.Present());
        assertThat(real().damage(neighbour)).isEmpty();
        assertThat(real().store.layers(image)).isEqualTo(before);
        assertThat(real().podman.pins()).hasSize(2);
        assertThat(real().podman("image", "mount", Digests.hex(image.configDigest())))
                .isNotEmpty();
        try (Stream<Path> left = Files.list(directory.resolve("state"))) {
            assertThat(left).noneMatch(file -> file.getFileName().toString().startsWith("repair-"));
        }
    }

    /** The damages that leave the image in the store's lists, mended although no registry answers. */
    @ParameterizedTest
    @EnumSource(names = {"FILE_ZEROED", "TAR_SPLIT_GONE", "LOWER_GONE", "LAYER_DIRECTORY_GONE", "MANIFEST_EMPTY"})
    void whatAnotherStoreOfThisMachineHasIsCopiedWithoutTheRegistry(Damage kind) throws Exception {
        String registry =
                real().fixture("registry-start", directory.resolve("registry").toString());
        try (RealStore offline = new RealStore(directory, registry)) {
            ResolvedImage image = offline.pushed("app:1", "base", "own");
            ResolvedImage neighbour = offline.pushed("other:1", "base", "other");
            offline.pull(image);
            offline.pull(neighbour);
            offline.store.recordDurable(List.of(image, neighbour));
            List<StoredLayer> before = offline.store.layers(image);
            Path other = copyOfTheStore("other");
            Path damaged = copyOfTheStore("damaged");
            Files.write(damaged.resolve("overlay/" + before.get(0).id() + "/diff/app/base"), new byte[1]);
            kind.damage(offline, image);
            offline.fixture("registry-stop", directory.resolve("registry").toString());

            if (kind == Damage.FILE_ZEROED) {
                assertThatThrownBy(() -> offline.repair(image, damaged, directory.resolve("none")))
                        .isInstanceOf(ImageException.class);
            }
            offline.repair(image, damaged, other);

            assertThat(offline.damage(image)).isEmpty();
            assertThat(offline.confirm(image)).isEqualTo(new Confirmation.Present());
            assertThat(offline.damage(neighbour)).isEmpty();
            assertThat(offline.store.layers(image)).isEqualTo(before);
            assertThat(offline.podman("image", "mount", Digests.hex(image.configDigest())))
                    .isNotEmpty();
        }
    }

    private Path copyOfTheStore(String name) throws Exception {
        Path copy = directory.resolve(name);
        real().run(List.of("cp", "--archive", real().location.directory().toString(), copy.toString()));
        return copy;
    }

    @Test
    void aPlainPullDoesNotHealAHollowLayerAndIsNotBelieved() throws Exception {
        ResolvedImage image = real().pushed("app:1", "base", "own");
        real().pull(image);
        Files.write(real().layer(image, 0).resolve("diff/app/base"), new byte[0]);

        real().pull(image);

        assertThat(real().confirm(image)).isInstanceOf(Confirmation.Unproven.class);
        assertThat(real().damage(image)).isNotEmpty();
    }

    @Test
    void aStoreWithBrokenListsIsToldByFile() throws Exception {
        ResolvedImage image = real().pushed("app:1", "base");
        real().pull(image);
        Files.writeString(real().location.directory().resolve("overlay-images/images.json"), "[{");

        assertThatThrownBy(() -> real().confirm(image))
                .isInstanceOfSatisfying(
                        ImageException.class, e -> assertThat(e.error()).isEqualTo(ImageError.STORE_UNUSABLE))
                .hasMessageContaining("images.json");
    }

    @Test
    void whatARegistryRefusesKeepsItsName() throws Exception {
        assertFails(ImageError.IMAGE_NOT_FOUND, real().host + "/none:1");
        real().pushed("app:1", "base");
        assertFails(ImageError.IMAGE_NOT_FOUND, real().host + "/app:2");
        assertFails(ImageError.IMAGE_NOT_FOUND, real().host + "/app@sha256:" + "0".repeat(64));
        assertFails(ImageError.REGISTRY_UNREACHABLE, "127.0.0.1:1/app:1");
        String guarded =
                real().fixture("registry-start", directory.resolve("guarded").toString(), "--htpasswd");
        try {
            assertFails(ImageError.REGISTRY_UNAUTHORIZED, guarded + "/app:1");
        } finally {
            real().fixture("registry-stop", directory.resolve("guarded").toString());
        }
    }

    @Test
    void credentialsOpenAGuardedRegistryAndStandInNoCommandLine() throws Exception {
        Path guarded = directory.resolve("guarded");
        String registry = real().fixture("registry-start", guarded.toString(), "--htpasswd");
        try {
            ImageReference reference = ImageReference.parse(registry + "/app:1");
            real().pushed("app:1", "base");
            real().run(List.of(
                    "skopeo",
                    "copy",
                    "--quiet",
                    "--src-tls-verify=false",
                    "--dest-tls-verify=false",
                    "--dest-creds=user:secret",
                    "docker://" + real().host + "/app:1",
                    "docker://" + reference));
            assertFails(ImageError.REGISTRY_UNAUTHORIZED, reference.toString());
            assertThatThrownBy(() -> fetchWith("user:wrong", reference))
                    .isInstanceOfSatisfying(
                            ImageException.class,
                            e -> assertThat(e.error()).isEqualTo(ImageError.REGISTRY_UNAUTHORIZED))
                    .hasMessageNotContaining("wrong");

            List<List<String>> commands = fetchWith("user:secret", reference);

            assertThat(commands).anySatisfy(words -> assertThat(words).contains("pull"));
            assertThat(commands.toString()).doesNotContain("secret", "dXNlcjpzZWNyZXQ");
            assertThat(directory.resolve("arguments")).isEmptyDirectory();
        } finally {
            real().fixture("registry-stop", guarded.toString());
        }
    }

    /** Resolves and pulls, and returns the command lines of that. */
    private List<List<String>> fetchWith(String userAndPassword, ImageReference reference) throws ImageException {
        List<List<String>> commands = new java.util.ArrayList<>();
        dev.lockstep.podman.process.Tools noting = call -> {
            commands.add(call.arguments());
            return real().tools.run(call);
        };
        try (PullArguments arguments = real().arguments(new Credentials(reference.name(), userAndPassword))) {
            ResolvedImage image = new Registry(noting).resolve(reference, arguments);
            new Podman(noting, real().location).pull(image, arguments, PullWatch.none());
        }
        return commands;
    }

    private void assertFails(ImageError error, String reference) throws ImageException {
        try (PullArguments arguments = real().arguments()) {
            assertThatThrownBy(() -> real().registry.resolve(ImageReference.parse(reference), arguments))
                    .isInstanceOfSatisfying(
                            ImageException.class,
                            e -> assertThat(e.error()).as(reference).isEqualTo(error));
        }
    }

    @Test
    void leftOversOfKilledRunsGoUnlessAProcessStillNamesThem() throws Exception {
        Path pulls = Files.createDirectories(directory.resolve("state/tmp"));
        Path dead = Files.createDirectory(pulls.resolve("pull-1-1"));
        Path alive = Files.createDirectory(pulls.resolve("pull-2-2"));
        Path repair = Files.createDirectory(directory.resolve("state/repair-1-1"));
        ProcessBuilder orphan = new ProcessBuilder("sleep", "1000");
        orphan.environment().put("TMPDIR", alive.toString());
        Process sleeping = orphan.start();
        try {
            LeftOvers.remove(real().location, directory.resolve("arguments"));

            assertThat(dead).doesNotExist();
            assertThat(repair).doesNotExist();
            assertThat(alive).isDirectory();
        } finally {
            sleeping.destroy();
        }
    }
}
