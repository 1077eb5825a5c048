package dev.campfire.realtime.mapping.rules;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** One map of a YAML file, read key by key; what is wrong with it is gathered, and reading goes on. For one thread. */
final class Fields {

    private final Source source;
    private final List<Mistake> mistakes;
    private final Node node;
    private final Map<String, NodeTuple> entries = new LinkedHashMap<>();
    private final Set<String> read = new HashSet<>();

    /** @param mistakes where mistakes are added */
    Fields(Source source, List<Mistake> mistakes, Node node) {
        this.source = source;
        this.mistakes = mistakes;
        this.node = node;
        if (!(node instanceof MappingNode map)) {
            mistake(node, "a map is expected here, such as  key: value");
            return;
        }
        for (NodeTuple tuple : map.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                mistake(tuple.getKeyNode(), "a key must be a text");
            } else if (entries.putIfAbsent(key.getValue(), tuple) != null) {
                mistake(key, "\"" + key.getValue() + "\" is given twice");
            }
        }
    }

    Place start() {
        return source.start(node);
    }

    /** All keys, as texts with their places, in order. */
    List<ScalarText> keys() {
        return entries.values().stream()
                .map(tuple -> new ScalarText(source, (ScalarNode) tuple.getKeyNode()))
                .toList();
    }

    /** The text of this key; null when there is none, which is a mistake. */
    @Nullable
    ScalarText text(String key) {
        ScalarText text = optionalText(key);
        if (text == null && !entries.containsKey(key)) {
            mistake(node, "\"" + key + "\" is missing");
        }
        return text;
    }

    /** The text of this key; null when there is none. */
    @Nullable
    ScalarText optionalText(String key) {
        Node value = value(key);
        return value == null ? null : scalar(value);
    }

    boolean flag(String key) {
        ScalarText text = optionalText(key);
        if (text != null && !text.text().equals("true") && !text.text().equals("false")) {
            mistake(text.start(), "\"" + key + "\" must be true or false");
        }
        return text != null && text.text().equals("true");
    }

    /** The texts of this key, given as a list or as one; null when the key is not there. */
    @Nullable
    List<ScalarText> optionalTexts(String key) {
        Node value = value(key);
        if (value == null) {
            return null;
        }
        List<ScalarText> texts = new ArrayList<>();
        List<Node> nodes = value instanceof SequenceNode list ? list.getValue() : List.of(value);
        for (Node item : nodes) {
            ScalarText text = scalar(item);
            if (text != null) {
                texts.add(text);
            }
        }
        return texts;
    }

    /** The same; a missing key is a mistake. */
    List<ScalarText> texts(String key) {
        List<ScalarText> texts = optionalTexts(key);
        if (texts == null) {
            mistake(node, "\"" + key + "\" is missing");
            return List.of();
        }
        return texts;
    }

    /** The maps of the list that this key has; a missing key is a mistake. */
    List<Fields> maps(String key) {
        Node value = value(key);
        if (value == null) {
            mistake(node, "\"" + key + "\" is missing");
            return List.of();
        }
        if (!(value instanceof SequenceNode list)) {
            mistake(value, "\"" + key + "\" must be a list, each item behind a  - ");
            return List.of();
        }
        return list.getValue().stream()
                .map(item -> new Fields(source, mistakes, item))
                .toList();
    }

    /** The map that this key has; a missing key is a mistake. */
    @Nullable
    Fields map(String key) {
        Node value = value(key);
        if (value == null) {
            mistake(node, "\"" + key + "\" is missing");
            return null;
        }
        return new Fields(source, mistakes, value);
    }

    /** To be called when everything that is known was read: whatever is left is misspelt. */
    void requireNothingElse() {
        entries.forEach((key, tuple) -> {
            if (!read.contains(key)) {
                mistake(
                        tuple.getKeyNode(),
                        "\"" + key + "\" is not known here; known are " + String.join(", ", known()));
            }
        });
    }

    void mistake(Place at, String text) {
        mistakes.add(new Mistake(at, text));
    }

    private List<String> known() {
        return read.stream().sorted().toList();
    }

    private void mistake(Node at, String text) {
        mistake(source.start(at), text);
    }

    private @Nullable Node value(String key) {
        read.add(key);
        NodeTuple tuple = entries.get(key);
        return tuple == null ? null : tuple.getValueNode();
    }

    private @Nullable ScalarText scalar(Node value) {
        if (value instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
            return new ScalarText(source, scalar);
        }
        mistake(value, "a text is expected here");
        return null;
    }
}
