package dev.campfire.realtime.changes;

import org.jspecify.annotations.Nullable;

/** A subscription that is in force. */
public interface ChangeSubscription {

    /** Ends it; does nothing the second time. Any thread. */
    void close();

    /** What is offered of changes that were before it; null where no rows are. */
    default @Nullable MissedRows missed() {
        return null;
    }
}
