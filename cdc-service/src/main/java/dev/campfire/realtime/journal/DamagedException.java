package dev.campfire.realtime.journal;

/** What was read from the journal is not what was written. The message says what is wrong, and nothing of any row. */
public final class DamagedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public DamagedException(String message) {
        super(message);
    }
}
