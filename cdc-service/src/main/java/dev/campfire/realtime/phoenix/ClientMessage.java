package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.channel.Message.Encoding;
import org.jspecify.annotations.Nullable;

/** A message from a client, in whichever version it came. */
sealed interface ClientMessage {

    Ref joinRef();

    Ref ref();

    String topic();

    /**
     * Any message with an event.
     *
     * @param payload the payload's JSON text in UTF-8, exactly as it came; null when it is opaque bytes, which no event
     *     takes
     */
    record Push(Ref joinRef, Ref ref, String topic, String event, byte @Nullable [] payload) implements ClientMessage {}

    /**
     * A broadcast whose parts came apart, in a binary frame of kind 3. Its metadata is checked and left: receivers take
     * metadata for the server's word.
     *
     * @param payload valid JSON in UTF-8 unless raw
     */
    record UserBroadcast(Ref joinRef, Ref ref, String topic, String userEvent, Encoding encoding, byte[] payload)
            implements ClientMessage {}
}
