package dev.campfire.realtime.server.api;

/** What the console shows. Called on a thread that may take its time. */
public interface ConsoleSource {

    /**
     * How everything is now, and the samples after the one with this number, as a JSON object.
     *
     * @param after a number that was told before, or 0
     */
    String snapshot(long after);

    /**
     * The channels with most subscribers, as a JSON object.
     *
     * @param search what their names contain; empty for all
     * @param limit how many at most
     */
    String channels(String search, int limit);
}
