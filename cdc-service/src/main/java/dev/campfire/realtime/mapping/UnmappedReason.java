package dev.campfire.realtime.mapping;

/** Why a change, or a part of it, became no event. */
public enum UnmappedReason {
    NO_RULE("no rule maps this table"),
    COLUMN_MISSING("a column that channels are named by is missing or not published"),
    ID_NULL("an id that channels are named by is NULL"),
    ID_MALFORMED("an id that channels are named by is not a UUID"),
    ID_NOT_LOGGED("the old row's ids are not logged: run ALTER TABLE ... REPLICA IDENTITY FULL"),
    NO_BROADCAST("a broadcast without topic, event or payload, or with a name of more than 255 bytes");

    private final String text;

    UnmappedReason(String text) {
        this.text = text;
    }

    /** What happened, for an operator. */
    public String text() {
        return text;
    }
}
