package dev.lockstep.systemd.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Reports as JSON: records become objects with their components as keys, absent values are {@code null}, instants ISO 8601, enum constants
 * lower case with dashes.
 */
public final class JsonOutput {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonOutput() {}

    /** One document with its schema's name first. A list becomes the key {@code entries}. */
    public static String text(String schema, Object report) {
        ObjectNode document = JSON.createObjectNode();
        document.put("schema", schema);
        JsonNode node = node(report);
        if (node instanceof ObjectNode object) {
            object.properties().forEach(entry -> document.set(entry.getKey(), entry.getValue()));
        } else {
            document.set("entries", node);
        }
        return document.toPrettyString();
    }

    /** One document on one line, without a schema. */
    public static String line(Object report) {
        return node(report).toString();
    }

    /** A part of a document. */
    static JsonNode node(@Nullable Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.map(JsonOutput::node).orElse(JSON.nullNode());
        }
        if (value instanceof OptionalInt optional) {
            return optional.isPresent() ? JSON.getNodeFactory().numberNode(optional.getAsInt()) : JSON.nullNode();
        }
        if (value instanceof List<?> list) {
            ArrayNode array = JSON.createArrayNode();
            list.forEach(element -> array.add(node(element)));
            return array;
        }
        if (value instanceof Map<?, ?> map) {
            ObjectNode object = JSON.createObjectNode();
            map.forEach((key, element) -> object.set(String.valueOf(key), node(element)));
            return object;
        }
        if (value instanceof Record record) {
            return object(record);
        }
        if (value instanceof Enum<?> constant) {
            return JSON.getNodeFactory()
                    .textNode(constant.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        if (value instanceof Boolean flag) {
            return JSON.getNodeFactory().booleanNode(flag);
        }
        if (value instanceof Integer number) {
            return JSON.getNodeFactory().numberNode(number.intValue());
        }
        if (value instanceof Long number) {
            return JSON.getNodeFactory().numberNode(number.longValue());
        }
        return value == null ? JSON.nullNode() : JSON.getNodeFactory().textNode(value.toString());
    }

    private static ObjectNode object(Record record) {
        ObjectNode object = JSON.createObjectNode();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            Method accessor = component.getAccessor();
            // The record may be nested in a class that only its own package sees.
            accessor.setAccessible(true);
            try {
                object.set(component.getName(), node(accessor.invoke(record)));
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("a record can be read", e);
            }
        }
        return object;
    }
}
