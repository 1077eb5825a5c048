package dev.campfire.realtime.mapping.rules;

/** What comes of asking whether a condition holds. Only what holds becomes an event. */
public enum Verdict {
    HOLDS,
    HOLDS_NOT,
    /** It rests on a value that Postgres has not logged. */
    NOT_KNOWN,
    /** It can't be asked of these values: NULL was compared with, a text is no number, a key is missing. */
    FAILS;

    /** The opposite; what is not known or fails stays so. */
    Verdict not() {
        return switch (this) {
            case HOLDS -> HOLDS_NOT;
            case HOLDS_NOT -> HOLDS;
            case NOT_KNOWN, FAILS -> this;
        };
    }

    static Verdict of(boolean holds) {
        return holds ? HOLDS : HOLDS_NOT;
    }
}
