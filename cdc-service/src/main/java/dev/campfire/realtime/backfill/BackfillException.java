package dev.campfire.realtime.backfill;

/** A backfill that can't be done as it was asked for. The message says why, and what would help. */
public final class BackfillException extends Exception {

    private static final long serialVersionUID = 1L;

    BackfillException(String message) {
        super(message);
    }
}
