package dev.campfire.realtime.channel;

/** One version of the wire protocol, seen from the hub. Subscribers with the same format and topic share their frames. */
public interface FrameFormat {

    /**
     * The encoder for a topic. Whatever depends on the topic alone is prepared here, once.
     *
     * @param topic as the subscribers joined it, {@code realtime:} included
     */
    FrameEncoder forTopic(String topic);
}
