package dev.campfire.realtime.changes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Values as Elixir's {@code inspect} prints them: Supabase Realtime's error texts hold such. */
final class Inspected {

    private Inspected() {}

    static String text(String text) {
        return '"'
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("#{", "\\#{")
                + '"';
    }

    static String json(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> text(node.textValue());
            case ARRAY ->
                StreamSupport.stream(node.spliterator(), false)
                        .map(Inspected::json)
                        .collect(Collectors.joining(", ", "[", "]"));
            case OBJECT -> {
                Map<String, JsonNode> sorted = new TreeMap<>();
                node.fields().forEachRemaining(field -> sorted.put(field.getKey(), field.getValue()));
                yield sorted.entrySet().stream()
                        .map(field -> text(field.getKey()) + " => " + json(field.getValue()))
                        .collect(Collectors.joining(", ", "%{", "}"));
            }
            case NULL, MISSING -> "nil";
            case BINARY, BOOLEAN, NUMBER, POJO -> node.toString();
        };
    }
}
