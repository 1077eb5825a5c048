package dev.campfire.realtime.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.capture.CaptureStatus;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.channel.HubCounts;
import dev.campfire.realtime.journal.JournalStatus;
import dev.campfire.realtime.mapping.UnmappedChanges;
import dev.campfire.realtime.mapping.UnmappedReason;
import dev.campfire.realtime.server.Health;
import dev.campfire.realtime.vocabulary.NameGuard;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The service is ready while it streams: then every commit reaches its subscribers. */
final class ServiceHealth implements Health {

    private final Supplier<CaptureStatus> capture;
    private final Supplier<JournalStatus> journal;
    private final LongSupplier redelivered;
    private final UnmappedChanges unmapped;
    private final ChannelHub hub;
    private final NameGuard names;

    /** @param redelivered how many changes Postgres has sent more than once */
    ServiceHealth(
            Supplier<CaptureStatus> capture,
            Supplier<JournalStatus> journal,
            LongSupplier redelivered,
            UnmappedChanges unmapped,
            ChannelHub hub,
            NameGuard names) {
        this.capture = capture;
        this.journal = journal;
        this.redelivered = redelivered;
        this.unmapped = unmapped;
        this.hub = hub;
        this.names = names;
    }

    @Override
    public Optional<String> notReadyBecause() {
        CaptureStatus status = capture.get();
        return switch (status.state()) {
            case STREAMING -> Optional.ofNullable(journal.get().problem());
            case STARTING -> Optional.of("capture is starting");
            case STOPPED -> Optional.of("capture is stopped");
            case RETRYING -> Optional.of(status.problem() + " " + status.remedy());
        };
    }

    @Override
    public String details() {
        CaptureStatus status = capture.get();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        JournalStatus kept = journal.get();
        json.put("status", status.isStreaming() && kept.isKeeping() ? "ok" : "unavailable");
        json.putObject("capture")
                .put("state", status.state().name().toLowerCase(Locale.ROOT))
                .put("since", status.since().toString())
                .put("problem", status.problem())
                .put("remedy", status.remedy())
                .put("history_lost", status.historyLost())
                .put("redelivered", redelivered.getAsLong());
        ObjectNode log = json.putObject("journal")
                .put("durable", kept.isDurable())
                .put("keeping", kept.isKeeping())
                .put("problem", kept.problem())
                .put("gaps", kept.gaps())
                .put("damage", kept.damage())
                .put("bytes", kept.bytes());
        log.put("oldest", kept.oldest() == null ? null : kept.oldest().toString());
        log.put("complete_since", kept.era() == null ? null : kept.era().begun().toString());
        ObjectNode nowhere = json.putObject("changes_without_event");
        for (UnmappedReason reason : UnmappedReason.values()) {
            nowhere.put(reason.name().toLowerCase(Locale.ROOT), unmapped.count(reason));
        }
        json.putObject("names_outside_the_standards")
                .put("refused", names.isStrict())
                .put("channels", names.channels())
                .put("events", names.events());
        HubCounts counts = hub.counts();
        json.putObject("hub")
                .put("channels", counts.channels())
                .put("subscriptions", counts.subscriptions())
                .put("published", counts.published())
                .put("broadcast", counts.broadcast())
                .put("delivered", counts.delivered())
                .put("backlog_bytes", counts.backlogBytes());
        return json.toString();
    }
}
