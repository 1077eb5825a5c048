package dev.campfire.realtime.phoenix;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any bytes as a frame of either version: a message, or malformed, and nothing else. */
final class FrameFuzzTest {

    private final JsonReader json = new JsonReader(200);

    @FuzzTest
    void a_text_frame_is_read_or_malformed(byte[] frame) {
        for (ProtocolVersion version : ProtocolVersion.values()) {
            try {
                version.serializer().readText(frame, json);
            } catch (MalformedMessageException e) {
                // Dropped, and counted by its cause.
                continue;
            }
        }
    }

    @FuzzTest
    void a_binary_frame_is_read_or_malformed(byte[] frame) {
        for (ProtocolVersion version : ProtocolVersion.values()) {
            try {
                version.serializer().readBinary(frame, json);
            } catch (MalformedMessageException e) {
                // Dropped, and counted by its cause.
                continue;
            }
        }
    }
}
