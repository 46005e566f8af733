package dev.lockstep.systemd.daemon;

import dev.lockstep.orchestrator.Reports;
import dev.lockstep.systemd.bus.BusBody;
import dev.lockstep.systemd.bus.BusNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.types.Variant;

/** The manager's properties, told from a status. */
final class ManagerProperties {

    private ManagerProperties() {}

    /**
     * All of them.
     *
     * @param failure the last transaction that failed, if no other has ended well since
     */
    static Map<String, Variant<?>> of(
            String version,
            Optional<Reports.Status> status,
            Optional<Transaction> active,
            Optional<Transaction> failure) {
        List<Reports.DeploymentStatus> deployments =
                status.map(Reports.Status::deployments).orElse(List.of());
        Map<String, Variant<?>> values = new LinkedHashMap<>();
        values.put("Version", BusBody.variant(version));
        values.put("State", BusBody.variant(state(status, active)));
        values.put("Booted", deployment(deployments, "booted"));
        values.put("Staged", deployment(deployments, "staged"));
        values.put("RollbackTarget", deployment(deployments, "rollback"));
        values.put(
                "ActiveTransaction",
                BusBody.variant("o", new DBusPath(active.map(Transaction::path).orElse("/"))));
        values.put("BoundImages", BusBody.variant("a(sssst)", images(deployments)));
        values.put(
                "LastError",
                BusBody.variant(
                        "(sss)",
                        failure.map(failed -> BusBody.struct(
                                        failed.error().getKey(), failed.error().getValue(), failed.path()))
                                .orElse(BusBody.struct("", "", ""))));
        values.put("RebootRequired", BusBody.variant("b", rebootRequired(status)));
        return values;
    }

    /** {@code running}, or the state of the transaction that has not ended, as a status tells it; else {@code idle}. */
    private static String state(Optional<Reports.Status> status, Optional<Transaction> active) {
        if (active.isPresent()) {
            return "running";
        }
        return status.map(seen ->
                        seen.transaction().map(Reports.TransactionStatus::state).orElse("idle"))
                .orElse("unknown");
    }

    private static Variant<?> deployment(List<Reports.DeploymentStatus> deployments, String role) {
        Map<String, Variant<?>> values = new LinkedHashMap<>();
        deployments.stream()
                .filter(found -> found.role().equals(role))
                .findFirst()
                .ifPresent(found -> {
                    values.put("name", BusBody.variant(found.name()));
                    values.put("checksum", BusBody.variant(found.checksum()));
                    values.put("serial", BusBody.variant("i", found.serial()));
                    found.version().ifPresent(version -> values.put("version", BusBody.variant(version)));
                    found.origin().ifPresent(origin -> values.put("origin", BusBody.variant(origin)));
                });
        return BusBody.variant("a{sv}", values);
    }

    /** Of every deployment: reference, role of the deployment, digest, state, compressed bytes. */
    private static List<Object> images(List<Reports.DeploymentStatus> deployments) {
        List<Object> images = new ArrayList<>();
        for (Reports.DeploymentStatus deployment : deployments) {
            for (Reports.Image image : deployment.images()) {
                images.add(BusBody.struct(
                        image.reference(),
                        deployment.role(),
                        image.digest().orElse(""),
                        image.state().name().toLowerCase(Locale.ROOT),
                        BusBody.unsigned(image.size())));
            }
        }
        return images;
    }

    /** Something else than what is booted boots next: another entry, or what is staged and committed. */
    private static boolean rebootRequired(Optional<Reports.Status> status) {
        List<String> roles = status.map(Reports.Status::deployments).orElse(List.of()).stream()
                .map(Reports.DeploymentStatus::role)
                .toList();
        boolean committed = status.flatMap(Reports.Status::transaction)
                .filter(open -> open.state().equals("committed"))
                .isPresent();
        return roles.contains("booted") && (committed || roles.contains("next"));
    }

    /** The last part of an action's name and the interface's, as polkit knows it. */
    static String action(String name) {
        return BusNames.SERVICE + "." + name;
    }
}
