package dev.campfire.realtime.channel;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Several {@code presence_diff}s as one that leads from the state before them to the state behind them. For one thread. */
final class PresenceDiff {

    static final String EVENT = "presence_diff";

    private static final JsonMapper JSON = new JsonMapper(JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build());

    private final Map<String, Meta> joins = new LinkedHashMap<>();
    private final Map<String, Meta> leaves = new LinkedHashMap<>();
    private int size;

    /** What is told of one member, under its key. */
    private record Meta(String key, JsonNode meta) {}

    /** Adds a diff behind those that are in here. */
    void add(byte[] diff) {
        JsonNode parts;
        try {
            parts = JSON.readTree(diff);
        } catch (IOException e) {
            throw new UncheckedIOException("a diff of our own is not JSON", e);
        }
        size += diff.length;
        Map<String, Meta> left = metas(parts.path("leaves"));
        // Who came and went meanwhile was never there.
        left.forEach((reference, meta) -> {
            if (joins.remove(reference) == null) {
                leaves.put(reference, meta);
            }
        });
        joins.putAll(metas(parts.path("joins")));
    }

    private static Map<String, Meta> metas(JsonNode keys) {
        Map<String, Meta> metas = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> key : keys.properties()) {
            for (JsonNode meta : key.getValue().path("metas")) {
                metas.put(meta.path("phx_ref").asText(), new Meta(key.getKey(), meta));
            }
        }
        return metas;
    }

    /** About how many bytes went into it. */
    int size() {
        return size;
    }

    /** The one diff; empty when nothing has changed in the end. */
    byte[] payload() {
        if (joins.isEmpty() && leaves.isEmpty()) {
            return new byte[0];
        }
        ObjectNode diff = JsonNodeFactory.instance.objectNode();
        diff.set("joins", keys(joins));
        diff.set("leaves", keys(leaves));
        return diff.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode keys(Map<String, Meta> metas) {
        ObjectNode keys = JsonNodeFactory.instance.objectNode();
        for (Meta meta : metas.values()) {
            JsonNode known = keys.path(meta.key()).path("metas");
            ArrayNode list = known instanceof ArrayNode array
                    ? array
                    : keys.putObject(meta.key()).putArray("metas");
            list.add(meta.meta());
        }
        return keys;
    }
}
