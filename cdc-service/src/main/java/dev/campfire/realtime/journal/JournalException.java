package dev.campfire.realtime.journal;

import org.jspecify.annotations.Nullable;

/** The journal can't be opened or used as it is. The message says why and what to do. */
public final class JournalException extends Exception {

    private static final long serialVersionUID = 1;

    public JournalException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
