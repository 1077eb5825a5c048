package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.changes.SubscribeOutcome;
import dev.campfire.realtime.channel.Message;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes a session's own messages: replies, system messages, and the ends of channels. Flushes nothing. */
final class SessionWriter {

    /** What a message has besides its topic and payload: refs, event, brackets, header. */
    private static final int OVERHEAD = 128;

    private static final String EMPTY = "{}";

    private final Serializer serializer;
    private final SocketLink link;
    private final ServerMessages messages;

    /** @param messages where what is written here goes */
    private SessionWriter(Serializer serializer, SocketLink link, ServerMessages messages) {
        this.serializer = serializer;
        this.link = link;
        this.messages = messages;
    }

    /** Writes everything as frames of a socket. */
    static SessionWriter ofSocket(Serializer serializer, SocketLink link) {
        return new SessionWriter(serializer, link, message -> {
            ByteBuf frame =
                    link.allocate(message.topic().length() + message.payload().length() + OVERHEAD);
            serializer.write(message, frame);
            link.write(frame);
        });
    }

    /** Writes into an event stream. */
    static SessionWriter ofStream(EventStreamSerializer serializer, StreamLink link, JsonReader json) {
        return new SessionWriter(serializer, link, new EventStreamMessages(serializer, link, json));
    }

    /** What the hub needs to write for this session's subscriptions. */
    Serializer format() {
        return serializer;
    }

    void ok(Ref joinRef, Ref ref, String topic) {
        ok(joinRef, ref, topic, EMPTY);
    }

    /**
     * @param response JSON text
     */
    void ok(Ref joinRef, Ref ref, String topic, String response) {
        reply(joinRef, ref, topic, "ok", response);
    }

    void error(Ref joinRef, Ref ref, String topic, String reason) {
        reply(joinRef, ref, topic, "error", "{\"reason\":" + json(reason) + "}");
    }

    void reply(Ref joinRef, Ref ref, String topic, String status, String response) {
        write(new ServerMessage(
                joinRef, ref, topic, "phx_reply", "{\"status\":\"" + status + "\",\"response\":" + response + "}"));
    }

    /** A normal end: the client forgets the channel. */
    void closed(Ref joinRef, String topic) {
        write(new ServerMessage(joinRef, joinRef, topic, "phx_close", EMPTY));
    }

    /** An abnormal end: the client joins again, with the token that it has then. */
    void errored(Ref joinRef, String topic) {
        write(new ServerMessage(joinRef, joinRef, topic, "phx_error", EMPTY));
    }

    /**
     * @param channel the channel's name, null where the protocol leaves it out
     */
    void system(Ref joinRef, String topic, String status, String message, @Nullable String channel) {
        system(joinRef, topic, "system", status, message, channel);
    }

    /** Says what came of subscribing to {@code postgres_changes}. */
    void changesStatus(Ref joinRef, String topic, String channel, SubscribeOutcome outcome) {
        switch (outcome) {
            case SubscribeOutcome.Subscribed subscribed ->
                system(joinRef, topic, "postgres_changes", "ok", "Subscribed to PostgreSQL", channel);
            case SubscribeOutcome.Refused(String message) -> changesError(joinRef, topic, channel, message);
        }
    }

    void changesError(Ref joinRef, String topic, String channel, String message) {
        system(joinRef, topic, "postgres_changes", "error", message, channel);
    }

    private void system(
            Ref joinRef, String topic, String extension, String status, String message, @Nullable String channel) {
        String end = channel == null ? "}" : ",\"channel\":" + json(channel) + "}";
        write(new ServerMessage(
                joinRef,
                Ref.NONE,
                topic,
                "system",
                "{\"extension\":\"" + extension + "\",\"status\":\"" + status + "\",\"message\":" + json(message)
                        + end));
    }

    /** @param state the payload's JSON */
    void presenceState(Ref joinRef, String topic, byte[] state) {
        write(new ServerMessage(joinRef, Ref.NONE, topic, "presence_state", new String(state, StandardCharsets.UTF_8)));
    }

    /** A broadcast that was before: as text that names the join when it is JSON, and otherwise as every other broadcast. */
    void replay(Ref joinRef, String topic, Message.Broadcast broadcast) {
        if (broadcast.encoding() == Message.Encoding.JSON) {
            write(new ServerMessage(joinRef, Ref.NONE, topic, "broadcast", BroadcastObject.text(broadcast)));
            return;
        }
        ByteBuf frame = link.allocate(broadcast.size() + topic.length() + OVERHEAD);
        serializer.forTopic(topic).encode(broadcast, frame);
        if (frame.isReadable()) {
            link.write(frame);
        } else {
            frame.release();
        }
    }

    private void write(ServerMessage message) {
        messages.write(message);
    }

    private static String json(String text) {
        return new String(ServerFrame.quoted(text), StandardCharsets.UTF_8);
    }
}
