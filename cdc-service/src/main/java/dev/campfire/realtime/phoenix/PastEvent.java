package dev.campfire.realtime.phoenix;

import static dev.campfire.realtime.phoenix.ServerFrame.quoted;
import static dev.campfire.realtime.phoenix.ServerFrame.utf8;

import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.Position;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * An event of the journal as its reader may see it.
 *
 * @param sequence its number among those of its channel; 0 when it has none
 */
public record PastEvent(Message.Broadcast message, long sequence, Instant commitTime) {

    private static final int OVERHEAD = 192;

    private static final DateTimeFormatter MILLISECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /** An event for somebody who sees all of it. */
    public static PastEvent of(Event event) {
        return new PastEvent(Message.Broadcast.replayOf(event), event.sequence(), event.commitTime());
    }

    /** The event as a JSON object on one line, in UTF-8. */
    public byte[] json() {
        return json("");
    }

    /** The same for those who read several channels: it says which one, and where the event stands in the journal. */
    public byte[] json(String channel, boolean isPrivate, Position at) {
        return json(
                "\"position\":\"" + at + "\",\"channel\":" + text(quoted(channel)) + ",\"private\":" + isPrivate + ",");
    }

    private byte[] json(String more) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(message.size() + OVERHEAD);
        out.writeBytes(utf8("{\"id\":\"" + message.id() + "\",\"seq\":" + sequence + "," + more));
        EventObject.writeFields(message, out);
        out.writeBytes(utf8(",\"commit_timestamp\":\"" + MILLISECONDS.format(commitTime) + "\"}"));
        return out.toByteArray();
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** The id of its position, behind which everything newer follows; null when it has none. */
    @Nullable
    String position() {
        return message.position() == null ? null : message.position().toString();
    }
}
