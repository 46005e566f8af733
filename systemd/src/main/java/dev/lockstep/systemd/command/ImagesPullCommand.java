package dev.lockstep.systemd.command;

import static java.util.Objects.requireNonNull;

import dev.lockstep.manifest.ImageReference;
import dev.lockstep.orchestrator.DirectoryFilling;
import dev.lockstep.orchestrator.LockstepException;
import dev.lockstep.orchestrator.Reports;
import dev.lockstep.orchestrator.StoreFilling;
import dev.lockstep.podman.OciDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code lockstep images pull}: for image builders and installers. Needs root, and no daemon. */
@Command(
        name = "pull",
        mixinStandardHelpOptions = true,
        description = {
            "Fills the image store that the root file system in DIR will have once it is booted: what it binds is fetched by digest and proven.",
            "Nothing is deployed. The first boot then needs no registry."
        })
final class ImagesPullCommand implements Callable<Integer> {
    @ParentCommand
    @Nullable
    ImagesCommand images;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Option(names = "--root", paramLabel = "DIR", required = true, description = "The root file system to read.")
    Path directory = Path.of("/");

    @Option(
            names = "--store",
            paramLabel = "DIR",
            description = {
                "The store to fill (default: var/lib/lockstep/storage in the root),",
                "such as SYSROOT/ostree/deploy/STATEROOT/var/lib/lockstep/storage."
            })
    @Nullable
    Path store;

    @Option(
            names = "--to",
            paramLabel = "oci:DIR",
            converter = FromOption.Converter.class,
            description = {
                "Writes the images into this OCI directory instead of a store, with their digests, for hosts without",
                "a network: 'lockstep upgrade --from oci:DIR'."
            })
    @Nullable
    OciDirectory to;

    @Option(
            names = "--add",
            paramLabel = "IMAGE",
            converter = ImageConverter.class,
            description = "With --to, an image beside those that the root binds, such as the operating system's own.")
    List<ImageReference> added = List.of();

    @Mixin
    FromOption source = new FromOption();

    @Mixin
    ProgressOptions progress = new ProgressOptions();

    @Override
    public Integer call() throws LockstepException {
        LockstepCommand command = requireNonNull(requireNonNull(images).root);
        command.alsoTell(progress.progress());
        Reports.Pulled pulled = to == null ? fillStore(command) : fillDirectory(command, to);
        command.answer("images-pull", pulled, TextOutput.pulled(pulled));
        return 0;
    }

    private Reports.Pulled fillStore(LockstepCommand command) throws LockstepException {
        if (!added.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--add needs --to");
        }
        return command.fill(new StoreFilling.Request(
                directory, Optional.ofNullable(store), Optional.ofNullable(command.options.config), source.from()));
    }

    private Reports.Pulled fillDirectory(LockstepCommand command, OciDirectory target) throws LockstepException {
        if (store != null || source.from().isPresent()) {
            throw new ParameterException(
                    spec.commandLine(), "--to takes from registries and fills no store: leave out --store and --from");
        }
        return command.fill(
                new DirectoryFilling.Request(directory, target, added, Optional.ofNullable(command.options.config)));
    }

    /** Reads the name of an image. */
    static final class ImageConverter implements ITypeConverter<ImageReference> {
        @Override
        public ImageReference convert(String text) {
            try {
                return ImageReference.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
