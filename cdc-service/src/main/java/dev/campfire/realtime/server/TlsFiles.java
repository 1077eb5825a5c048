package dev.campfire.realtime.server;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProtocols;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate and the key that connections are secured with, as the files have them: new connections get the new ones
 * within seconds after the files have changed, those that there are keep theirs. Files that can't be used change nothing.
 * Safe for use by several threads.
 */
public final class TlsFiles {

    private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);

    private static final Duration LOOK = Duration.ofSeconds(2);

    private final Path certificate;
    private final Path key;
    private final LongSupplier nanoTime;

    // Guarded by this.
    private SslContext context;
    private Versions versions;
    private long lookedAt;

    /** When the files were written. */
    private record Versions(FileTime certificate, FileTime key) {}

    /**
     * Reads the files.
     *
     * @param certificate the chain in PEM, the server's own first
     * @param key its private key in PEM, PKCS #8, without a password
     * @throws IOException when they can't be used; the message says which and why, and holds nothing of them
     */
    public TlsFiles(Path certificate, Path key) throws IOException {
        this(certificate, key, System::nanoTime);
    }

    TlsFiles(Path certificate, Path key, LongSupplier nanoTime) throws IOException {
        this.certificate = certificate;
        this.key = key;
        this.nanoTime = nanoTime;
        this.versions = read(certificate, key);
        this.context = load(certificate.toFile(), key.toFile());
        this.lookedAt = nanoTime.getAsLong();
    }

    private static Versions read(Path certificate, Path key) throws IOException {
        return new Versions(Files.getLastModifiedTime(certificate), Files.getLastModifiedTime(key));
    }

    private static SslContext load(File certificate, File key) throws IOException {
        try {
            return SslContextBuilder.forServer(certificate, key)
                    .protocols(SslProtocols.TLS_v1_3, SslProtocols.TLS_v1_2)
                    .build();
        } catch (IOException | IllegalArgumentException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(
                    "the certificate " + certificate + " and the key " + key + " can't be used ("
                            + cause.getClass().getSimpleName() + "): they have to be PEM, the key in PKCS #8 without a"
                            + " password",
                    e);
        }
    }

    /** What the next connection is secured with. */
    synchronized SslContext current() {
        long now = nanoTime.getAsLong();
        if (now - lookedAt >= LOOK.toNanos()) {
            lookedAt = now;
            look();
        }
        return context;
    }

    private void look() {
        try {
            Versions found = read(certificate, key);
            if (found.equals(versions)) {
                return;
            }
            // Noted first: files that are wrong are complained of once, until they change again.
            versions = found;
            context = load(certificate.toFile(), key.toFile());
            LOG.info("The certificate {} has been read again.", certificate);
        } catch (IOException e) {
            LOG.warn("The certificate stays the one that it was: {}", e.getMessage());
        }
    }
}
