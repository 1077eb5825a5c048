package dev.campfire.realtime.changes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.capture.Change;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Nobody subscribes. */
public final class NothingToSubscribe implements ChangeFeed {

    @Override
    public boolean concerns(Change change) {
        return false;
    }

    @Override
    public void publish(List<Change> changes) {}

    @Override
    public CompletionStage<SubscribeOutcome> subscribe(Subscribing request) {
        return CompletableFuture.completedStage(new SubscribeOutcome.Refused("nothing to subscribe to"));
    }

    @Override
    public long sequence() {
        return 0;
    }

    @Override
    public long idOf(JsonNode binding) {
        return 1;
    }
}
