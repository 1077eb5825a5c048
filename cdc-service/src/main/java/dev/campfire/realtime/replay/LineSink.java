package dev.campfire.realtime.replay;

import java.io.IOException;

/** Takes lines of NDJSON. Blocks while its reader is behind. */
public interface LineSink {

    /** @param json an object in UTF-8, without the end of the line */
    void line(byte[] json) throws IOException, InterruptedException;

    /** Lets its reader see what it has. */
    void flush() throws IOException, InterruptedException;
}
