package dev.campfire.realtime.mapping;

/** The JSON of a change, rendered once for all its events: they differ in nothing but the id. For one thread. */
final class Payload {

    private static final int HEX_DIGIT_MASK = 0xF;

    private final byte[] json;
    private final int idStart;
    private final RowPayload.Form form;
    private boolean isGiven;

    /**
     * @param json the whole object; owned by this from now on
     * @param idStart where in it the id stands, {@link Position#LENGTH} characters
     * @param form what of the change it tells
     */
    Payload(byte[] json, int idStart, RowPayload.Form form) {
        this.form = form;
        this.json = json;
        this.idStart = idStart;
    }

    RowPayload.Form form() {
        return form;
    }

    /** The payload of the event at this position, which must be of the change that was rendered. The caller owns it. */
    byte[] bytes(Position position) {
        byte[] own = isGiven ? json.clone() : json;
        isGiven = true;
        writeOrdinal(own, position.ordinal());
        return own;
    }

    /** A position ends in its ordinal, two hexadecimal digits; all else of it is the change's. */
    private void writeOrdinal(byte[] own, int ordinal) {
        int last = idStart + Position.LENGTH - 1;
        own[last - 1] = (byte) Character.forDigit(ordinal >> 4, 16);
        own[last] = (byte) Character.forDigit(ordinal & HEX_DIGIT_MASK, 16);
    }
}
