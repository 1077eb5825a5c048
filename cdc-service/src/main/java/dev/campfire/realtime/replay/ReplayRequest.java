package dev.campfire.realtime.replay;

/**
 * What is to be played.
 *
 * @param most how many events at most
 * @param crossesGaps whether it goes on where something is missing, and begins with the oldest where its beginning is not
 *     there any more
 */
public record ReplayRequest(Start start, Stop stop, EventSelection selection, long most, boolean crossesGaps) {

    public ReplayRequest {
        if (most < 1) {
            throw new IllegalArgumentException("nothing would be played");
        }
    }
}
