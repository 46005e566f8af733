package dev.lockstep.orchestrator.ostree;

import dev.lockstep.manifest.RootTree;
import dev.lockstep.orchestrator.ErrorCode;
import dev.lockstep.orchestrator.LockstepException;
import java.io.IOException;
import java.util.List;

/** What {@code ostree admin deploy} needs of a tree, looked at before anything is fetched for it. */
final class BootableTree {
    private static final String MODULES = "/usr/lib/modules";

    private BootableTree() {}

    static void require(RootTree root) throws IOException, LockstepException {
        List<String> kernels = root.list(MODULES).map(RootTree.Listing::names).orElse(List.of()).stream()
                .filter(version -> exists(root, MODULES + "/" + version + "/vmlinuz"))
                .toList();
        if (kernels.size() != 1) {
            throw notBootable(
                    kernels.isEmpty()
                            ? "it has no kernel (/usr/lib/modules/VERSION/vmlinuz)"
                            : "it has more than one kernel: " + String.join(", ", kernels));
        }
        if (!root.exists("/usr/lib/os-release")
                && !root.exists("/etc/os-release")
                && !root.exists("/usr/etc/os-release")) {
            throw notBootable("it has no os-release");
        }
    }

    private static boolean exists(RootTree root, String path) {
        try {
            return root.exists(path);
        } catch (IOException e) {
            return false;
        }
    }

    private static LockstepException notBootable(String reason) {
        return new LockstepException(
                ErrorCode.TARGET_NOT_BOOTABLE,
                "the target is not a bootable operating system tree: " + reason,
                "name the image of an operating system, with its kernel in /usr/lib/modules");
    }
}
