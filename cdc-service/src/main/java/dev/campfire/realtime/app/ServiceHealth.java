package dev.campfire.realtime.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.capture.CaptureStatus;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.channel.HubCounts;
import dev.campfire.realtime.server.Health;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** The service is ready while it streams: then every commit reaches its subscribers. */
final class ServiceHealth implements Health {

    private final Supplier<CaptureStatus> capture;
    private final ChannelHub hub;

    ServiceHealth(Supplier<CaptureStatus> capture, ChannelHub hub) {
        this.capture = capture;
        this.hub = hub;
    }

    @Override
    public Optional<String> notReadyBecause() {
        CaptureStatus status = capture.get();
        return switch (status.state()) {
            case STREAMING -> Optional.empty();
            case STARTING -> Optional.of("capture is starting");
            case STOPPED -> Optional.of("capture is stopped");
            case RETRYING -> Optional.of(status.problem() + " " + status.remedy());
        };
    }

    @Override
    public String details() {
        CaptureStatus status = capture.get();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("status", status.isStreaming() ? "ok" : "unavailable");
        json.putObject("capture")
                .put("state", status.state().name().toLowerCase(Locale.ROOT))
                .put("since", status.since().toString())
                .put("problem", status.problem())
                .put("remedy", status.remedy())
                .put("history_lost", status.historyLost());
        HubCounts counts = hub.counts();
        json.set("hub", HubJson.of(counts));
        return json.toString();
    }
}
