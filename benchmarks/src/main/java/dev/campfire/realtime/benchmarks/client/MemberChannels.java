package dev.campfire.realtime.benchmarks.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Sockets that listen to one table's changes on one topic, each with a token of its own. Counts what comes to all and when
 * it last came to each.
 */
public final class MemberChannels implements AutoCloseable {

    private static final byte[] CHANGE = "\"postgres_changes\",{\"ids\":".getBytes(US_ASCII);
    private static final byte[] REPLY = "\"phx_reply\",{".getBytes(US_ASCII);
    private static final int HEAD = 96;
    private final List<ClientSocket> sockets = new ArrayList<>();
    private final CountDownLatch joined;
    private final AtomicLongArray counts;
    private final AtomicLongArray lastAt;
    private final AtomicLong total = new AtomicLong();
    private final Heartbeats heartbeats = new Heartbeats();
    private volatile @Nullable String ended;
    private volatile boolean closing;

    private MemberChannels(int channels) {
        this.joined = new CountDownLatch(channels);
        this.counts = new AtomicLongArray(channels);
        this.lastAt = new AtomicLongArray(channels);
    }

    /**
     * Joins one channel for each of the tokens, and returns when all have been joined.
     *
     * @param table in schema public
     */
    public static MemberChannels join(int port, String table, List<String> tokens, Duration patience)
            throws IOException, InterruptedException {
        MemberChannels all = new MemberChannels(tokens.size());
        try {
            for (int i = 0; i < tokens.size(); i++) {
                ClientSocket socket = ClientSocket.open(port, tokens.get(i));
                all.sockets.add(socket);
                int channel = i;
                String join = join(table, tokens.get(i));
                Thread.ofVirtual().name("members-" + i).start(() -> all.run(socket, channel, join));
            }
            if (!all.joined.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(all.joined.getCount() + " joins were not answered in " + patience);
            }
            all.requireConnected();
            all.heartbeats.start(all.sockets);
            return all;
        } catch (IOException | InterruptedException | RuntimeException e) {
            all.close();
            throw e;
        }
    }

    private static String join(String table, String token) {
        return "[\"1\",\"1\",\"realtime:members\",\"phx_join\",{\"access_token\":\"" + token
                + "\",\"config\":{\"postgres_changes\":[{\"event\":\"INSERT\",\"schema\":\"public\",\"table\":\""
                + table
                + "\"}]}}]";
    }

    private void run(ClientSocket socket, int channel, String join) {
        try {
            socket.text(join);
            while (true) {
                socket.readOnce((at, opcode, buffer, from, to) -> frame(socket, channel, at, opcode, buffer, from, to));
            }
        } catch (IOException e) {
            if (!closing) {
                end(String.valueOf(e.getMessage()));
            }
        }
    }

    private void frame(ClientSocket socket, int channel, long at, int opcode, byte[] buffer, int from, int to)
            throws IOException {
        if (opcode == FrameReader.PING) {
            socket.pong(Arrays.copyOfRange(buffer, from, to));
        } else if (opcode == FrameReader.CLOSE) {
            end("the service closed the websocket");
        } else if (indexOf(CHANGE, buffer, from, to) >= 0) {
            lastAt.set(channel, at);
            counts.incrementAndGet(channel);
            total.incrementAndGet();
        } else if (joined.getCount() > 0 && indexOf(REPLY, buffer, from, to) >= 0) {
            String reply = new String(buffer, from, to - from, UTF_8);
            if (!reply.contains("\"status\":\"ok\"")) {
                end("a join was refused: " + reply);
            }
            joined.countDown();
        }
    }

    private static int indexOf(byte[] text, byte[] buffer, int from, int to) {
        int last = Math.min(to, from + HEAD) - text.length;
        for (int i = from; i <= last; i++) {
            if (Arrays.equals(buffer, i, i + text.length, text, 0, text.length)) {
                return i;
            }
        }
        return -1;
    }

    private void end(String reason) {
        if (ended == null) {
            ended = reason;
        }
    }

    /** How many changes have come to all channels. */
    public long total() {
        return total.get();
    }

    /** When the last change came to a channel, by {@link System#nanoTime}; 0 when none has. */
    public long lastAt(int channel) {
        return lastAt.get(channel);
    }

    /** Waits until so many changes have come since the start. */
    public void awaitTotal(long wanted, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (total.get() < wanted) {
            requireConnected();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(total.get() + " of " + wanted + " changes came");
            }
            Thread.onSpinWait();
            if (total.get() < wanted) {
                java.util.concurrent.locks.LockSupport.parkNanos(50_000);
            }
        }
    }

    /** Fails when a connection has ended by itself: what is measured then is nothing. */
    public void requireConnected() {
        String reason = ended;
        if (reason != null) {
            throw new IllegalStateException("a client lost its channels: " + reason);
        }
    }

    @Override
    public void close() throws IOException {
        closing = true;
        heartbeats.close();
        for (ClientSocket socket : sockets) {
            socket.close();
        }
    }
}
