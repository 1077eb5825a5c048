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

/** A client of server-sent events that opens its stream again with {@code Last-Event-ID} whenever it ends. */
public final class StreamFollower implements Follower {

    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(50);

    private final IntSupplier port;
    private final String channel;
    private final String token;
    private final List<Received> received = Collections.synchronizedList(new ArrayList<>());
    private final List<String> unrecovered = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile @Nullable EventStream stream;
    private @Nullable String last;
    private volatile int joins;
    private volatile boolean isClosed;

    /** @param port where the service listens at the moment */
    public StreamFollower(IntSupplier port, String channel, String token) {
        this.port = port;
        this.channel = channel;
        this.token = token;
        this.thread = Thread.ofVirtual().start(this::run);
    }

    private void run() {
        while (!isClosed) {
            try {
                String id = last;
                EventStream opened = id == null
                        ? EventStream.open(port.getAsInt(), channel, "", "Authorization: Bearer " + token)
                        : EventStream.open(
                                port.getAsInt(), channel, "", "Authorization: Bearer " + token, "Last-Event-ID: " + id);
                try (opened) {
                    stream = opened;
                    if (opened.head().status() == 200) {
                        listen(opened);
                    }
                }
            } catch (UncheckedIOException | AssertionError e) {
                // The service is away, or has just gone: again.
            }
            LockSupport.parkNanos(BETWEEN_ATTEMPTS.toNanos());
        }
    }

    private void listen(EventStream opened) {
        for (EventStream.Event event = opened.next(); event != null; event = opened.next()) {
            if (event.name().equals("resume")) {
                joined(event);
            } else if (event.data().has("meta")) {
                take(event);
            }
            if (event.id() != null) {
                last = event.id();
            }
        }
    }

    private void joined(EventStream.Event event) {
        if (!event.data().path("recovered").asBoolean()) {
            unrecovered.add(String.valueOf(last));
        }
        joins++;
    }

    private void take(EventStream.Event event) {
        JsonNode meta = event.data().path("meta");
        received.add(new Received(
                meta.path("id").asText(),
                meta.path("seq").asLong(),
                event.name(),
                meta.path("replayed").asBoolean(),
                event.record("content").asText("")));
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

    @Override
    public void cut() {
        EventStream open = stream;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() {
        isClosed = true;
        cut();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
