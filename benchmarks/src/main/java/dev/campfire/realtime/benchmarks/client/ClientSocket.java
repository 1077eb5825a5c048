package dev.campfire.realtime.benchmarks.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLEncoder;

/** A blocking websocket to the service on this machine. Read by one thread, written by any. */
final class ClientSocket implements AutoCloseable {

    private static final int SOCKET_BUFFER = 4 << 20;
    private static final int LARGEST_SMALL_FRAME = 125;
    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;
    private static final int PONG = 10;

    private final Socket socket;
    private final FrameReader frames;

    private ClientSocket(Socket socket) throws IOException {
        this.socket = socket;
        this.frames = new FrameReader(socket.getInputStream());
    }

    /** Connects and upgrades. */
    static ClientSocket open(int port, String token) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setReceiveBufferSize(SOCKET_BUFFER);
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            ClientSocket opened = new ClientSocket(socket);
            opened.upgrade(token);
            return opened;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private void upgrade(String token) throws IOException {
        String request =
                "GET /realtime/v1/websocket?apikey=" + URLEncoder.encode(token, UTF_8) + "&vsn=2.0.0 HTTP/1.1\r\n"
                        + "Host: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: Y2FtcGZpcmUgYmVuY2htYXJr\r\nSec-WebSocket-Version: 13\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(US_ASCII));
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("the service closed the connection instead of upgrading it");
            }
            head.write(next);
        }
        String answer = head.toString(ISO_8859_1);
        if (!answer.startsWith("HTTP/1.1 101 ")) {
            throw new IOException("the service refused the websocket: "
                    + answer.lines().findFirst().orElse(""));
        }
    }

    /** Reads once and hands on every frame that is whole then. */
    void readOnce(FrameReader.Handler handler) throws IOException {
        frames.readOnce(handler);
    }

    void text(String message) throws IOException {
        send(FrameReader.TEXT, message.getBytes(UTF_8));
    }

    void binary(byte[] message) throws IOException {
        send(FrameReader.BINARY, message);
    }

    void pong(byte[] payload) throws IOException {
        send(PONG, payload);
    }

    /** Short frames only; masked with zeroes, which leaves the payload as it is. */
    private synchronized void send(int opcode, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream(payload.length + 8);
        frame.write(FIN | opcode);
        if (payload.length <= LARGEST_SMALL_FRAME) {
            frame.write(MASKED | payload.length);
        } else {
            frame.write(MASKED | 126);
            frame.write(payload.length >> 8);
            frame.write(payload.length);
        }
        frame.write(new byte[4]);
        frame.write(payload);
        socket.getOutputStream().write(frame.toByteArray());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
