package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.access.Extension;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.channel.Subscription;
import dev.campfire.realtime.limits.Tenant;
import dev.campfire.realtime.limits.TenantLimits;
import dev.campfire.realtime.phoenix.PhoenixSession.Ending;
import dev.campfire.realtime.signals.TypingReport;
import dev.campfire.realtime.signals.TypingRoom;
import dev.campfire.realtime.signals.Utterance;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Passes on what clients broadcast, and acknowledges it to those who asked for that when they joined. */
final class Broadcasting {

    private final SocketContext context;
    private final Supplier<Collection<JoinedTopic>> topics;
    private final BiConsumer<JoinedTopic, Ending> end;

    /** @param topics all topics of the socket */
    Broadcasting(SocketContext context, Supplier<Collection<JoinedTopic>> topics, BiConsumer<JoinedTopic, Ending> end) {
        this.context = context;
        this.topics = topics;
        this.end = end;
    }

    /** A broadcast in text: its payload is passed on verbatim, whatever keys it has. */
    void send(JoinedTopic joined, ClientMessage.Push push) throws MalformedMessageException {
        byte[] payload = push.payload();
        if (payload == null || payload[0] != '{') {
            throw new MalformedMessageException(Oddity.BAD_PAYLOAD);
        }
        String name = context.services().names().watches(joined.name()) ? BroadcastName.of(payload) : null;
        if (isNamedWell(joined, push.ref(), name)) {
            send(joined, push.ref(), new Message.Push("broadcast", payload), payload.length);
        }
    }

    /** A broadcast in a binary frame. What its sender says in the metadata is not passed on: receivers trust that. */
    void send(JoinedTopic joined, ClientMessage.UserBroadcast broadcast) {
        Message message = new Message.Broadcast(broadcast.userEvent(), broadcast.encoding(), null, broadcast.payload());
        int size = ByteBufUtil.utf8Bytes(broadcast.userEvent()) + broadcast.payload().length;
        if (isNamedWell(joined, broadcast.ref(), broadcast.userEvent())) {
            send(joined, broadcast.ref(), message, size);
        }
    }

    /** What is refused for its name is answered whether that was asked for or not: its sender has something to mend. */
    private boolean isNamedWell(JoinedTopic joined, Ref ref, @Nullable String event) {
        String wrong = context.services().names().event(joined.name(), event == null ? "" : event);
        if (wrong == null) {
            return true;
        }
        String text = "EventNameNotStandard: " + wrong;
        context.writer().system(joined.joinRef(), joined.topic(), "error", text, joined.name());
        if (joined.request().ack()) {
            context.writer().error(joined.joinRef(), ref, joined.topic(), text);
        }
        return false;
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
        TypingAccess typing = joined.typing();
        TypingReport report =
                typing == null ? null : context.services().typing().read(message);
        if (typing != null && report != null) {
            type(joined, typing, report);
            acknowledge(joined, ref, "ok", "{}");
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

    /** Typing is heard on the room's other channel, too, as far as its sender may write there. */
    private void type(JoinedTopic joined, TypingAccess typing, TypingReport report) {
        String subject = joined.claims().subject();
        String speaker = subject == null ? joined.request().presence().key() : subject;
        Utterance said = context.services().typing().hear(typing.room(), report, speaker, joined.name());
        tell(said, typing.room(), typing.part());
        // Also when its sender has gone meanwhile: who has heard that they type is told later that they have stopped.
        Runnable further = () -> tell(said, typing.room(), typing.part().other());
        typing.others().send(Extension.BROADCAST, further, () -> {});
    }

    /** Whoever types does not hear it, on whichever channel: unless its join asked to hear its own. */
    private void tell(Utterance said, TypingRoom room, TypingRoom.Part part) {
        List<Subscription> own = new ArrayList<>(2);
        for (JoinedTopic topic : topics.get()) {
            TypingAccess typing = topic.typing();
            if (typing != null && typing.room().equals(room) && !topic.request().self()) {
                own.addAll(topic.subscriptions());
            }
        }
        if (!said.tell(part, own)) {
            context.link().holdReading();
        }
    }

    private void acknowledge(JoinedTopic joined, Ref ref, String status, String response) {
        if (joined.request().ack()) {
            context.writer().reply(joined.joinRef(), ref, joined.topic(), status, response);
        }
    }
}
