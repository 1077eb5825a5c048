package dev.campfire.realtime.phoenix;

/** What clients do that is dropped, counted, and logged now and then. The texts never quote what was sent. */
enum Oddity {
    NOT_UTF8("text that is not UTF-8"),
    NOT_JSON("text that is not JSON, or nested too deeply"),
    NOT_A_MESSAGE("JSON that is no message of the socket's protocol version"),
    BAD_FIELD("a message with a field that is missing or of another type"),
    BAD_BINARY("a binary frame of an unknown kind, or shorter than it says"),
    BAD_PAYLOAD("a payload that is not what its event takes"),
    PAYLOAD_TOO_LARGE("a broadcast larger than allowed"),
    UNKNOWN_EVENT("an event that is not known on channels"),
    TOO_MUCH_WAITING("messages that waited for an answer of the database"),
    HANDLER_FAILED("a message whose handling failed");

    private final String text;

    Oddity(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
