package dev.campfire.realtime.replay.tool;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where events go. */
interface Destination {

    /** Takes an event; it need not be there for good yet. */
    void take(Told event) throws IOException, InterruptedException;

    /** Brings everything there that was taken. */
    void flush() throws IOException, InterruptedException;

    /** The position of the last event that is there for good, with everything before it; null when none is. */
    @Nullable
    String acknowledged();
}
