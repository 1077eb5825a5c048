package dev.campfire.realtime.phoenix;

import static dev.campfire.realtime.phoenix.ServerFrame.quoted;
import static dev.campfire.realtime.phoenix.ServerFrame.utf8;

import dev.campfire.realtime.channel.Message;
import java.io.ByteArrayOutputStream;
import java.util.Base64;

/**
 * Broadcasts as they are told over HTTP: {@code {"event":..,"payload":..,"meta":..}} on one line. A payload that is opaque
 * bytes stands there in base64, and {@code "encoding":"base64"} says so.
 */
final class EventObject {

    private static final byte[] EVENT = utf8("\"event\":");
    private static final byte[] PAYLOAD = utf8(",\"payload\":");
    private static final byte[] ENCODING = utf8(",\"encoding\":\"base64\"");
    private static final byte[] META = utf8(",\"meta\":");

    private EventObject() {}

    /** Appends the fields, without the braces around them. */
    static void writeFields(Message.Broadcast broadcast, ByteArrayOutputStream out) {
        out.writeBytes(EVENT);
        out.writeBytes(quoted(broadcast.event()));
        out.writeBytes(PAYLOAD);
        if (broadcast.encoding() == Message.Encoding.JSON) {
            out.writeBytes(onOneLine(broadcast.payload()));
        } else {
            out.write('"');
            out.writeBytes(Base64.getEncoder().encode(broadcast.payload()));
            out.write('"');
            out.writeBytes(ENCODING);
        }
        byte[] metadata = broadcast.metadata();
        if (metadata != null) {
            out.writeBytes(META);
            out.writeBytes(onOneLine(metadata));
        }
    }

    /** JSON has line ends between values only, where blanks do as well. */
    static byte[] onOneLine(byte[] json) {
        byte[] line = json;
        for (int i = 0; i < json.length; i++) {
            if (json[i] == '\n' || json[i] == '\r') {
                line = line == json ? json.clone() : line;
                line[i] = ' ';
            }
        }
        return line;
    }
}
