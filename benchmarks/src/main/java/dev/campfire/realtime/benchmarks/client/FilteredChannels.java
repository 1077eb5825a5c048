package dev.campfire.realtime.benchmarks.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.campfire.realtime.benchmarks.client.Tally.Expectation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Clients with many channels, each of which asks for the changes of one table with another value of one column. */
public final class FilteredChannels implements AutoCloseable {

    /** How many joins of a socket may be unanswered: more would only wait in buffers. */
    private static final int JOINS_AT_A_TIME = 50;

    private static final byte[] CHANGE = "\"postgres_changes\",{\"ids\":".getBytes(US_ASCII);
    private static final byte[] REPLY = "\"phx_reply\",{".getBytes(US_ASCII);

    /** How far into a frame its event can begin. */
    private static final int HEAD = 96;

    private final List<ClientSocket> sockets = new ArrayList<>();
    private final Tally tally = new Tally();
    private final Heartbeats heartbeats = new Heartbeats();
    private final CountDownLatch joined;
    private volatile @Nullable String ended;
    private volatile boolean closing;

    private FilteredChannels(int channels) {
        this.joined = new CountDownLatch(channels);
    }

    /**
     * Connects and joins, and returns when all channels have been joined.
     *
     * @param table in schema public
     * @param column which has to equal the number of the channel, from 0
     * @param channels how many, shared out to the sockets
     */
    public static FilteredChannels join(
            int port, String token, String table, String column, int channels, int sockets, Duration patience)
            throws IOException, InterruptedException {
        FilteredChannels all = new FilteredChannels(channels);
        try {
            for (int i = 0; i < sockets; i++) {
                ClientSocket socket = ClientSocket.open(port, token);
                all.sockets.add(socket);
                int first = i;
                Thread.ofPlatform()
                        .daemon()
                        .name("channels-" + i)
                        .start(() -> all.run(socket, () -> {
                            List<String> joins = new ArrayList<>();
                            for (int channel = first; channel < channels; channel += sockets) {
                                joins.add(join(table, column, channel));
                            }
                            return joins;
                        }));
            }
            if (!all.joined.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                all.requireConnected();
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

    private static String join(String table, String column, int value) {
        return "[\"" + value + "\",\"" + value + "\",\"realtime:filtered-" + value
                + "\",\"phx_join\",{\"config\":{\"postgres_changes\":[{\"event\":\"*\",\"schema\":\"public\",\"table\":\""
                + table + "\",\"filter\":\"" + column + "=eq." + value + "\"}]}}]";
    }

    private interface Joins {
        List<String> list();
    }

    private void run(ClientSocket socket, Joins joins) {
        List<String> left = new ArrayList<>(joins.list());
        try {
            for (int i = 0; i < JOINS_AT_A_TIME && !left.isEmpty(); i++) {
                socket.text(left.removeLast());
            }
            while (true) {
                socket.readOnce((at, opcode, buffer, from, to) -> frame(socket, left, at, opcode, buffer, from, to));
            }
        } catch (IOException e) {
            if (!closing) {
                end(String.valueOf(e.getMessage()));
            }
        }
    }

    private void frame(
            ClientSocket socket, List<String> joinsLeft, long at, int opcode, byte[] buffer, int from, int to)
            throws IOException {
        if (opcode == FrameReader.PING) {
            socket.pong(Arrays.copyOfRange(buffer, from, to));
        } else if (opcode == FrameReader.CLOSE) {
            end("the service closed the websocket");
        } else if (holds(CHANGE, buffer, from, to)) {
            synchronized (tally) {
                tally.arrived(at, 1);
            }
        } else if (joined.getCount() > 0 && holds(REPLY, buffer, from, to)) {
            String reply = new String(buffer, from, to - from, UTF_8);
            if (!reply.contains("\"status\":\"ok\"")) {
                end("a join was refused: " + reply);
            }
            joined.countDown();
            if (!joinsLeft.isEmpty()) {
                socket.text(joinsLeft.removeLast());
            }
        }
    }

    private static boolean holds(byte[] text, byte[] buffer, int from, int to) {
        int last = Math.min(to, from + HEAD) - text.length;
        for (int i = from; i <= last; i++) {
            if (Arrays.equals(buffer, i, i + text.length, text, 0, text.length)) {
                return true;
            }
        }
        return false;
    }

    /** Begins to count changes anew. To be called while none is on its way. */
    public Expectation expect(int changes) {
        return tally.expect(changes);
    }

    private void end(String reason) {
        if (ended == null) {
            ended = reason;
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
