package dev.campfire.realtime.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The client of a stream of server-sent events, who reads when it likes. For one thread. */
public final class EventStream implements AutoCloseable {

    private static final int PATIENCE = 30_000;

    private final Socket socket;
    private final HttpAnswer head;
    private final BufferedReader lines;

    /**
     * An event as it came.
     *
     * @param id null when it has none
     */
    public record Event(@Nullable String id, String name, JsonNode data) {

        /** What a row's event says of a column. */
        public JsonNode record(String column) {
            return data.at("/payload/record").path(column);
        }
    }

    private EventStream(Socket socket, HttpAnswer head, BufferedReader lines) {
        this.socket = socket;
        this.head = head;
        this.lines = lines;
    }

    /**
     * Asks for a channel's events.
     *
     * @param query with a question mark in front
     * @param headers whole lines
     */
    public static EventStream open(int port, String channel, String query, String... headers) {
        try {
            Socket socket = new Socket();
            // Little is to be on its way to somebody who does not read.
            socket.setReceiveBufferSize(16 * 1024);
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            socket.setSoTimeout(PATIENCE);
            String request = "GET " + EventsApi.path(channel, query) + " HTTP/1.1\r\nHost: any\r\n"
                    + "Accept: text/event-stream\r\n"
                    + String.join(
                            "",
                            List.of(headers).stream()
                                    .map(header -> header + "\r\n")
                                    .toList())
                    + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream in = new BufferedInputStream(socket.getInputStream());
            HttpAnswer head = HttpAnswer.read(in);
            return new EventStream(
                    socket, head, new BufferedReader(new InputStreamReader(new Chunks(in), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The answer's head; with its body when it is no stream. */
    public HttpAnswer head() {
        return head;
    }

    /** The next event; null when the stream has ended. */
    public @Nullable Event next() {
        String id = null;
        String name = "message";
        String data = null;
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else if (line.isEmpty() && data != null) {
                    return new Event(id, name, Json.read(data));
                }
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next event, which there must be. */
    public Event await() {
        Event event = next();
        if (event == null) {
            throw new AssertionError("the stream has ended");
        }
        return event;
    }

    /** The next event, which must have this name. */
    public Event await(String name) {
        Event event = await();
        if (!event.name().equals(name)) {
            throw new AssertionError("not " + name + " but " + event);
        }
        return event;
    }

    /** All that still comes, to the stream's end. */
    public List<Event> rest() {
        List<Event> rest = new ArrayList<>();
        for (Event event = next(); event != null; event = next()) {
            rest.add(event);
        }
        return rest;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What stands in the chunks of an answer. */
    private static final class Chunks extends InputStream {

        private final InputStream in;
        private int left;
        private boolean isOver;

        Chunks(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0 && !isOver) {
                left = Integer.parseInt(line(), 16);
                isOver = left == 0;
            }
            if (isOver) {
                return -1;
            }
            int count = in.read(bytes, offset, Math.min(left, length));
            if (count < 0) {
                throw new IOException("the stream was cut");
            }
            left -= count;
            if (left == 0) {
                line();
            }
            return count;
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    throw new IOException("the stream was cut");
                }
                if (b != '\r') {
                    line.append((char) b);
                }
            }
            return line.toString();
        }
    }
}
