package dev.lockstep.systemd.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
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
 * lower case with dashes. Written without a tree of nodes in between: a root may bind thousands of images, and starting that part of the
 * library takes longer than listing a few.
 */
public final class JsonOutput {
    private static final JsonFactory JSON = new JsonFactory();

    private final JsonGenerator generator;

    private JsonOutput(JsonGenerator generator) {
        this.generator = generator;
    }

    /** One document with its schema's name first. A list becomes the key {@code entries}. */
    public static String text(String schema, Object report) {
        return written(true, output -> {
            output.generator.writeStartObject();
            output.generator.writeStringField("schema", schema);
            if (report instanceof Map<?, ?> map) {
                output.entries(map);
            } else if (report instanceof Record record) {
                output.components(record);
            } else {
                output.generator.writeFieldName("entries");
                output.value(report);
            }
            output.generator.writeEndObject();
        });
    }

    /** One document on one line, without a schema. */
    public static String line(Object report) {
        return written(false, output -> output.value(report));
    }

    /** Something that is written. */
    @FunctionalInterface
    private interface Part {
        void write(JsonOutput output) throws IOException;
    }

    private static String written(boolean pretty, Part part) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = JSON.createGenerator(text)) {
            if (pretty) {
                generator.setPrettyPrinter(new DefaultPrettyPrinter());
            }
            part.write(new JsonOutput(generator));
        } catch (IOException e) {
            throw new UncheckedIOException("memory can be written", e);
        }
        return text.toString();
    }

    private void value(@Nullable Object value) throws IOException {
        switch (value) {
            case null -> generator.writeNull();
            case Optional<?> optional -> value(optional.orElse(null));
            case OptionalInt optional -> value(optional.isPresent() ? optional.getAsInt() : null);
            case List<?> list -> {
                generator.writeStartArray();
                for (Object element : list) {
                    value(element);
                }
                generator.writeEndArray();
            }
            case Map<?, ?> map -> {
                generator.writeStartObject();
                entries(map);
                generator.writeEndObject();
            }
            case Record record -> {
                generator.writeStartObject();
                components(record);
                generator.writeEndObject();
            }
            case Enum<?> constant ->
                generator.writeString(constant.name().toLowerCase(Locale.ROOT).replace('_', '-'));
            case Boolean flag -> generator.writeBoolean(flag);
            case Integer number -> generator.writeNumber(number.intValue());
            case Long number -> generator.writeNumber(number.longValue());
            default -> generator.writeString(value.toString());
        }
    }

    private void entries(Map<?, ?> map) throws IOException {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            generator.writeFieldName(String.valueOf(entry.getKey()));
            value(entry.getValue());
        }
    }

    private void components(Record record) throws IOException {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            Method accessor = component.getAccessor();
            // The record may be nested in a class that only its own package sees.
            accessor.setAccessible(true);
            generator.writeFieldName(component.getName());
            try {
                value(accessor.invoke(record));
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("a record can be read", e);
            }
        }
    }
}
