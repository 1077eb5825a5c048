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
     * @param content of the row's new image, empty where there is none
     */
    record Received(String id, long sequence, String event, boolean isReplayed, String content) {}

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
