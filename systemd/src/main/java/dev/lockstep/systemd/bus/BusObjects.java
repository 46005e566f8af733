package dev.lockstep.systemd.bus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.messages.MethodCall;
import org.freedesktop.dbus.types.Variant;

/**
 * The tree of objects below {@link BusNames#ROOT}, and the standard interfaces over it: Peer, Introspectable, Properties, ObjectManager. An
 * object may lie elsewhere; the ObjectManager does not know of it then.
 */
public final class BusObjects {
    private static final String HEAD = """
            <!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN"
             "http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">
            <node>
            """;

    private final Map<String, BusObject> objects = new ConcurrentSkipListMap<>();

    /** Adds an object and tells it. */
    public void add(BusConnection connection, BusObject object) {
        objects.put(object.path(), object);
        if (!isManaged(object) && !object.path().equals(BusNames.ROOT)) {
            return;
        }
        connection.emit(
                BusNames.ROOT,
                BusNames.OBJECT_MANAGER,
                "InterfacesAdded",
                BusBody.of("oa{sa{sv}}", new DBusPath(object.path()), Map.of(object.type(), object.properties())));
    }

    private static boolean isManaged(BusObject object) {
        return object.path().startsWith(BusNames.ROOT + "/");
    }

    /** Removes an object and tells it. */
    public void remove(BusConnection connection, BusObject object) {
        objects.remove(object.path());
        connection.emit(
                BusNames.ROOT,
                BusNames.OBJECT_MANAGER,
                "InterfacesRemoved",
                BusBody.of("oas", new DBusPath(object.path()), List.of(object.type())));
    }

    /** Tells new values of properties. */
    public static void changed(BusConnection connection, BusObject object, Map<String, Variant<?>> values) {
        connection.emit(
                object.path(),
                BusNames.PROPERTIES,
                "PropertiesChanged",
                BusBody.of("sa{sv}as", object.type(), values, List.of()));
    }

    /** Answers a call, or hands it to the object that it is for. */
    public void handle(BusConnection connection, MethodCall call) {
        Invocation invocation = new Invocation(connection, call);
        Optional<BusObject> object = Optional.ofNullable(objects.get(call.getPath()));
        String type = Objects.requireNonNullElse(call.getInterface(), "");
        Optional<BusObject.Method> method = standard(call.getPath(), type, invocation.member());
        if (method.isEmpty()) {
            method = object.filter(found -> type.isEmpty() || found.type().equals(type))
                    .map(found -> found.methods().get(invocation.member()));
        }
        String signature = Objects.requireNonNullElse(call.getSig(), "");
        if (method.isEmpty()) {
            boolean known = object.isPresent() || !children(call.getPath()).isEmpty();
            invocation.fail(
                    "org.freedesktop.DBus.Error." + (known ? "UnknownMethod" : "UnknownObject"),
                    "there is no " + type + "." + invocation.member() + " at " + call.getPath());
        } else if (!method.get().signature().equals(signature)) {
            invocation.fail(
                    BusErrors.INVALID_ARGUMENTS,
                    invocation.member() + " takes '" + method.get().signature() + "', not '" + signature + "'");
        } else {
            method.get().handler().handle(invocation);
        }
    }

    private Optional<BusObject.Method> standard(String path, String type, String member) {
        String name = type + "." + member;
        return switch (name) {
            case BusNames.PEER + ".Ping" -> method("", invocation -> invocation.reply(BusBody.EMPTY));
            case BusNames.PEER + ".GetMachineId" -> method("", invocation -> invocation.reply(BusBody.text(machine())));
            case BusNames.INTROSPECTABLE + ".Introspect" ->
                method("", invocation -> invocation.reply(BusBody.text(introspection(path))));
            case BusNames.PROPERTIES + ".Get" -> method("ss", invocation -> get(path, invocation));
            case BusNames.PROPERTIES + ".GetAll" -> method("s", invocation -> getAll(path, invocation));
            case BusNames.PROPERTIES + ".Set" -> method("ssv", invocation -> set(path, invocation));
            case BusNames.OBJECT_MANAGER + ".GetManagedObjects" ->
                path.equals(BusNames.ROOT)
                        ? method("", invocation -> invocation.reply(BusBody.of("a{oa{sa{sv}}}", managed())))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<BusObject.Method> method(String signature, BusObject.Handler handler) {
        return Optional.of(new BusObject.Method(signature, handler));
    }

    private static String machine() {
        try {
            return Files.readString(Path.of("/etc/machine-id")).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private void get(String path, Invocation invocation) {
        String type = String.valueOf(invocation.arguments().get(0));
        String name = String.valueOf(invocation.arguments().get(1));
        Optional<Variant<?>> value = Optional.ofNullable(objects.get(path))
                .filter(object -> type.isEmpty() || object.type().equals(type))
                .map(object -> object.properties().get(name));
        value.ifPresentOrElse(
                found -> invocation.reply(BusBody.of("v", found)),
                () -> invocation.fail(
                        "org.freedesktop.DBus.Error.UnknownProperty",
                        "there is no property " + type + "." + name + " at " + path));
    }

    private void set(String path, Invocation invocation) {
        String type = String.valueOf(invocation.arguments().get(0));
        String name = String.valueOf(invocation.arguments().get(1));
        Object value = ((Variant<?>) invocation.arguments().get(2)).getValue();
        Optional.ofNullable(objects.get(path))
                .filter(object -> type.isEmpty() || object.type().equals(type))
                .map(object -> object.setters().get(name))
                .ifPresentOrElse(
                        setter -> setter.set(invocation, value),
                        () -> invocation.fail(
                                "org.freedesktop.DBus.Error.PropertyReadOnly",
                                "no property " + type + "." + name + " can be set at " + path));
    }

    private void getAll(String path, Invocation invocation) {
        String type = String.valueOf(invocation.arguments().get(0));
        Map<String, Variant<?>> values = Optional.ofNullable(objects.get(path))
                .filter(object -> type.isEmpty() || object.type().equals(type))
                .map(BusObject::properties)
                .orElse(Map.of());
        invocation.reply(BusBody.of("a{sv}", values));
    }

    private Map<DBusPath, Map<String, Map<String, Variant<?>>>> managed() {
        Map<DBusPath, Map<String, Map<String, Variant<?>>>> managed = new java.util.LinkedHashMap<>();
        for (BusObject object : objects.values()) {
            if (isManaged(object)) {
                managed.put(new DBusPath(object.path()), new TreeMap<>(Map.of(object.type(), object.properties())));
            }
        }
        return managed;
    }

    private String introspection(String path) {
        StringBuilder xml = new StringBuilder(HEAD);
        Optional.ofNullable(objects.get(path)).ifPresent(object -> {
            xml.append(object.introspection()).append(Standard.XML);
            if (path.equals(BusNames.ROOT)) {
                xml.append(Standard.OBJECT_MANAGER);
            }
        });
        children(path)
                .forEach(child -> xml.append("  <node name=\"").append(child).append("\"/>\n"));
        return xml.append("</node>\n").toString();
    }

    /** Names of what is directly below a path. */
    private Set<String> children(String path) {
        String below = path.equals("/") ? "/" : path + "/";
        Set<String> children = new TreeSet<>();
        for (String found : objects.keySet()) {
            if (found.startsWith(below)) {
                children.add(found.substring(below.length()).split("/", 2)[0]);
            }
        }
        return children;
    }
}
