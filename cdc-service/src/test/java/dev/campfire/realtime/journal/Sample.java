package dev.campfire.realtime.journal;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.capture.Column;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.PostgresType;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Relation.ReplicaIdentity;
import dev.campfire.realtime.capture.Row;
import dev.campfire.realtime.capture.StreamStart;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.Position;
import dev.campfire.realtime.mapping.RowPayload;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes and events to put into journals. */
public final class Sample {

    static final int HISTORY = 0xABCDEF;

    public static final Relation MESSAGES = new Relation(
            4711,
            "public",
            "messages",
            ReplicaIdentity.FULL,
            List.of(
                    new Column("id", PostgresType.base(23, "int4"), true, true),
                    new Column("tags", PostgresType.array(1009, "_text", PostgresType.base(25, "text")), false, true)));

    private Sample() {}

    public static ChangeId id(long lsn, int index) {
        return new ChangeId(HISTORY, lsn, index);
    }

    public static StreamStart start(long lsn) {
        return new StreamStart(HISTORY, lsn, Long.MAX_VALUE, false);
    }

    /** A row of messages that became an event on each of these channels. */
    public static JournalEntry row(long lsn, int index, String text, String... channels) {
        return row(lsn, index, text, null, channels);
    }

    /** The same, of which the events tell some of the columns alone. */
    public static JournalEntry row(
            long lsn, int index, String text, @Nullable List<String> columns, String... channels) {
        Change change = new Change(
                id(lsn, index),
                77,
                Instant.parse("2026-11-19T00:22:40.877123Z"),
                Operation.INSERT,
                MESSAGES,
                null,
                Row.of(text, null),
                null);
        List<Event> events = new java.util.ArrayList<>();
        for (String channel : channels) {
            Position position = new Position(change.id(), events.size());
            RowPayload row = new RowPayload(change, MESSAGES, RowPayload.Form.AS_IS, columns, position);
            events.add(new Event(position, channel, "message:created", change.commitTime(), row.render(), row));
        }
        return new JournalEntry(change, events);
    }

    /** A broadcast that has an id of its own. */
    public static JournalEntry broadcast(long lsn, String id, String channel, boolean isPrivate) {
        Change change = new Change(
                id(lsn, 0),
                0,
                Instant.EPOCH,
                Operation.MESSAGE,
                null,
                null,
                null,
                new Change.LogicalMessage(true, "p", new byte[] {1, 2}));
        return new JournalEntry(
                change,
                List.of(new Event(
                        new Position(change.id(), 0), id, channel, isPrivate, "said", Instant.EPOCH, true, new byte[] {
                            0, 1, -1
                        })));
    }
}
