package dev.campfire.realtime.capture;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Properties;
import javax.net.ssl.SSLSocket;
import org.postgresql.ssl.LibPQFactory;
import org.postgresql.util.PSQLException;

/**
 * What {@link WaitingSocketFactory} is to plain sockets, for TLS: an SSL socket counts as available only what it has
 * decrypted, so the wait has to lie above it. Certificates and modes are pgjdbc's own, as libpq has them.
 *
 * <p>pgjdbc creates it by name (its property {@code sslfactory}), hence public with a public constructor.
 */
public final class WaitingSslFactory extends LibPQFactory {

    private final Duration wait;

    public WaitingSslFactory(Properties properties) throws PSQLException {
        super(properties);
        this.wait = Duration.ofMillis(Long.parseLong(properties.getProperty("socketFactoryArg", "200")));
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
        SSLSocket layered = (SSLSocket) super.createSocket(socket, host, port, autoClose);
        return new WaitingSslSocket(layered, socket, wait);
    }
}
