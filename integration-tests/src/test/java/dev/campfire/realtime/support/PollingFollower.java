package dev.campfire.realtime.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** A client that asks for a channel's events page by page, for ever. */
public final class PollingFollower implements Follower {

    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(100);

    private final IntSupplier port;
    private final String channel;
    private final String token;
    private final List<Received> received = Collections.synchronizedList(new ArrayList<>());
    private final List<String> unrecovered = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private @Nullable String next;
    private volatile int joins;
    private volatile boolean isClosed;

    /** @param port where the service listens at the moment */
    public PollingFollower(IntSupplier port, String channel, String token) {
        this.port = port;
        this.channel = channel;
        this.token = token;
        this.thread = Thread.ofVirtual().start(this::run);
    }

    private void run() {
        while (!isClosed) {
            boolean hasMore = false;
            try (EventsApi api = new EventsApi(port.getAsInt(), token)) {
                hasMore = ask(api);
            } catch (UncheckedIOException | AssertionError e) {
                // The service is away, or can't say now: again.
            }
            if (!hasMore) {
                LockSupport.parkNanos(BETWEEN_QUESTIONS.toNanos());
            }
        }
    }

    private boolean ask(EventsApi api) {
        String asked = next;
        JsonNode page = api.page(channel, "?limit=500&after=" + (asked == null ? "latest" : asked));
        if (!page.path("recovered").asBoolean()) {
            unrecovered.add(String.valueOf(asked));
        }
        for (JsonNode event : page.path("events")) {
            received.add(new Received(
                    event.path("id").asText(),
                    event.path("seq").asLong(),
                    event.path("event").asText(),
                    true,
                    event.at("/payload/record/content").asText("")));
        }
        next = page.path("next").asText();
        if (asked == null) {
            joins++;
        }
        return page.path("more").asBoolean();
    }

    @Override
    public List<Received> received() {
        synchronized (received) {
            return new ArrayList<>(received);
        }
    }

    @Override
    public int count() {
        return received.size();
    }

    @Override
    public int joins() {
        return joins;
    }

    @Override
    public List<String> unrecovered() {
        return List.copyOf(unrecovered);
    }

    /** Each question has a connection of its own. */
    @Override
    public void cut() {}

    @Override
    public void close() {
        isClosed = true;
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
