package dev.lockstep.systemd.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads what {@link JsonOutput} writes back into the same records. Unknown keys are left alone, so that an older reader understands a newer writer. */
public final class JsonInput {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonInput() {}

    /**
     * Reads one document.
     *
     * @throws IllegalArgumentException when it is not such a document
     */
    public static <T extends Record> T read(String document, Class<T> type) {
        return type.cast(value(tree(document), type));
    }

    /** Reads a document that is a list: its key {@code entries}. */
    public static <T extends Record> List<T> readList(String document, Class<T> type) {
        List<T> entries = new ArrayList<>();
        tree(document).path("entries").forEach(node -> entries.add(type.cast(value(node, type))));
        return entries;
    }

    private static JsonNode tree(String document) {
        try {
            return JSON.readTree(document);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("it is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static Object value(JsonNode node, Type type) {
        if (type instanceof ParameterizedType generic) {
            Type element = generic.getActualTypeArguments()[0];
            if (generic.getRawType() == Optional.class) {
                return node.isNull() || node.isMissingNode() ? Optional.empty() : Optional.of(value(node, element));
            }
            List<Object> list = new ArrayList<>();
            node.forEach(item -> list.add(value(item, element)));
            return List.copyOf(list);
        }
        if (type == boolean.class) {
            return node.asBoolean();
        }
        if (type == int.class) {
            return node.asInt();
        }
        if (type == long.class) {
            return node.asLong();
        }
        if (node.isMissingNode() || node.isNull()) {
            throw new IllegalArgumentException("a value of the type " + type.getTypeName() + " is missing");
        }
        return type == String.class ? node.asText() : object(node, (Class<?>) type);
    }

    private static Object object(JsonNode node, Class<?> type) {
        if (type == Instant.class) {
            try {
                return Instant.parse(node.asText());
            } catch (DateTimeException e) {
                throw new IllegalArgumentException("'" + node.asText() + "' is not a time", e);
            }
        }
        if (type.isEnum()) {
            String name = node.asText().toUpperCase(Locale.ROOT).replace('-', '_');
            return Arrays.stream(type.getEnumConstants())
                    .filter(constant -> ((Enum<?>) constant).name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("'" + node.asText() + "' is not known"));
        }
        return record(node, type);
    }

    private static Object record(JsonNode node, Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Arrays.stream(components)
                .map(component -> value(node.path(component.getName()), component.getGenericType()))
                .toArray();
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw new IllegalStateException("a public record can be made", e);
        }
    }
}
