package dev.campfire.realtime.replay.tool;

import dev.campfire.realtime.replay.LostException;
import dev.campfire.realtime.replay.Progress;
import java.io.IOException;

/** Where events come from, in order. */
interface Source {

    /**
     * Tells everything that was asked for.
     *
     * @return how far it came
     * @throws LostException when something is missing, and gaps are not to be crossed; everything before has been told
     * @throws InterruptedException when it is to end
     */
    Progress tell(Listener listener) throws IOException, InterruptedException, LostException;

    /** What to say of it. */
    String name();
}
