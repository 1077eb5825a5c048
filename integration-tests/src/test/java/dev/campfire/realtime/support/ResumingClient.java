package dev.campfire.realtime.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A client that does no more than to remember the last {@code meta.id} and to join with it again whenever its connection or
 * its channel ends. What it received may be looked at by any thread.
 */
public final class ResumingClient implements Follower {

    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(50);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration JOINING = Duration.ofSeconds(15);

    private final IntSupplier port;
    private final String channel;
    private final String token;
    private final List<Received> received = Collections.synchronizedList(new ArrayList<>());
    private final List<String> unrecovered = new CopyOnWriteArrayList<>();
    private final List<Integer> ends = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile @Nullable RawSocket socket;
    private volatile @Nullable String last;
    private volatile int joins;
    private volatile boolean isClosed;

    /** @param port where the service listens at the moment */
    public ResumingClient(IntSupplier port, String channel, String token) {
        this(port, channel, token, null);
    }

    /** @param after the id of the last event that it has already; null for none */
    public ResumingClient(IntSupplier port, String channel, String token, @Nullable String after) {
        this.last = after;
        this.port = port;
        this.channel = channel;
        this.token = token;
        this.thread = Thread.ofVirtual().start(this::run);
    }

    private void run() {
        while (!isClosed) {
            try (RawSocket opened = RawSocket.open(port.getAsInt(), PhoenixSocket.target("2.0.0", token))) {
                socket = opened;
                listen(opened);
            } catch (UncheckedIOException | AssertionError e) {
                // The service is away, or has just gone: again.
                LockSupport.parkNanos(BETWEEN_ATTEMPTS.toNanos());
            }
        }
    }

    private void listen(RawSocket opened) {
        String after = last;
        Map<String, Object> resume = after == null ? Map.of() : Map.of("after", after);
        opened.sendText(Json.write(
                List.of("1", "1", "realtime:" + channel, "phx_join", Map.of("config", Map.of("resume", resume)))));
        boolean isJoined = false;
        long deadline = System.nanoTime() + JOINING.toNanos();
        while (!isClosed && (isJoined || System.nanoTime() < deadline)) {
            Frame frame = opened.poll(POLL);
            if (frame == null) {
                if (opened.closedByServer()) {
                    ends.add(opened.awaitClose().code());
                    return;
                }
                continue;
            }
            if (frame.opcode() > Frame.BINARY) {
                continue;
            }
            PhoenixMessage message = PhoenixMessage.decode(frame);
            switch (message.event()) {
                case "phx_reply" -> {
                    if (!message.status().equals("ok")) {
                        return;
                    }
                    isJoined = true;
                    joined(message.payload().at("/response/resume"));
                }
                case "broadcast" -> take(message.payload());
                case "phx_error", "phx_close" -> {
                    return;
                }
                default -> {}
            }
        }
    }

    private void joined(JsonNode resume) {
        if (!resume.path("recovered").asBoolean()) {
            unrecovered.add(String.valueOf(last));
            last = null;
        }
        if (last == null && resume.path("from").isTextual()) {
            last = resume.path("from").asText();
        }
        joins++;
    }

    private void take(JsonNode broadcast) {
        JsonNode meta = broadcast.path("meta");
        last = meta.path("id").asText();
        received.add(new Received(
                meta.path("id").asText(),
                meta.path("seq").asLong(),
                broadcast.path("event").asText(),
                meta.path("replayed").asBoolean(),
                meta.path("backfill").asBoolean(),
                broadcast
                        .at("/payload/record/id")
                        .asText(broadcast.at("/payload/old_record/id").asText()),
                broadcast.at("/payload/record/content").asText("")));
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

    /** The codes with which its connections were ended by the other side, 1006 where there was none. */
    public List<Integer> ends() {
        return List.copyOf(ends);
    }

    @Override
    public void cut() {
        RawSocket open = socket;
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
