package dev.campfire.realtime.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A websocket on a plain TCP socket: it sends whatever it is told to, also what no proper client sends, and shows every
 * frame that comes back. It answers neither pings nor closes by itself.
 */
public final class RawSocket implements AutoCloseable {

    /** How a connection ended. */
    public record Close(int code, String reason) {

        /** The connection ended without a close frame, as RFC 6455 names it. */
        public static final int ABRUPT = 1006;
    }

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final HttpAnswer handshake;
    private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    private final CompletableFuture<Close> closed = new CompletableFuture<>();

    private RawSocket(Socket socket, DataInputStream in, HttpAnswer handshake) throws IOException {
        this.socket = socket;
        this.in = in;
        this.out = socket.getOutputStream();
        this.handshake = handshake;
        Thread.ofVirtual().start(this::read);
    }

    /** Opens a websocket; fails when the server refuses. */
    public static RawSocket open(int port, String target) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            DataInputStream in = request(socket, target, Map.of());
            HttpAnswer answer = HttpAnswer.read(in);
            if (answer.status() != 101) {
                socket.close();
                throw new AssertionError("refused: " + answer);
            }
            return new RawSocket(socket, in, answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks for a websocket and returns what the server answers, whatever it is. */
    public static HttpAnswer handshake(int port, String target, Map<String, String> headers) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            return HttpAnswer.read(request(socket, target, headers));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DataInputStream request(Socket socket, String target, Map<String, String> headers)
            throws IOException {
        StringBuilder request = new StringBuilder("GET ").append(target).append(" HTTP/1.1\r\n");
        request.append("Host: 127.0.0.1:").append(socket.getPort()).append("\r\n");
        request.append("Connection: Upgrade\r\nUpgrade: websocket\r\n");
        request.append("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
        headers.forEach(
                (name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
        socket.getOutputStream().write(request.append("\r\n").toString().getBytes(ISO_8859_1));
        return new DataInputStream(new BufferedInputStream(socket.getInputStream(), 65_536));
    }

    /** The answer that opened the socket. */
    public HttpAnswer handshake() {
        return handshake;
    }

    public void send(Frame frame) {
        sendBytes(frame.encode());
    }

    public void sendText(String text) {
        send(Frame.text(text));
    }

    /** Sends bytes that need not be a frame. */
    public void sendBytes(byte[] bytes) {
        try {
            synchronized (out) {
                out.write(bytes);
                out.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next frame that is no close. */
    public Frame awaitFrame() {
        Frame frame = poll(PATIENCE);
        if (frame == null) {
            throw new AssertionError("no frame within " + PATIENCE);
        }
        return frame;
    }

    /** The next frame that is no close, or null when none comes in time. */
    public @Nullable Frame poll(Duration patience) {
        try {
            return frames.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** How the server ended the connection, once it has. */
    public Close awaitClose() {
        return awaitClose(PATIENCE);
    }

    public Close awaitClose(Duration patience) {
        try {
            return closed.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("the server did not close within " + patience, e);
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public boolean closedByServer() {
        return closed.isDone();
    }

    private void read() {
        try {
            while (true) {
                Frame frame = Frame.read(in);
                if (frame.opcode() == Frame.CLOSE) {
                    closed.complete(closeOf(frame.payload()));
                    return;
                }
                frames.add(frame);
            }
        } catch (IOException e) {
            closed.complete(new Close(Close.ABRUPT, String.valueOf(e.getMessage())));
        }
    }

    private static Close closeOf(byte[] payload) {
        if (payload.length < 2) {
            return new Close(1005, "");
        }
        int code = (payload[0] & 0xFF) << 8 | payload[1] & 0xFF;
        return new Close(code, new String(payload, 2, payload.length - 2, UTF_8));
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
