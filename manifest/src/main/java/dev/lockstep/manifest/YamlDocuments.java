package dev.lockstep.manifest;

import dev.lockstep.manifest.YamlNode.Mapping;
import dev.lockstep.manifest.YamlNode.Scalar;
import dev.lockstep.manifest.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.events.StreamEndEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Text of YAML 1.2 (JSON too) to its documents, in bounded time and memory: it is composed from the parser's events, so that depth and size
 * are held before anything is built, and an alias is a second name for a node, never a copy. As the YAML reader of podman and Kubernetes
 * has it, a key that stands twice in a mapping, an alias to what is not finished, and a key that is not a single value are errors, and
 * {@code <<} merges.
 */
final class YamlDocuments {
    /** Deeper than any schema of a custom resource. */
    static final int MOST_DEPTH = 200;

    /** More values than a generated bundle of manifests has. */
    static final int MOST_NODES = 250_000;

    /** Characters; what is read from a root is smaller. */
    private static final int MOST_CHARACTERS = 4 << 20;

    /** A long value is copied once for each buffer that it fills: with the library's own 1,024 characters 5 MB take 15 seconds. */
    private static final int BUFFER_CHARACTERS = 64 << 10;

    private static final LoadSettings SETTINGS = LoadSettings.builder()
            .setCodePointLimit(MOST_CHARACTERS)
            .setBufferSize(BUFFER_CHARACTERS)
            .setParseComments(false)
            .build();

    private final Iterator<Event> events;
    private final Map<Anchor, YamlNode> anchors = new HashMap<>();
    private int nodes;

    private YamlDocuments(Iterator<Event> events) {
        this.events = events;
    }

    /** What came of reading a text. */
    sealed interface Parsed {}

    /** The text is YAML: its documents, those without content left out. */
    record Good(List<YamlNode> documents) implements Parsed {
        public Good {
            documents = List.copyOf(documents);
        }
    }

    /** The text is not taken. */
    record Malformed(int line, String message) implements Parsed {}

    /** Reads a whole text; never throws, whatever it holds. */
    static Parsed parse(String text) {
        if (text.length() > MOST_CHARACTERS) {
            return new Malformed(1, "is longer than " + MOST_CHARACTERS + " characters");
        }
        try {
            String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
            return new YamlDocuments(new Parse(SETTINGS).parseString(plain).iterator()).documents();
        } catch (RefusedException e) {
            return new Malformed(e.line, e.words);
        } catch (MarkedYamlEngineException e) {
            return new Malformed(
                    e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1),
                    "is not YAML: " + OptionValues.cut(Objects.requireNonNullElse(e.getProblem(), "unknown")));
        } catch (YamlEngineException e) {
            return new Malformed(1, "is not YAML: " + OptionValues.cut(Findings.words(e)));
        }
    }

    private Good documents() throws RefusedException {
        List<YamlNode> documents = new ArrayList<>();
        Event event = next();
        while (!(event instanceof StreamEndEvent)) {
            if (event instanceof DocumentStartEvent) {
                anchors.clear();
            } else if (event instanceof NodeEvent node) {
                YamlNode document = node(node, 0);
                if (!(document instanceof Scalar scalar && scalar.isNull())) {
                    documents.add(document);
                }
            } else if (event instanceof DocumentEndEvent) {
                anchors.clear();
            }
            event = next();
        }
        return new Good(documents);
    }

    private Event next() {
        try {
            return events.next();
        } catch (YamlEngineException e) {
            throw e;
        } catch (RuntimeException e) {
            // The library has bugs on malformed text, for example an escape without digits; the text is not YAML either
            // way.
            throw new YamlEngineException("malformed in a way that the YAML reader cannot place", e);
        }
    }

    private YamlNode node(NodeEvent event, int depth) throws RefusedException {
        int line = line(event);
        if (++nodes > MOST_NODES) {
            throw new RefusedException(line, "has more than " + MOST_NODES + " values");
        }
        if (depth > MOST_DEPTH) {
            throw new RefusedException(line, "is nested deeper than " + MOST_DEPTH + " levels");
        }
        if (event instanceof AliasEvent alias) {
            Optional<YamlNode> known = Optional.ofNullable(anchors.get(alias.getAlias()));
            return known.orElseThrow(() -> new RefusedException(
                    line, "has the alias " + name(alias.getAlias()) + " before its anchor is complete"));
        }
        YamlNode node;
        if (event instanceof ScalarEvent scalar) {
            node = new Scalar(scalar.getValue(), scalar.isPlain(), line);
        } else if (event instanceof SequenceStartEvent) {
            node = sequence(line, depth);
        } else if (event instanceof MappingStartEvent) {
            node = mapping(line, depth);
        } else {
            throw new IllegalStateException("an event that begins no value: " + event.getEventId());
        }
        event.getAnchor().ifPresent(anchor -> anchors.put(anchor, node));
        return node;
    }

    private Sequence sequence(int line, int depth) throws RefusedException {
        List<YamlNode> items = new ArrayList<>();
        Event event = next();
        while (!(event instanceof SequenceEndEvent)) {
            items.add(node((NodeEvent) event, depth + 1));
            event = next();
        }
        return new Sequence(items, line);
    }

    private Mapping mapping(int line, int depth) throws RefusedException {
        Map<String, YamlNode> values = new LinkedHashMap<>();
        List<Mapping> merged = new ArrayList<>();
        Event event = next();
        while (!(event instanceof MappingEndEvent)) {
            YamlNode key = node((NodeEvent) event, depth + 1);
            YamlNode value = node((NodeEvent) next(), depth + 1);
            if (!(key instanceof Scalar name)) {
                throw new RefusedException(key.line(), "has a key that is not a single value");
            }
            if (name.plain() && name.text().equals("<<")) {
                merge(value, merged);
            } else if (values.putIfAbsent(name.text(), value) != null) {
                throw new RefusedException(line(event), "has the key " + OptionValues.quoted(name.text()) + " twice");
            }
            event = next();
        }
        for (Mapping more : merged) {
            nodes += more.values().size();
            if (nodes > MOST_NODES) {
                throw new RefusedException(line, "has more than " + MOST_NODES + " values");
            }
            more.values().forEach(values::putIfAbsent);
        }
        return new Mapping(values, line);
    }

    /** {@code <<: *a} or {@code <<: [*a, *b]}; what stands first wins. */
    private static void merge(YamlNode value, List<Mapping> merged) throws RefusedException {
        List<YamlNode> all = value instanceof Sequence sequence ? sequence.items() : List.of(value);
        for (YamlNode one : all) {
            if (!(one instanceof Mapping mapping)) {
                throw new RefusedException(value.line(), "merges ('<<') what is not a mapping");
            }
            merged.add(mapping);
        }
    }

    private static int line(Event event) {
        return event.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }

    private static String name(Anchor anchor) {
        return OptionValues.quoted("*" + anchor.getValue());
    }

    /** The text is YAML and not taken. */
    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final int line;
        private final String words;

        RefusedException(int line, String words) {
            super(words, null, false, false);
            this.line = line;
            this.words = words;
        }
    }
}
