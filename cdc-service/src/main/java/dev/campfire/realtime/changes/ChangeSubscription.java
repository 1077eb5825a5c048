package dev.campfire.realtime.changes;

/** A subscription that is in force. */
public interface ChangeSubscription {

    /** Ends it; does nothing the second time. Any thread. */
    void close();
}
