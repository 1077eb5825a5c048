package dev.campfire.realtime.phoenix;

import static dev.campfire.realtime.phoenix.ServerFrame.utf8;

import dev.campfire.realtime.channel.Message;
import java.io.ByteArrayOutputStream;
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

    /** The event as a JSON object on one line, in UTF-8. */
    public byte[] json() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(message.size() + OVERHEAD);
        out.writeBytes(utf8("{\"id\":\"" + message.id() + "\",\"seq\":" + sequence + ","));
        EventObject.writeFields(message, out);
        out.writeBytes(utf8(",\"commit_timestamp\":\"" + MILLISECONDS.format(commitTime) + "\"}"));
        return out.toByteArray();
    }

    /** The id of its position, behind which everything newer follows; null when it has none. */
    @Nullable
    String position() {
        return message.position() == null ? null : message.position().toString();
    }
}
