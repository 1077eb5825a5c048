package dev.campfire.realtime.benchmarks.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client of the protocol (vsn 2.0.0) that joins one channel and listens, on a blocking socket and a thread of its own:
 * it stays within microseconds of the socket and costs a fraction of what it measures.
 */
public final class Subscriber implements AutoCloseable {

    private static final int JOIN_PATIENCE_SECONDS = 20;
    private static final String JOIN_REF = "1";

    /** First byte of a broadcast that a client pushes. */
    private static final int PUSH_KIND = 3;

    /** First byte of a broadcast that the server pushes; its topic's and event's lengths follow. */
    private static final int BROADCAST_KIND = 4;

    private static final int BROADCAST_HEADER = 5;

    private final ClientSocket socket;
    private final byte[] wantedEvent;
    private final String topic;
    private final Receiver receiver;
    private final CountDownLatch joined = new CountDownLatch(1);
    private final Heartbeats heartbeats = new Heartbeats();
    private volatile @Nullable String refusal;
    private volatile @Nullable String ended;
    private volatile boolean closing;

    private Subscriber(ClientSocket socket, String channel, String event, Receiver receiver) {
        this.socket = socket;
        this.topic = "realtime:" + channel;
        this.wantedEvent = event.getBytes(UTF_8);
        this.receiver = receiver;
    }

    /**
     * Connects and joins, and returns when the server has confirmed it.
     *
     * @param port of the service on this machine
     * @param token what it is connected with
     * @param channel without {@code realtime:}
     * @param event the one event whose broadcasts the receiver gets
     */
    public static Subscriber join(int port, String token, String channel, String event, Receiver receiver)
            throws IOException, InterruptedException {
        Subscriber subscriber = new Subscriber(ClientSocket.open(port, token), channel, event, receiver);
        try {
            Thread.ofPlatform().daemon().name("subscriber").start(subscriber::listen);
            subscriber.join();
            return subscriber;
        } catch (IOException | InterruptedException | RuntimeException e) {
            subscriber.close();
            throw e;
        }
    }

    private void join() throws IOException, InterruptedException {
        socket.text("[\"" + JOIN_REF + "\",\"" + JOIN_REF + "\",\"" + topic + "\",\"phx_join\",{\"config\":{}}]");
        if (!joined.await(JOIN_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("the join was not answered");
        }
        if (refusal != null) {
            throw new IOException("the join was refused: " + refusal);
        }
        heartbeats.start(List.of(socket));
    }

    /** Broadcasts to the others on the channel, with a payload in JSON. */
    public void broadcast(String event, String payload) throws IOException {
        ByteArrayOutputStream message =
                new ByteArrayOutputStream(topic.length() + event.length() + payload.length() + 8);
        byte[] name = event.getBytes(UTF_8);
        byte[] to = topic.getBytes(UTF_8);
        // Kind, sizes of join_ref, ref, topic, event and metadata, encoding: JSON.
        message.writeBytes(
                new byte[] {PUSH_KIND, (byte) JOIN_REF.length(), 0, (byte) to.length, (byte) name.length, 0, 1});
        message.writeBytes(JOIN_REF.getBytes(UTF_8));
        message.writeBytes(to);
        message.writeBytes(name);
        message.writeBytes(payload.getBytes(UTF_8));
        socket.binary(message.toByteArray());
    }

    private void listen() {
        try {
            while (true) {
                socket.readOnce(this::frame);
            }
        } catch (IOException e) {
            if (!closing) {
                end(String.valueOf(e.getMessage()));
            }
        }
    }

    private void frame(long at, int opcode, byte[] buffer, int from, int to) throws IOException {
        switch (opcode) {
            case FrameReader.BINARY -> broadcast(at, buffer, from, to);
            case FrameReader.TEXT -> text(new String(buffer, from, to - from, UTF_8));
            case FrameReader.PING -> socket.pong(java.util.Arrays.copyOfRange(buffer, from, to));
            case FrameReader.CLOSE -> end("the service closed the websocket: " + closeReason(buffer, from, to));
            default -> throw new IOException("unexpected frame of kind " + opcode);
        }
    }

    private void broadcast(long at, byte[] buffer, int from, int to) {
        int eventFrom = from + BROADCAST_HEADER + (buffer[from + 1] & 0xFF);
        int eventTo = eventFrom + (buffer[from + 2] & 0xFF);
        if (buffer[from] == BROADCAST_KIND
                && java.util.Arrays.equals(buffer, eventFrom, eventTo, wantedEvent, 0, wantedEvent.length)) {
            receiver.received(at, buffer, eventTo, to);
        }
    }

    private void text(String message) {
        if (message.contains("\"phx_reply\"") && message.startsWith("[\"" + JOIN_REF + "\"")) {
            if (!message.contains("\"ok\"")) {
                refusal = message;
            }
            joined.countDown();
        } else if (message.contains("\"phx_error\"") || message.contains("\"phx_close\"")) {
            end("the service ended the channel: " + message);
        }
    }

    private static String closeReason(byte[] buffer, int from, int to) {
        return to - from < 2
                ? "no code"
                : ((buffer[from] & 0xFF) << 8 | buffer[from + 1] & 0xFF) + " "
                        + new String(buffer, from + 2, to - from - 2, UTF_8);
    }

    private void end(String reason) {
        if (ended == null) {
            ended = reason;
        }
        refusal = reason;
        joined.countDown();
    }

    /** Fails when the connection or the channel has ended by itself: what is measured then is nothing. */
    public void requireConnected() {
        String reason = ended;
        if (reason != null) {
            throw new IllegalStateException("a subscriber lost its connection: " + reason);
        }
    }

    @Override
    public void close() throws IOException {
        closing = true;
        heartbeats.close();
        socket.close();
    }
}
