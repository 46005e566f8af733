package dev.lockstep.orchestrator.gate;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes GVariants in their normal form. */
final class VariantEncoder {
    private VariantEncoder() {}

    static byte[] dictionary(Map<String, Variant> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<Integer> ends = new ArrayList<>();
        entries.forEach((key, value) -> {
            align(bytes);
            bytes.writeBytes(entry(key, value));
            ends.add(bytes.size());
        });
        return framed(bytes, ends);
    }

    private static byte[] entry(String key, Variant value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(text(key));
        int keyEnd = bytes.size();
        align(bytes);
        bytes.writeBytes(variant(value));
        return framed(bytes, List.of(keyEnd));
    }

    private static byte[] variant(Variant value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String type = switch (value) {
            case Variant.Text text -> {
                bytes.writeBytes(text(text.value()));
                yield "s";
            }
            case Variant.Bool bool -> {
                bytes.write(bool.value() ? 1 : 0);
                yield "b";
            }
            case Variant.Unsigned number -> {
                little(bytes, number.value(), 4);
                yield "u";
            }
            case Variant.Texts texts -> {
                bytes.writeBytes(texts(texts.values()));
                yield "as";
            }
            case Variant.Dictionary dictionary -> {
                bytes.writeBytes(dictionary(dictionary.entries()));
                yield "a{sv}";
            }
            case Variant.Opaque opaque -> {
                bytes.writeBytes(new byte[] {1, 2, 3, 0, 5, 6, 7, 8});
                yield opaque.type();
            }
        };
        bytes.write(0);
        bytes.writeBytes(type.getBytes(StandardCharsets.US_ASCII));
        return bytes.toByteArray();
    }

    private static byte[] texts(List<String> values) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<Integer> ends = new ArrayList<>();
        for (String value : values) {
            bytes.writeBytes(text(value));
            ends.add(bytes.size());
        }
        return framed(bytes, ends);
    }

    private static byte[] text(String value) {
        return (value + "\0").getBytes(StandardCharsets.UTF_8);
    }

    private static void align(ByteArrayOutputStream bytes) {
        while (bytes.size() % 8 != 0) {
            bytes.write(0);
        }
    }

    private static byte[] framed(ByteArrayOutputStream bytes, List<Integer> ends) {
        int width = 1;
        for (int wider : new int[] {2, 4}) {
            long limit = (1L << (8 * width)) - 1;
            if (bytes.size() + (long) width * ends.size() > limit) {
                width = wider;
            }
        }
        for (int end : ends) {
            little(bytes, end, width);
        }
        return bytes.toByteArray();
    }

    private static void little(ByteArrayOutputStream bytes, long value, int width) {
        for (int index = 0; index < width; index++) {
            bytes.write((int) (value >> (8 * index)));
        }
    }
}
