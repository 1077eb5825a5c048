package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.access.Extension;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.limits.Tenant;
import dev.campfire.realtime.limits.TenantLimits;
import dev.campfire.realtime.phoenix.PhoenixSession.Ending;
import io.netty.buffer.ByteBufUtil;
import java.util.function.BiConsumer;

/** Passes on what clients broadcast, and acknowledges it to those who asked for that when they joined. */
final class Broadcasting {

    private final SocketContext context;
    private final BiConsumer<JoinedTopic, Ending> end;

    Broadcasting(SocketContext context, BiConsumer<JoinedTopic, Ending> end) {
        this.context = context;
        this.end = end;
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
        TenantLimits limits = context.endpoint().tenantLimits();
        if (size > limits.payload()) {
            context.endpoint().oddities().note(Oddity.PAYLOAD_TOO_LARGE);
            acknowledge(joined, ref, "error", "\"payload_size_exceeded\"");
            return;
        }
        Tenant tenant = context.services().tenant();
        tenant.events().add(1);
        tenant.bytes().add(size);
        if (tenant.events().perSecond() > limits.eventsPerSecond()
                || tenant.bytes().perSecond() > limits.bytesPerSecond()) {
            context.writer()
                    .system(joined.joinRef(), joined.topic(), "error", "Too many messages per second", joined.name());
            end.accept(joined, Ending.ERRORED);
            return;
        }
        // Who may not send is not told so: the original does not either.
        joined.permissions().send(Extension.BROADCAST, () -> pass(joined, ref, message), () -> {});
    }

    private void pass(JoinedTopic joined, Ref ref, Message message) {
        if (joined.hasEnded()) {
            return;
        }
        boolean hasRoom = context.services()
                .hub()
                .broadcast(joined.key(), message, joined.request().self() ? null : joined.subscription());
        if (!hasRoom) {
            context.link().holdReading();
        }
        acknowledge(joined, ref, "ok", "{}");
    }

    private void acknowledge(JoinedTopic joined, Ref ref, String status, String response) {
        if (joined.request().ack()) {
            context.writer().reply(joined.joinRef(), ref, joined.topic(), status, response);
        }
    }
}
