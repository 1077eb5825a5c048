package dev.campfire.realtime.phoenix;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.channel.ChannelKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers heartbeats. For topics whose joins asked for it the answer has the number of the channel's last event, so that a
 * client on which nothing has come for a while finds out whether something should have. Used by the loop alone.
 */
final class Heartbeats {

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);

    private final SocketContext context;

    Heartbeats(SocketContext context) {
        this.context = context;
    }

    void answer(ClientMessage.Push push, Collection<JoinedTopic> topics) {
        List<JoinedTopic> asking = new ArrayList<>(0);
        for (JoinedTopic topic : topics) {
            if (topic.request().wantsSequences() && topic.subscription() != null) {
                asking.add(topic);
            }
        }
        if (asking.isEmpty()) {
            context.writer().ok(Ref.NONE, push.ref(), push.topic());
            return;
        }
        List<Channel> channels = asking.stream()
                .map(topic -> new Channel(
                        topic.topic(), topic.key().name(), topic.key().side() != ChannelKey.Side.PUBLIC))
                .toList();
        CompletableFuture<String> response = CompletableFuture.supplyAsync(
                () -> sequences(channels), context.services().resume().reading());
        context.await(response, (text, failure) -> context.writer()
                .ok(Ref.NONE, push.ref(), push.topic(), text == null ? "{}" : text));
    }

    private record Channel(String topic, String name, boolean isPrivate) {}

    /** Those that can't be told are left out. */
    private String sequences(List<Channel> channels) {
        ObjectNode response = JsonNodeFactory.instance.objectNode();
        ObjectNode sequences = response.putObject("sequences");
        for (Channel channel : channels) {
            try {
                long last = context.services().resume().journal().sequence(channel.name(), channel.isPrivate());
                sequences.put(channel.topic(), last);
            } catch (IOException e) {
                LOG.debug("The number of a channel's last event can't be read", e);
            }
        }
        return response.toString();
    }
}
