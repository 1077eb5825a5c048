package dev.campfire.realtime.replay;

import dev.campfire.realtime.mapping.Event;
import java.io.IOException;

/** Hears a tape: on the thread that plays it, one call at a time; the tape waits for it. */
public interface TapeListener {

    /** The next event. */
    void event(Event event) throws IOException, InterruptedException;

    /** Everything up to here has been played. Called after each page, and every few seconds while nothing comes. */
    void at(Progress progress) throws IOException, InterruptedException;

    /**
     * Something is missing behind this place; what follows stands behind the gap. Called only when gaps are crossed.
     *
     * @param gap what would have been thrown otherwise
     */
    void gap(LostException gap) throws IOException, InterruptedException;
}
