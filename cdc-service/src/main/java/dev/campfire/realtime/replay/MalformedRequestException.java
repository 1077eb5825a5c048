package dev.campfire.realtime.replay;

/** What somebody asks for is not understood. The message says why, in a sentence for its author. */
public final class MalformedRequestException extends Exception {

    private static final long serialVersionUID = 1;

    public MalformedRequestException(String message) {
        super(message);
    }
}
