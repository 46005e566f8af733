package dev.lockstep.manifest;

import java.util.ArrayDeque;
import java.util.Deque;

/** Paths in Quadlet files. */
final class QuadletPaths {
    private QuadletPaths() {}

    /** The path as it stands when it is absolute or begins with a specifier; else below the directory of the unit, cleaned. */
    static String absolute(QuadletUnit unit, String path) {
        return path.startsWith("/") || beginsWithSpecifier(path) ? path : clean(unit.directory() + "/" + path);
    }

    static boolean beginsWithSpecifier(String path) {
        return path.startsWith("%") && !path.startsWith("%%");
    }

    /** An absolute path without empty, {@code .} and {@code ..} components. */
    static String clean(String path) {
        Deque<String> components = new ArrayDeque<>();
        for (String component : path.split("/", -1)) {
            if (component.equals("..")) {
                components.pollLast();
            } else if (!component.isEmpty() && !component.equals(".")) {
                components.addLast(component);
            }
        }
        return "/" + String.join("/", components);
    }
}
