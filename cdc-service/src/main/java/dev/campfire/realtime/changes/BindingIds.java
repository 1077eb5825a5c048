package dev.campfire.realtime.changes;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** Numbers for bindings: equal for equal objects on every machine, 27 bits as in the original, never 0. */
final class BindingIds {

    private static final int MASK = (1 << 27) - 1;

    private BindingIds() {}

    static long idOf(JsonNode binding) {
        StringBuilder text = new StringBuilder();
        write(binding, text);
        CRC32C sum = new CRC32C();
        sum.update(text.toString().getBytes(StandardCharsets.UTF_8));
        long id = sum.getValue() & MASK;
        return id == 0 ? 1 : id;
    }

    /** The fields of an object in the order of their names. */
    private static void write(JsonNode node, StringBuilder out) {
        if (!node.isObject()) {
            out.append(node);
            return;
        }
        Map<String, JsonNode> sorted = new TreeMap<>();
        node.fields().forEachRemaining(field -> sorted.put(field.getKey(), field.getValue()));
        out.append('{');
        sorted.forEach((name, value) -> {
            out.append(name).append(':');
            write(value, out);
            out.append(',');
        });
        out.append('}');
    }
}
