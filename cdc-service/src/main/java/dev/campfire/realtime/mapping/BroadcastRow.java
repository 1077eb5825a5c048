package dev.campfire.realtime.mapping;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Row;
import dev.campfire.realtime.vocabulary.ChannelNames;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Rows of {@code realtime.messages} as events: JSON as Postgres prints it, or bytes. */
final class BroadcastRow {

    /** What a binary frame can carry of a name, in bytes. */
    private static final int LONGEST_NAME = 255;

    private final Relation relation;
    private final Row row;

    private BroadcastRow(Relation relation, Row row) {
        this.relation = relation;
        this.row = row;
    }

    static void map(Change change, Relation relation, UnmappedChanges unmapped, Consumer<Event> events) {
        Row inserted = change.after();
        Event event = inserted == null ? null : new BroadcastRow(relation, inserted).event(change);
        if (event == null) {
            unmapped.add(relation, UnmappedReason.NO_BROADCAST);
        } else {
            events.accept(event);
        }
    }

    private @Nullable Event event(Change change) {
        String id = text("id");
        String topic = text("topic");
        String name = text("event");
        String isPrivate = text("private");
        String json = text("payload");
        byte[] binary = json == null ? bytes(text("binary_payload")) : null;
        byte[] payload = json == null ? binary : json.getBytes(StandardCharsets.UTF_8);
        if (id == null || topic == null || name == null || isPrivate == null || payload == null) {
            return null;
        }
        if (topic.isEmpty() || name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
            return null;
        }
        return new Event(
                new Position(change.id(), 0),
                id,
                ChannelNames.canonical(topic),
                isPrivate.equals("t") || ChannelNames.isProtected(topic),
                name,
                change.commitTime(),
                json == null,
                payload);
    }

    private @Nullable String text(String column) {
        int index = relation.indexOf(column);
        return index < 0 || index >= row.size() ? null : row.text(index);
    }

    private static byte @Nullable [] bytes(@Nullable String bytea) {
        return bytea == null || !bytea.startsWith("\\x") ? null : HexFormat.of().parseHex(bytea, 2, bytea.length());
    }
}
