package dev.campfire.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.support.Frame;
import dev.campfire.realtime.support.PhoenixMessage;
import dev.campfire.realtime.support.PhoenixSocket;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Somebody who has joined a channel. */
record Member(Scene scene, PhoenixSocket socket, String topic, String joinRef, PhoenixMessage reply) {

    /** Sends a message on the channel and returns its ref. */
    String push(String event, String payload) {
        return socket.push(joinRef, topic, event, scene.json(payload));
    }

    /** Sends a message and returns its reply. */
    PhoenixMessage call(String event, String payload) {
        return socket.awaitReply(push(event, payload));
    }

    /** Broadcasts in text; the payload is an empty object. */
    String shout(String userEvent) {
        return shout(userEvent, "{}");
    }

    String shout(String userEvent, String payload) {
        return push("broadcast", "{'type':'broadcast','event':'" + userEvent + "','payload':" + payload + "}");
    }

    /** Broadcasts in a binary frame of kind 3. */
    void shoutBinary(String ref, String userEvent, int encoding, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] join = bytes(joinRef);
        byte[] refBytes = bytes(ref);
        byte[] topicBytes = bytes(topic);
        byte[] event = bytes(userEvent);
        for (int head : new int[] {3, join.length, refBytes.length, topicBytes.length, event.length, 0, encoding}) {
            out.write(head);
        }
        for (byte[] part : List.of(join, refBytes, topicBytes, event, payload)) {
            out.writeBytes(part);
        }
        socket.raw().send(Frame.binary(out.toByteArray()));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The frame of kind 4 that this broadcast is. */
    byte[] broadcastFrame(String userEvent, String metadata, int encoding, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] topicBytes = bytes(topic);
        byte[] event = bytes(userEvent);
        byte[] meta = bytes(metadata);
        for (int head : new int[] {4, topicBytes.length, event.length, meta.length, encoding}) {
            out.write(head);
        }
        for (byte[] part : List.of(topicBytes, event, meta, payload)) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** The next broadcast of this event. */
    PhoenixMessage hears(String userEvent) {
        return socket.awaitBroadcast(userEvent);
    }

    /** Demands that the next broadcast is of this event: whatever was sent before has not come. */
    PhoenixMessage hearsFirst(String userEvent) {
        PhoenixMessage message = socket.awaitEvent("broadcast");
        assertThat(message.userEvent()).isEqualTo(userEvent);
        return message;
    }

    /** The data of the next row change. */
    JsonNode change() {
        return changeMessage().payload().path("data");
    }

    PhoenixMessage changeMessage() {
        return socket.awaitEvent("postgres_changes");
    }

    /** Demands that the next row change is that of a row with this id: whatever was before has not come. */
    JsonNode changeOf(int id) {
        JsonNode data = change();
        JsonNode row = data.has("record") ? data.path("record") : data.path("old_record");
        assertThat(row.path("id").asInt()).as(data.toString()).isEqualTo(id);
        return data;
    }

    /** The next {@code system} message, of which this text is demanded. */
    PhoenixMessage system(String status, String text) {
        PhoenixMessage message = socket.awaitEvent("system");
        assertThat(message.payload().path("message").asText()).isEqualTo(text.replace("$", scene.channel()));
        assertThat(message.payload().path("status").asText()).isEqualTo(status);
        assertThat(message.topic()).isEqualTo(topic);
        return message;
    }

    PhoenixMessage await(String event) {
        return socket.awaitEvent(event);
    }

    JsonNode state() {
        return socket.awaitEvent("presence_state").payload();
    }

    JsonNode diff() {
        return socket.awaitEvent("presence_diff").payload();
    }

    /** Says that it is present, and demands that this is accepted. */
    void track(String payload) {
        assertThat(call("presence", "{'type':'presence','event':'track','payload':" + payload + "}")
                        .status())
                .isEqualTo("ok");
    }

    /** What has come and was not yet looked at. */
    List<PhoenixMessage> rest() {
        return socket.drain();
    }
}
