package dev.campfire.realtime.phoenix;

/** Takes a session's own messages on their way to its client. Used by the session's event loop alone. */
@FunctionalInterface
interface ServerMessages {

    void write(ServerMessage message);
}
