package dev.campfire.realtime.channel;

import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.Position;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Something that all subscribers of a channel get. Immutable: the arrays are not to be changed once they are in here. */
public sealed interface Message {

    /** About how many bytes this is on the wire; what backlogs are counted in. */
    int size();

    /** Where in the history of the database it stands; null for what comes from elsewhere. */
    @Nullable
    Position position();

    /**
     * A user's or the database's broadcast whose parts are known: it can be written in any version of the protocol.
     *
     * @param event the event's name; at most {@link #MAX_NAME_LENGTH} bytes when the payload is raw
     * @param encoding what the payload is
     * @param id what receivers see as {@code meta.id}, null for none: letters, digits and dashes
     * @param metadata a JSON object, or null
     * @param payload the payload, written to the wire as it is; valid JSON in UTF-8 unless it is raw
     */
    record Broadcast(
            String event,
            Encoding encoding,
            @Nullable String id,
            byte @Nullable [] metadata,
            byte[] payload,
            @Nullable Position position)
            implements Message {

        /** What a binary frame can carry of a name, in bytes of UTF-8. */
        public static final int MAX_NAME_LENGTH = 255;

        public Broadcast {
            if (encoding == Encoding.RAW && ByteBufUtil.utf8Bytes(event) > MAX_NAME_LENGTH) {
                throw new IllegalArgumentException("raw broadcasts have event names of at most 255 bytes");
            }
        }

        /** A broadcast without an id, as those of clients are. */
        public Broadcast(String event, Encoding encoding, byte @Nullable [] metadata, byte[] payload) {
            this(event, encoding, null, metadata, payload, null);
        }

        /** How an event of the database goes out: its id becomes the message's {@code meta.id}. */
        public static Broadcast of(Event event) {
            return of(event, false, event.position());
        }

        /** How it goes out to a client that joins later and asks for what it missed. */
        public static Broadcast replayOf(Event event) {
            return of(event, true, event.position());
        }

        /**
         * How it goes out once more to those who are there now. It has no place in what they hear live: who resumes just
         * then is not to take it for something already told.
         */
        public static Broadcast again(Event event) {
            return of(event, true, null);
        }

        private static Broadcast of(Event event, boolean isReplayed, @Nullable Position position) {
            StringBuilder metadata = new StringBuilder(96);
            metadata.append(isReplayed ? "{\"replayed\":true,\"id\":\"" : "{\"id\":\"")
                    .append(event.id())
                    .append('"');
            if (event.sequence() > 0) {
                metadata.append(",\"seq\":").append(event.sequence());
            }
            if (event.isBackfilled()) {
                metadata.append(",\"backfill\":true");
            }
            metadata.append('}');
            return new Broadcast(
                    event.name(),
                    event.isRaw() ? Encoding.RAW : Encoding.JSON,
                    event.id(),
                    metadata.toString().getBytes(StandardCharsets.US_ASCII),
                    event.payload(),
                    position);
        }

        @Override
        public int size() {
            return event.length() + (metadata == null ? 0 : metadata.length) + payload.length;
        }
    }

    /**
     * A protocol message with a JSON payload that goes out verbatim, as text, in every version of the protocol.
     *
     * @param event the protocol's event: {@code broadcast}, {@code presence_diff}
     * @param payload valid JSON in UTF-8
     * @param sequence the number of the change that it tells of, 0 for none; not told to clients
     * @param position where that change stands in the history of the database; null for none
     */
    record Push(
            String event,
            byte[] payload,
            long sequence,
            @Nullable Position position) implements Message {

        /** One that has no place in the order of changes. */
        public Push(String event, byte[] payload) {
            this(event, payload, 0, null);
        }

        @Override
        public int size() {
            return event.length() + payload.length;
        }
    }

    /** What a broadcast's payload is. */
    enum Encoding {
        /** Bytes that mean something to the clients only. */
        RAW,
        /** A JSON value. */
        JSON
    }
}
