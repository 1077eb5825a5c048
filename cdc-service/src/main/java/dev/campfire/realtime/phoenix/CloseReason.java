package dev.campfire.realtime.phoenix;

/** Why the server closes a socket: the code and the text of the close frame. Clients come back after each of them. */
public enum CloseReason {
    /** Nothing came for longer than is allowed. */
    IDLE(1000, "idle timeout"),
    /** There are too many joins per second. */
    TOO_MANY_JOINS(1001, "too many joins per second"),
    /** The client broke the websocket protocol. */
    PROTOCOL_ERROR(1002, "protocol error"),
    /** The client sends more than it may. */
    TOO_MUCH(1008, "too many messages"),
    /** A frame or message was larger than is allowed. */
    TOO_BIG(1009, "message too big"),
    /** Something failed here. */
    FAILED(1011, "internal error"),
    /** The server goes down. */
    GOING_DOWN(1012, "service restart"),
    /** The client did not read what was sent to it. */
    TOO_SLOW(1013, "too slow");

    private final int code;
    private final String text;

    CloseReason(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /** The code of RFC 6455. */
    public int code() {
        return code;
    }

    /** The text that goes with it. */
    public String text() {
        return text;
    }
}
