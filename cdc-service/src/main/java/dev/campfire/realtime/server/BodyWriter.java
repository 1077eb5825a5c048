package dev.campfire.realtime.server;

import java.io.IOException;

/** Writes an answer's body bit by bit, on a thread of its own that may block. */
@FunctionalInterface
public interface BodyWriter {

    /**
     * Writes all of it. When it fails the connection is ended without the body's end, so that the client can tell.
     *
     * @throws InterruptedException when the client has gone, or the server goes down
     */
    void writeTo(Body out) throws IOException, InterruptedException;

    /** Where the body goes. For the writer's thread. */
    interface Body {

        /** Appends bytes, which are not to be changed any more. Blocks while the client is behind. */
        void write(byte[] bytes) throws IOException, InterruptedException;

        /** Lets the client have what was written so far. */
        void flush() throws IOException, InterruptedException;
    }
}
