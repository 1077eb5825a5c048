package dev.campfire.realtime.phoenix;

/**
 * What a session has of a connection that its client only reads: one answer that goes on and on. Used by the connection's
 * event loop alone.
 */
public interface StreamLink extends SocketLink {

    /** The channel is joined: from here on what is written is the answer. Called before anything is written. */
    void begin();

    /** The channel is not joined, and the answer says why. Whatever is written or closed afterwards comes to nothing. */
    void refuse(Refusal refusal);

    /** Ends the answer behind what was written. */
    void end();
}
