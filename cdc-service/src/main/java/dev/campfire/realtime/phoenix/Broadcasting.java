package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.channel.Message;
import io.netty.buffer.ByteBufUtil;

/** Passes on what clients broadcast, and acknowledges it to those who asked for that when they joined. */
final class Broadcasting {

    private final PhoenixEndpoint endpoint;
    private final SessionWriter writer;
    private final SocketLink link;

    Broadcasting(PhoenixEndpoint endpoint, SessionWriter writer, SocketLink link) {
        this.endpoint = endpoint;
        this.writer = writer;
        this.link = link;
    }

    /** A broadcast in text: its payload is passed on verbatim, whatever keys it has. */
    void send(JoinedTopic joined, ClientMessage.Push push) throws MalformedMessageException {
        byte[] payload = push.payload();
        if (payload == null || payload[0] != '{') {
            throw new MalformedMessageException(Oddity.BAD_PAYLOAD);
        }
        send(joined, push.ref(), new Message.Push("broadcast", payload), payload.length);
    }

    /** A broadcast in a binary frame. What its sender says in the metadata is not passed on: receivers trust that. */
    void send(JoinedTopic joined, ClientMessage.UserBroadcast broadcast) {
        Message message = new Message.Broadcast(broadcast.userEvent(), broadcast.encoding(), null, broadcast.payload());
        int size = ByteBufUtil.utf8Bytes(broadcast.userEvent()) + broadcast.payload().length;
        send(joined, broadcast.ref(), message, size);
    }

    private void send(JoinedTopic joined, Ref ref, Message message, int size) {
        if (size > endpoint.limits().payload()) {
            endpoint.oddities().note(Oddity.PAYLOAD_TOO_LARGE);
            acknowledge(joined, ref, "error", "\"payload_size_exceeded\"");
            return;
        }
        boolean hasRoom = endpoint.hub()
                .broadcast(joined.subscription().key(), message, joined.hearsItself() ? null : joined.subscription());
        if (!hasRoom) {
            link.holdReading();
        }
        acknowledge(joined, ref, "ok", "{}");
    }

    private void acknowledge(JoinedTopic joined, Ref ref, String status, String response) {
        if (joined.wantsAck()) {
            writer.reply(joined.joinRef(), ref, joined.topic(), status, response);
        }
    }
}
