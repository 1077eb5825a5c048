package dev.campfire.realtime.phoenix;

/** A frame that is no message. It is dropped, and counted as the given kind of oddity. */
final class MalformedMessageException extends Exception {

    private static final long serialVersionUID = 1;

    private final Oddity oddity;

    MalformedMessageException(Oddity oddity) {
        // Malformed input is cheap to send, so it must be cheap to refuse: no stack trace.
        super(oddity.text(), null, false, false);
        this.oddity = oddity;
    }

    Oddity oddity() {
        return oddity;
    }
}
