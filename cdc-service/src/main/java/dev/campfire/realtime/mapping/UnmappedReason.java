package dev.campfire.realtime.mapping;

import dev.campfire.realtime.mapping.rules.IdFlaw;

/** Why a change, or a part of it, became no event. */
public enum UnmappedReason {
    NO_RULE("no rule maps this table"),
    COLUMN_MISSING("a column that channels are named by is missing or not published"),
    ID_NULL("an id that channels are named by is NULL"),
    ID_MALFORMED("an id that channels are named by is malformed, or not a UUID where one is asked for"),
    ID_NOT_LOGGED("the old row's ids are not logged: run ALTER TABLE ... REPLICA IDENTITY FULL"),
    RULE_OFF("a rule of the mapping does not fit the table's columns"),
    CONDITION_FAILED("a condition of the mapping can't be asked of these values"),
    NO_BROADCAST("a broadcast without topic, event or payload, or with a name of more than 255 bytes");

    private final String text;

    UnmappedReason(String text) {
        this.text = text;
    }

    static UnmappedReason of(IdFlaw flaw) {
        return switch (flaw) {
            case COLUMN_MISSING -> COLUMN_MISSING;
            case NOT_LOGGED -> ID_NOT_LOGGED;
            case NULL -> ID_NULL;
            case MALFORMED -> ID_MALFORMED;
        };
    }

    /** What happened, for an operator. */
    public String text() {
        return text;
    }
}
