package dev.lockstep.systemd.bus;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The names of the interface. */
public final class BusNames {
    /** The service. */
    public static final String SERVICE = "dev.lockstep.Upgrade1";

    /** The manager, which is the root of the object tree. */
    public static final String ROOT = "/dev/lockstep/Upgrade1";

    /** The manager's interface. */
    public static final String MANAGER = SERVICE + ".Manager";

    /** A transaction's interface. */
    public static final String TRANSACTION = SERVICE + ".Transaction";

    /** Below it are transactions. */
    public static final String TRANSACTIONS = ROOT + "/transaction";

    static final String PROPERTIES = "org.freedesktop.DBus.Properties";
    static final String OBJECT_MANAGER = "org.freedesktop.DBus.ObjectManager";
    static final String INTROSPECTABLE = "org.freedesktop.DBus.Introspectable";
    static final String PEER = "org.freedesktop.DBus.Peer";

    private BusNames() {}

    /** The object of a transaction. */
    public static String transaction(String id) {
        return TRANSACTIONS + "/" + escape(id);
    }

    /**
     * A label of an object path for any text, by the rule of sd_bus_path_encode(3): letters and digits stay, except for a digit in front; all
     * other bytes become {@code _} and two hexadecimal digits; the empty text becomes {@code _}.
     */
    static String escape(String text) {
        if (text.isEmpty()) {
            return "_";
        }
        StringBuilder label = new StringBuilder();
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            boolean letter = (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z');
            boolean digit = one >= '0' && one <= '9';
            if (letter || (digit && !label.isEmpty())) {
                label.append((char) one);
            } else {
                label.append(String.format("_%02x", one & 0xff));
            }
        }
        return label.toString();
    }

    /** The bus to use: the given one, that of {@code DBUS_SYSTEM_BUS_ADDRESS}, or the host's system bus. */
    public static String address(java.util.Optional<String> given, Map<String, String> environment) {
        return given.orElseGet(
                () -> environment.getOrDefault("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/run/dbus/system_bus_socket"));
    }
}
