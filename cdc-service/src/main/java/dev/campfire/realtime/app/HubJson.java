package dev.campfire.realtime.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.channel.HubCounts;

/** The hub's counts as JSON: one field for each, named as they are. */
final class HubJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private HubJson() {}

    static ObjectNode of(HubCounts counts) {
        return JSON.valueToTree(counts);
    }
}
