package dev.campfire.realtime.identity;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys of a JWKS document that is fetched, and fetched again from time to time, on a thread of its own. While it can't be
 * fetched the keys that were there last stay good; until it has been fetched once there are those of the rules alone.
 *
 * <p>A token that names a key which is not there has the document fetched early, but not more often than every half
 * minute: that token is refused, the next one finds the key.
 */
final class RemoteKeys implements VerificationKeys, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteKeys.class);

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int LARGEST = 1024 * 1024;
    private static final Duration EVERY = Duration.ofMinutes(10);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);
    private static final Duration EARLIEST = Duration.ofSeconds(30);

    private final URI source;
    private final SharedSecrets secrets;
    private final ResourceRetriever retriever;
    private final LongSupplier nanoTime;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("jwks").daemon().factory());

    private volatile VerificationKeys current;

    // Guarded by this.
    private long fetchedAt;
    private boolean isFailing;

    /**
     * @param source where the document is; https, or within one's own network
     * @param fallback what serves until it has been fetched
     */
    RemoteKeys(URI source, SharedSecrets secrets, VerificationKeys fallback) {
        this(
                source,
                secrets,
                fallback,
                new DefaultResourceRetriever((int) TIMEOUT.toMillis(), (int) TIMEOUT.toMillis(), LARGEST),
                System::nanoTime);
    }

    RemoteKeys(
            URI source,
            SharedSecrets secrets,
            VerificationKeys fallback,
            ResourceRetriever retriever,
            LongSupplier nanoTime) {
        this.source = source;
        this.secrets = secrets;
        this.current = fallback;
        this.retriever = retriever;
        this.nanoTime = nanoTime;
        this.fetchedAt = nanoTime.getAsLong() - EARLIEST.toNanos();
    }

    /**
     * Whether a document may be fetched from there: over TLS, or from a host that can't be reached but within one's own
     * network, because its name has no dot, or from this machine.
     */
    static boolean isTrustworthy(URI source) {
        String host = source.getHost();
        if (host == null || source.getUserInfo() != null) {
            return false;
        }
        boolean isNear = !host.contains(".") && !host.contains(":") || host.equals("127.0.0.1") || host.equals("[::1]");
        return "https".equals(source.getScheme()) || "http".equals(source.getScheme()) && isNear;
    }

    /** Fetches now and from time to time. */
    void start() {
        timer.execute(this::fetchAndGoOn);
    }

    private void fetchAndGoOn() {
        boolean isFetched = fetch();
        try {
            timer.schedule(this::fetchAndGoOn, (isFetched ? EVERY : AFTER_FAILURE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // Closed: nobody asks any more.
            return;
        }
    }

    /** Fetches once; true when there are new keys. */
    boolean fetch() {
        synchronized (this) {
            fetchedAt = nanoTime.getAsLong();
        }
        try {
            Resource document = retriever.retrieveResource(source.toURL());
            current = new KeyRing(secrets, document.getContent());
            note(false, "");
            return true;
        } catch (IOException | ParseException | IllegalArgumentException e) {
            note(true, String.valueOf(e.getMessage()));
            return false;
        }
    }

    /** Said when it begins and when it ends, and not in between. */
    private synchronized void note(boolean fails, String why) {
        if (fails && !isFailing) {
            LOG.warn("The keys of {} can't be fetched, those that are known stay good: {}", source, why);
        } else if (!fails && isFailing) {
            LOG.info("The keys of {} are fetched again.", source);
        }
        isFailing = fails;
    }

    @Override
    public List<JWSVerifier> candidates(JWSHeader header) {
        List<JWSVerifier> candidates = current.candidates(header);
        if (candidates.isEmpty() && header.getKeyID() != null && mayFetch()) {
            try {
                timer.execute(this::fetch);
            } catch (RejectedExecutionException e) {
                // Closed: nobody asks any more.
                return candidates;
            }
        }
        return candidates;
    }

    private synchronized boolean mayFetch() {
        long now = nanoTime.getAsLong();
        if (now - fetchedAt < EARLIEST.toNanos()) {
            return false;
        }
        fetchedAt = now;
        return true;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
