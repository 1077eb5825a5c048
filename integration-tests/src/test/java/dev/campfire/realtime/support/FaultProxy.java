package dev.campfire.realtime.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP proxy on the loopback interface that breaks connections as networks do. Its port stays the same whatever is
 * done to it.
 */
public final class FaultProxy implements AutoCloseable {

    private static final int CONNECT_MILLIS = 2_000;

    private static final byte[] FORBIDDEN = "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            .getBytes(StandardCharsets.ISO_8859_1);

    private final InetSocketAddress target;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Object gate = new Object();
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile long nanosPerByte;
    private boolean refusing;
    private boolean silent;
    private volatile boolean isWithoutWebSockets;

    /** A proxy that forwards faithfully until told otherwise. */
    public FaultProxy(String host, int port) {
        this.target = new InetSocketAddress(host, port);
        try {
            this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    /** Threads of the operating system: a network does not wait for whatever else the tests do. */
    private static void start(Runnable task) {
        Thread.ofPlatform().name("fault-proxy").daemon().start(task);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Resets every connection (RST). New ones are welcome. */
    public void cut() {
        sockets.forEach(FaultProxy::reset);
    }

    /** Resets every connection, and every new one at once, until {@link #restore}. */
    public void refuse() {
        synchronized (gate) {
            refusing = true;
        }
        cut();
    }

    /** How many connections have been refused since the proxy was made. */
    public int refusals() {
        return refusals.get();
    }

    /** Answers 403 to whoever asks for a websocket, as some proxies do, until {@link #restore}; cuts those that there are. */
    public void refuseWebSockets() {
        isWithoutWebSockets = true;
        cut();
    }

    /** Keeps every connection open but passes nothing on, until {@link #restore}. */
    public void goSilent() {
        synchronized (gate) {
            silent = true;
        }
    }

    /** Lets no more through than this, for each connection and direction. */
    public void limit(long bytesPerSecond) {
        nanosPerByte = TimeUnit.SECONDS.toNanos(1) / bytesPerSecond;
    }

    /** Forwards again. What was held back by {@link #goSilent} goes on. */
    public void restore() {
        synchronized (gate) {
            refusing = false;
            silent = false;
            isWithoutWebSockets = false;
            gate.notifyAll();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                boolean unwelcome;
                synchronized (gate) {
                    unwelcome = refusing;
                }
                if (unwelcome) {
                    refusals.incrementAndGet();
                    reset(client);
                } else {
                    start(() -> connect(client));
                }
            } catch (IOException e) {
                // The listener has been closed; the loop ends.
                continue;
            }
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(target, CONNECT_MILLIS);
        } catch (IOException e) {
            reset(client);
            return;
        }
        sockets.add(client);
        sockets.add(server);
        start(() -> pump(client, server));
        start(() -> pump(server, client));
    }

    private void pump(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[16_384];
            int count;
            while ((count = in.read(buffer)) >= 0) {
                awaitVoice();
                if (isWithoutWebSockets && asksForWebSocket(buffer, count)) {
                    from.getOutputStream().write(FORBIDDEN);
                    break;
                }
                LockSupport.parkNanos(count * nanosPerByte);
                out.write(buffer, 0, count);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            // One side broke: so does the other.
            reset(from);
            reset(to);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(from);
        }
    }

    /** A request of a browser or of Node arrives in one piece. */
    private static boolean asksForWebSocket(byte[] data, int count) {
        String text = new String(data, 0, count, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        return text.startsWith("get ") && text.contains("\r\nupgrade: websocket\r\n");
    }

    private void awaitVoice() throws InterruptedException {
        synchronized (gate) {
            while (silent) {
                gate.wait();
            }
        }
    }

    private static void reset(Socket socket) {
        try (socket) {
            // Closing with a linger time of zero sends RST instead of FIN.
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // It was closed already, which is what was wanted.
            return;
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        restore();
        cut();
    }
}
