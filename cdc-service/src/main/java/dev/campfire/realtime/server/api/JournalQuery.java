package dev.campfire.realtime.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.replay.EventSelection;
import dev.campfire.realtime.replay.MalformedRequestException;
import dev.campfire.realtime.replay.ReplayRequest;
import dev.campfire.realtime.replay.Start;
import dev.campfire.realtime.replay.Stop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads what somebody wants of the journal: out of an address, or out of a body. */
final class JournalQuery {

    private static final Set<String> FIELDS =
            Set.of("from", "after", "to", "channel", "event", "table", "limit", "over_gaps", "speed");

    private JournalQuery() {}

    /** {@code ?from=..&after=..&to=..&channel=..&event=..&table=..&limit=..&follow=..&over_gaps=..} */
    static ReplayRequest of(Map<String, List<String>> query) throws MalformedRequestException {
        return new ReplayRequest(
                Start.parse(first(query, "from"), first(query, "after")),
                Stop.parse(first(query, "to"), flag(query, "follow")),
                EventSelection.parse(
                        query.getOrDefault("channel", List.of()),
                        query.getOrDefault("event", List.of()),
                        query.getOrDefault("table", List.of())),
                limit(first(query, "limit")),
                flag(query, "over_gaps"));
    }

    /** The same as the fields of an object; what is repeated in an address is a list in here. */
    static ReplayRequest of(JsonNode body) throws MalformedRequestException {
        Set<String> unknown = new TreeSet<>();
        body.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(FIELDS);
        if (!body.isObject() || !unknown.isEmpty()) {
            throw new MalformedRequestException(
                    body.isObject() ? "there is no field " + unknown.iterator().next() : "the body is no object");
        }
        return new ReplayRequest(
                Start.parse(text(body, "from"), text(body, "after")),
                Stop.parse(text(body, "to"), false),
                EventSelection.parse(texts(body, "channel"), texts(body, "event"), texts(body, "table")),
                limit(text(body, "limit")),
                Boolean.parseBoolean(oneOf("over_gaps", text(body, "over_gaps"))));
    }

    static @Nullable String first(Map<String, List<String>> query, String name) {
        List<String> values = query.get(name);
        return values == null || values.isEmpty() ? null : values.getFirst();
    }

    private static boolean flag(Map<String, List<String>> query, String name) throws MalformedRequestException {
        return Boolean.parseBoolean(oneOf(name, first(query, name)));
    }

    private static String oneOf(String name, @Nullable String value) throws MalformedRequestException {
        return switch (value == null ? "false" : value) {
            case "true" -> "true";
            case "false" -> "false";
            default -> throw new MalformedRequestException(name + " must be true or false");
        };
    }

    private static long limit(@Nullable String value) throws MalformedRequestException {
        return value == null ? Long.MAX_VALUE : number("limit", value, Long.MAX_VALUE);
    }

    /** A whole number from 1 on. */
    static long number(String name, String value, long most) throws MalformedRequestException {
        try {
            long number = Long.parseLong(value);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, for both cases.
        }
        throw new MalformedRequestException(
                name + " must be a whole number from 1" + (most == Long.MAX_VALUE ? " on" : " to " + most));
    }

    static @Nullable String text(JsonNode body, String name) throws MalformedRequestException {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isValueNode()) {
            throw new MalformedRequestException(name + " must be a text");
        }
        return value.asText();
    }

    private static List<String> texts(JsonNode body, String name) throws MalformedRequestException {
        JsonNode value = body.path(name);
        List<String> texts = new ArrayList<>();
        if (value.isTextual()) {
            texts.add(value.textValue());
        } else if (value.isArray()) {
            for (JsonNode each : value) {
                if (!each.isTextual()) {
                    throw new MalformedRequestException(name + " must be a list of texts");
                }
                texts.add(each.textValue());
            }
        } else if (!value.isMissingNode() && !value.isNull()) {
            throw new MalformedRequestException(name + " must be a text or a list of texts");
        }
        return texts;
    }
}
