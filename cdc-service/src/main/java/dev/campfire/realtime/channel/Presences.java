package dev.campfire.realtime.channel;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is present on which channel. Safe for use by several threads.
 *
 * <p>What changes within one tick is told in one {@code presence_diff}. A state and the diffs that are broadcast behind it
 * fit together: the state is that of the last diff.
 */
public final class Presences implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Presences.class);

    /** Long enough to gather those who come together, too short to be noticed. */
    private static final Duration TICK = Duration.ofMillis(20);

    private final ConcurrentMap<ChannelKey, Roster> rosters = new ConcurrentHashMap<>();
    private final PresenceObserver observer;
    private final BiConsumer<ChannelKey, Message> broadcast;
    private final BiConsumer<Runnable, Duration> later;
    private final Runnable close;

    /** @param hub where diffs are broadcast */
    public Presences(ChannelHub hub) {
        this(hub, PresenceObserver.NONE);
    }

    /** @param observer learns of what diffs tell, too */
    public Presences(ChannelHub hub, PresenceObserver observer) {
        this.observer = observer;
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("presence").daemon().factory());
        this.broadcast = (key, message) -> hub.broadcast(key, message, null);
        this.later = (task, delay) -> {
            try {
                timer.schedule(() -> runNow(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                // Closed: nobody is left to be told.
                return;
            }
        };
        this.close = timer::shutdownNow;
    }

    /**
     * @param broadcast where diffs go
     * @param later runs a task after a time
     */
    public Presences(BiConsumer<ChannelKey, Message> broadcast, BiConsumer<Runnable, Duration> later) {
        this(broadcast, later, PresenceObserver.NONE);
    }

    /** @param observer learns of what diffs tell, too */
    public Presences(
            BiConsumer<ChannelKey, Message> broadcast,
            BiConsumer<Runnable, Duration> later,
            PresenceObserver observer) {
        this.observer = observer;
        this.broadcast = broadcast;
        this.later = later;
        this.close = () -> {};
    }

    /**
     * Says that somebody is present, or present in another way.
     *
     * @param key the channel
     * @param meta what is told of the member: a JSON object in UTF-8
     */
    public void track(ChannelKey key, PresenceMember member, byte[] meta) {
        change(key, roster -> roster.track(member, meta));
    }

    /** Says that somebody is not present any more; does nothing when they were not. */
    public void untrack(ChannelKey key, PresenceMember member) {
        leave(key, member, false);
    }

    /** The same of a member that went without a word, and may come again. */
    public void lose(ChannelKey key, PresenceMember member) {
        leave(key, member, true);
    }

    private static void runNow(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            // Nobody waits for it, who could say so.
            LOG.error("Who has come to a channel or left it could not be told", e);
        }
    }

    private void leave(ChannelKey key, PresenceMember member, boolean isLost) {
        if (rosters.containsKey(key)) {
            change(key, roster -> roster.untrack(member, isLost));
        }
    }

    /** A change of a roster; true when it is the first since the last diff. */
    private interface RosterChange {
        boolean apply(Roster roster);
    }

    private void change(ChannelKey key, RosterChange change) {
        rosters.compute(key, (same, known) -> {
            Roster roster = known == null ? new Roster() : known;
            if (change.apply(roster)) {
                later.accept(() -> tell(key), TICK);
            }
            return roster.isEmpty() ? null : roster;
        });
    }

    private void tell(ChannelKey key) {
        // Broadcast within the lock on the channel: a state that is read later holds what this diff says.
        rosters.computeIfPresent(key, (same, roster) -> {
            List<PresenceObserver.Change> changes = observer.watches(key) ? roster.changes() : List.of();
            byte[] diff = roster.takeDiff();
            if (diff.length > 0) {
                broadcast.accept(key.presence(), new Message.Push(PresenceDiff.EVENT, diff));
                if (!changes.isEmpty()) {
                    observer.changed(key, changes);
                }
            }
            return roster.isEmpty() ? null : roster;
        });
    }

    /** Who is present, as the JSON object that {@code presence_state} has for its payload. Not to be changed. */
    public byte[] state(ChannelKey key) {
        byte[][] state = {Roster.NOBODY};
        rosters.computeIfPresent(key, (same, roster) -> {
            state[0] = roster.state();
            return roster;
        });
        return state[0];
    }

    /** Tells nothing more. */
    @Override
    public void close() {
        close.run();
    }
}
