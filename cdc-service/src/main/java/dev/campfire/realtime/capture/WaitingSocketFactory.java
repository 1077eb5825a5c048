package dev.campfire.realtime.capture;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import javax.net.SocketFactory;

/**
 * Makes the plain sockets of replication connections: see {@link WaitingInputStream}. pgjdbc creates it by name (its
 * property {@code socketFactory}), hence public with a public constructor.
 */
public final class WaitingSocketFactory extends SocketFactory {

    private final Duration wait;

    /**
     * @param waitMillis how long a read that finds nothing waits (pgjdbc's {@code socketFactoryArg})
     */
    public WaitingSocketFactory(String waitMillis) {
        this.wait = Duration.ofMillis(Long.parseLong(waitMillis));
    }

    /** pgjdbc makes its sockets unconnected and connects them itself. */
    @Override
    public Socket createSocket() {
        return new WaitingSocket(wait);
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException("replication sockets are made unconnected");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw new UnsupportedOperationException("replication sockets are made unconnected");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException("replication sockets are made unconnected");
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw new UnsupportedOperationException("replication sockets are made unconnected");
    }

    private static final class WaitingSocket extends Socket {

        private final Duration wait;

        WaitingSocket(Duration wait) {
            this.wait = wait;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new WaitingInputStream(super.getInputStream(), this, wait);
        }
    }
}
