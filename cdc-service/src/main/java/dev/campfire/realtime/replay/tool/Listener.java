package dev.campfire.realtime.replay.tool;

import dev.campfire.realtime.replay.LostException;
import dev.campfire.realtime.replay.Progress;
import java.io.IOException;

/** Hears what a source tells. */
interface Listener {

    /** The next event. */
    void event(Told event) throws IOException, InterruptedException;

    /** Everything up to here has been told. */
    void at(Progress progress) throws IOException, InterruptedException;

    /** There is nothing more at hand just now: whatever is kept together may go on its way. */
    void caughtUp() throws IOException, InterruptedException;

    /** Something is missing behind this, and is passed over. */
    void gap(LostException gap);
}
