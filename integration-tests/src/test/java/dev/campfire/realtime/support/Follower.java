package dev.campfire.realtime.support;

import java.util.List;

/**
 * Somebody who hears a channel, remembers the last id, and goes on behind it whenever the connection ends, in one of the ways
 * that there are. What came may be looked at by any thread.
 */
public interface Follower extends AutoCloseable {

    /**
     * An event that came.
     *
     * @param sequence {@code meta.seq}
     * @param isBackfilled whether the row that it tells of had been there before
     * @param row the row's id, empty where it is not looked at
     * @param content of the row's new image, empty where there is none
     */
    record Received(
            String id,
            long sequence,
            String event,
            boolean isReplayed,
            boolean isBackfilled,
            String row,
            String content) {

        /** An event of which nobody wants to know whether its row had been there before, or which that is. */
        public Received(String id, long sequence, String event, boolean isReplayed, String content) {
            this(id, sequence, event, isReplayed, false, "", content);
        }
    }

    /** Everything that came so far, in order. */
    List<Received> received();

    int count();

    /** How often it has begun to hear. */
    int joins();

    /** The ids with which it was told that something is missing. */
    List<String> unrecovered();

    /** Ends the connection as a network does; another is opened. */
    void cut();

    @Override
    void close();
}
