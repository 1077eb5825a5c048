package dev.campfire.realtime.phoenix;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.changes.ChangeFeed;
import dev.campfire.realtime.changes.SubscribeOutcome;
import dev.campfire.realtime.changes.Subscribing;
import dev.campfire.realtime.channel.ChannelKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Remembers what was subscribed to, and answers when it is told to. */
final class FakeFeed implements ChangeFeed {

    final List<Subscribing> open = new ArrayList<>();
    /** What the next subscription is refused with; null when it is not. */
    String refusal;

    CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);
    private int keys;

    ChannelKey lastKey() {
        return ChannelKey.changes("fake-" + keys);
    }

    @Override
    public boolean concerns(Change change) {
        return false;
    }

    @Override
    public void publish(List<Change> changes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<SubscribeOutcome> subscribe(Subscribing request) {
        return gate.thenApply(nothing -> {
            if (refusal != null) {
                return new SubscribeOutcome.Refused(refusal);
            }
            open.add(request);
            keys++;
            return new SubscribeOutcome.Subscribed(lastKey(), () -> open.removeIf(other -> other == request));
        });
    }

    long sequence;

    @Override
    public long sequence() {
        return sequence;
    }

    @Override
    public long idOf(JsonNode binding) {
        return 7;
    }
}
