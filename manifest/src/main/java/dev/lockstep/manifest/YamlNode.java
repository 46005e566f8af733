package dev.lockstep.manifest;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** A value of a YAML document, aliases and merge keys resolved. Nodes that aliases share are shared here too: never walk one without a bound. */
sealed interface YamlNode {
    /** 1-based, where the value begins. */
    int line();

    /**
     * Any single value.
     *
     * @param text quotes and escapes resolved
     * @param plain written without quotes, so that it may be a null, a number or a boolean
     */
    record Scalar(String text, boolean plain, int line) implements YamlNode {
        private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

        boolean isNull() {
            return plain && NULLS.contains(text);
        }
    }

    /** Values in their order. */
    record Sequence(List<YamlNode> items, int line) implements YamlNode {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /** Values by key, in the order of the text. */
    record Mapping(Map<String, YamlNode> values, int line) implements YamlNode {}
}
