package dev.campfire.realtime.changes;

/** A subscription is not possible as it was asked for. */
final class RefusedException extends Exception {

    private static final long serialVersionUID = 1;

    private final String reason;

    RefusedException(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    /** What its client is told. */
    String reason() {
        return reason;
    }
}
