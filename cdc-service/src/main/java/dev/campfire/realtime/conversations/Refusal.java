package dev.campfire.realtime.conversations;

import java.util.List;

/** Why a call was not carried out. Nothing of it has been written. */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Reason reason;
    private final transient List<FieldError> errors;

    /** What the caller can do about it. */
    public enum Reason {
        /** There is no such row, or none that the caller sees. */
        NOT_FOUND,
        /** The caller sees the conversation, and may not do this. */
        FORBIDDEN,
        /** Fields are wrong; each is named once. */
        INVALID,
        /** The idempotency key was used for something else. */
        KEY_REUSED,
        /** Something else is being done that this waits for. */
        CONFLICT,
        /** The database lacks what this needs. */
        NOT_SET_UP,
        /** The database can't be asked now. */
        UNAVAILABLE
    }

    private Refusal(Reason reason, String detail, List<FieldError> errors) {
        // Expected, many, and thrown to end a transaction: where they come from is nobody's question.
        super(detail, null, false, false);
        this.reason = reason;
        this.errors = List.copyOf(errors);
    }

    public static Refusal of(Reason reason, String detail) {
        return new Refusal(reason, detail, List.of());
    }

    /** @param errors one for each field that is wrong */
    public static Refusal invalid(List<FieldError> errors) {
        return new Refusal(
                Reason.INVALID,
                errors.size() + (errors.size() == 1 ? " field is" : " fields are") + " wrong; nothing was written.",
                errors);
    }

    static Refusal invalid(String field, String detail) {
        return invalid(List.of(new FieldError(field, detail)));
    }

    static Refusal noConversation() {
        return of(Reason.NOT_FOUND, "There is no such conversation, or none that you may see.");
    }

    public Reason reason() {
        return reason;
    }

    public List<FieldError> errors() {
        return errors;
    }

    /** What happened, in a sentence for the caller; it names no row's content. */
    public String detail() {
        return String.valueOf(getMessage());
    }
}
