package dev.campfire.realtime.server;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Slows down who is refused again and again: beyond some refusals the answers to an address come later and later. The
 * original lets everybody wait whom it refuses, and everything else on their socket with them. Nothing but refusals
 * waits here, so that who behaves well does not suffer from a neighbour at the same address. Safe for use by several
 * threads.
 */
final class Damping {

    /** Refusals that cost nothing: a page that is loaded with an old token makes some at once. */
    private static final int FREE = 50;

    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration FORGIVEN_AFTER = Duration.ofMinutes(1);
    private static final int ADDRESSES = 10_000;

    private final Duration longest;
    private final Cache<InetAddress, AtomicInteger> refusals;

    /** @param longest how long an answer waits at most; zero for not at all */
    Damping(Duration longest) {
        this(longest, Ticker.systemTicker());
    }

    Damping(Duration longest, Ticker ticker) {
        this.longest = longest;
        this.refusals = Caffeine.newBuilder()
                .maximumSize(ADDRESSES)
                .expireAfterAccess(FORGIVEN_AFTER)
                .ticker(ticker)
                .build();
    }

    /** Counts a refusal, and says how long its answer is to wait. */
    Duration refused(InetAddress address) {
        AtomicInteger count = refusals.get(address, any -> new AtomicInteger());
        int beyond = count.updateAndGet(before -> Math.min(before + 1, FREE + 32)) - FREE;
        if (beyond <= 0) {
            return Duration.ZERO;
        }
        Duration wait = FIRST.multipliedBy(1L << Math.min(beyond - 1, 16));
        return wait.compareTo(longest) > 0 ? longest : wait;
    }
}
