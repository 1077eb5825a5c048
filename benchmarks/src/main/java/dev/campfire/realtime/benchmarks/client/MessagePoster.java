package dev.campfire.realtime.benchmarks.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A client of the API on a connection that it keeps, and a blocking socket: it costs a fraction of what it measures. For
 * one thread.
 */
public final class MessagePoster implements AutoCloseable {

    private static final String LENGTH = "content-length: ";

    private final Socket socket;
    private final InputStream in;
    private final String token;

    private MessagePoster(Socket socket, String token) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.token = token;
    }

    /** @param port of the service on this machine */
    public static MessagePoster connect(int port, String token) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return new MessagePoster(socket, token);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Posts a message, and returns when it is answered.
     *
     * @param key the idempotency key; null for none
     * @param json the message
     * @return the answer's status
     */
    public int post(@Nullable String key, String json) throws IOException {
        byte[] body = json.getBytes(UTF_8);
        String head = "POST /api/messages HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length
                + (key == null ? "" : "\r\nIdempotency-Key: \"" + key + "\"") + "\r\n\r\n";
        ByteArrayOutputStream request = new ByteArrayOutputStream(head.length() + body.length);
        request.writeBytes(head.getBytes(ISO_8859_1));
        request.writeBytes(body);
        socket.getOutputStream().write(request.toByteArray());
        return answer();
    }

    private int answer() throws IOException {
        String status = line();
        int length = 0;
        for (String header = line(); !header.isEmpty(); header = line()) {
            if (header.toLowerCase(Locale.ROOT).startsWith(LENGTH)) {
                length = Integer.parseInt(header.substring(LENGTH.length()));
            }
        }
        in.skipNBytes(length);
        return Integer.parseInt(status.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the service closed the connection");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
