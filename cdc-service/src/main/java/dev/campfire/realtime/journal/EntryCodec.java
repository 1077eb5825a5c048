package dev.campfire.realtime.journal;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Row;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.Position;
import dev.campfire.realtime.mapping.RowPayload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Entries as bytes. Of an event that tells of a row only its name and channel are kept: the payload is rendered again from
 * the images, and gives the same bytes.
 */
final class EntryCodec {

    private static final int BACKFILL = 0x80;
    private static final int OF_ROW = 1;
    private static final int PRIVATE = 2;
    private static final int RAW = 4;
    /** Of a row only the columns that are listed are told. */
    private static final int COLUMNS = 8;

    private static final int NULL = 0;
    private static final int UNCHANGED = 1;
    private static final int PRESENT = 2;
    private static final long MICROS = 1_000_000;
    private static final byte[] NOTHING = {};
    private static final Operation[] OPERATIONS = Operation.values();
    private static final RowPayload.Form[] FORMS = RowPayload.Form.values();

    private EntryCodec() {}

    /** @param relations gives each table a number */
    static void write(ByteWriter out, JournalEntry entry, ToIntFunction<Relation> relations) {
        Change change = entry.change();
        out.writeByte(change.operation().ordinal() | (entry.isEventsOnly() ? BACKFILL : 0));
        out.writeLong(change.id().commitLsn());
        out.writeVar(change.id().index());
        out.writeVar(change.transactionId());
        Instant time = change.commitTime();
        out.writeLong(time.getEpochSecond() * MICROS + time.getNano() / 1000);
        Relation relation = change.relation();
        out.writeVar(relation == null ? 0 : relations.applyAsInt(relation));
        writeRow(out, change.before());
        writeRow(out, change.after());
        Change.LogicalMessage message = change.message();
        out.writeByte(message == null ? 0 : message.transactional() ? 2 : 1);
        if (message != null) {
            out.writeText(message.prefix());
            out.writeBytes(message.content());
        }
        out.writeVar(entry.events().size());
        for (Event event : entry.events()) {
            writeEvent(out, event);
        }
    }

    private static void writeRow(ByteWriter out, @Nullable Row row) {
        out.writeVar(row == null ? 0 : row.size() + 1L);
        if (row == null) {
            return;
        }
        for (int i = 0; i < row.size(); i++) {
            int length = row.length(i);
            if (length >= 0) {
                out.writeVar((long) length + PRESENT);
                out.writeRaw(row.bytes(), row.start(i), length);
            } else {
                out.writeVar(row.isNull(i) ? NULL : UNCHANGED);
            }
        }
    }

    private static void writeEvent(ByteWriter out, Event event) {
        RowPayload row = event.row();
        List<String> columns = row == null ? null : row.columns();
        out.writeByte((row != null ? OF_ROW : 0)
                | (event.isPrivate() ? PRIVATE : 0)
                | (event.isRaw() ? RAW : 0)
                | (columns != null ? COLUMNS : 0));
        out.writeByte(event.position().ordinal());
        out.writeText(event.channel());
        out.writeText(event.name());
        out.writeVar(event.sequence());
        if (row != null) {
            out.writeByte(row.form().ordinal());
            if (columns != null) {
                out.writeVar(columns.size());
                columns.forEach(out::writeText);
            }
        } else {
            out.writeText(event.id());
            out.writeBytes(event.payload());
        }
    }

    /** Where the entry stands that begins here; reads nothing more of it. */
    static LogPosition position(ByteReader in, int era) {
        in.readByte();
        return new LogPosition(era, in.readLong(), number(in));
    }

    /**
     * @param relations finds a table by its number
     * @param wanted which of the events are read
     */
    static JournalEntry read(ByteReader in, int history, IntFunction<Relation> relations, EventFilter wanted) {
        return read(in, history, relations, wanted, true);
    }

    /** The same, with all events, but without the payloads of those that tell of a row: only their names are of use. */
    static JournalEntry readNames(ByteReader in, IntFunction<Relation> relations) {
        return readNames(in, 0, relations);
    }

    static JournalEntry readNames(ByteReader in, int history, IntFunction<Relation> relations) {
        return read(in, history, relations, EventFilter.ALL, false);
    }

    private static JournalEntry read(
            ByteReader in, int history, IntFunction<Relation> relations, EventFilter wanted, boolean isRendered) {
        int kind = in.readByte();
        Operation operation = RelationCodec.constant(OPERATIONS, kind & ~BACKFILL);
        long lsn = in.readLong();
        ChangeId id = new ChangeId(history, lsn, number(in));
        long transaction = in.readVar();
        long micros = in.readLong();
        Instant time = Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1000);
        int relationNumber = number(in);
        Relation relation = relationNumber == 0 ? null : relations.apply(relationNumber);
        Row before = readRow(in);
        Row after = readRow(in);
        int messageKind = in.readByte();
        Change.LogicalMessage message =
                messageKind == 0 ? null : new Change.LogicalMessage(messageKind == 2, in.readText(), in.readBytes());
        Change change = new Change(id, transaction, time, operation, relation, before, after, message);
        boolean isBackfill = (kind & BACKFILL) != 0;
        int count = in.readSize();
        List<Event> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Event event = readEvent(in, change, wanted, isRendered);
            if (event != null) {
                events.add(isBackfill ? event.asBackfill() : event);
            }
        }
        return new JournalEntry(change, events, isBackfill);
    }

    private static int number(ByteReader in) {
        long number = in.readVar();
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw new DamagedException("a number of " + number);
        }
        return (int) number;
    }

    private static @Nullable Row readRow(ByteReader in) {
        int columns = in.readSize() - 1;
        if (columns < 0) {
            return null;
        }
        Row.Builder row = new Row.Builder(columns, room(in, columns));
        for (int i = 0; i < columns; i++) {
            int length = in.readSize();
            switch (length) {
                case NULL -> row.addNull();
                case UNCHANGED -> row.addUnchanged();
                default -> row.add(in.array(), in.skip(length - PRESENT), length - PRESENT);
            }
        }
        return row.build();
    }

    /** How many bytes the values have that follow. */
    private static int room(ByteReader in, int columns) {
        ByteReader ahead = new ByteReader(in.array(), in.position(), in.position() + in.remaining());
        int room = 0;
        for (int i = 0; i < columns; i++) {
            int length = ahead.readSize();
            if (length != NULL && length != UNCHANGED) {
                ahead.skip(length - PRESENT);
                room += length - PRESENT;
            }
        }
        return room;
    }

    private static @Nullable Event readEvent(ByteReader in, Change change, EventFilter wanted, boolean isRendered) {
        int flags = in.readByte();
        Position position = new Position(change.id(), in.readByte());
        String channel = in.readText();
        String name = in.readText();
        long sequence = in.readVar();
        Relation relation = change.relation();
        boolean isWanted = wanted.wants(channel, (flags & PRIVATE) != 0, name, relation);
        if ((flags & OF_ROW) == 0) {
            String id = in.readText();
            if (!isWanted) {
                in.skip(in.readSize());
                return null;
            }
            return new Event(
                            position,
                            id,
                            channel,
                            (flags & PRIVATE) != 0,
                            name,
                            change.commitTime(),
                            (flags & RAW) != 0,
                            in.readBytes())
                    .withSequence(sequence);
        }
        if (relation == null) {
            throw new DamagedException("an event of a row without a table");
        }
        RowPayload.Form form = RelationCodec.constant(FORMS, in.readByte());
        List<String> columns = (flags & COLUMNS) == 0 ? null : readColumns(in);
        if (!isWanted) {
            return null;
        }
        RowPayload row = new RowPayload(change, relation, form, columns, position);
        byte[] payload = isRendered ? row.render() : NOTHING;
        return new Event(position, channel, name, change.commitTime(), payload, row).withSequence(sequence);
    }

    private static List<String> readColumns(ByteReader in) {
        int count = in.readSize();
        List<String> columns = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            columns.add(in.readText());
        }
        return columns;
    }
}
