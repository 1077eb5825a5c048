package dev.campfire.realtime.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.capture.CaptureStatus;
import dev.campfire.realtime.changes.EventLane;
import dev.campfire.realtime.changes.PostgresChangeFeed;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.channel.HubCounts;
import dev.campfire.realtime.database.Database;
import dev.campfire.realtime.journal.JournalStatus;
import dev.campfire.realtime.limits.Tenant;
import dev.campfire.realtime.mapping.UnmappedChanges;
import dev.campfire.realtime.mapping.UnmappedReason;
import dev.campfire.realtime.server.api.ConsoleSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What the console is told: how everything is now, and the samples that it has not got. An answer has a bounded size, however many
 * channels and connections there are. Safe for use by several threads.
 */
public final class ServiceConsole implements ConsoleSource, AutoCloseable {

    /** So many lines of what was withheld. */
    private static final int WITHHELD_LINES = 50;

    private final Parts parts;
    private final Instant started;
    private final SlotWatch slot;
    private final WithheldLog withheld;
    private final Sampler sampler;

    /** What the console looks at. */
    public record Parts(
            ChannelHub hub,
            Tenant tenant,
            EventLane lane,
            PostgresChangeFeed feed,
            UnmappedChanges unmapped,
            CommitLatency latency,
            Supplier<CaptureStatus> capture,
            Supplier<JournalStatus> journal) {}

    /**
     * @param slotName the replication slot's
     * @param connections how many there are now
     */
    public ServiceConsole(
            Parts parts, Database database, String slotName, IntSupplier connections, InstantSource clock) {
        this.parts = parts;
        this.started = clock.instant();
        this.slot = new SlotWatch(database, slotName, clock);
        this.withheld = new WithheldLog(
                List.of(
                        new WithheldLog.Lane("broadcast", parts.lane().withheldChanges()),
                        new WithheldLog.Lane("postgres_changes", parts.feed().withheldChanges())),
                clock);
        this.sampler = new Sampler(parts.hub(), connections, parts.latency(), slot, withheld, clock);
    }

    /** Begins to take samples. */
    public void start() {
        sampler.start();
    }

    @Override
    public String snapshot(long after) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("started", started.toString());
        counts(json.putObject("counts"));
        capture(json.putObject("capture"));
        slot(json.putObject("slot"));
        journal(json.putObject("journal"));
        withheld.addTo(json.putArray("withheld"), WITHHELD_LINES);
        ArrayNode unmapped = json.putArray("unmapped");
        for (UnmappedReason reason : UnmappedReason.values()) {
            long count = parts.unmapped().count(reason);
            if (count > 0) {
                unmapped.addObject().put("reason", reason.text()).put("count", count);
            }
        }
        samples(json.putObject("samples"), sampler.history().after(after));
        return json.toString();
    }

    @Override
    public String channels(String search, int limit) {
        return ChannelTable.of(parts.hub().subscribers(), search, limit).toString();
    }

    private void counts(ObjectNode json) {
        HubCounts counts = parts.hub().counts();
        json.put("users", parts.tenant().users())
                .put("channels", counts.channels())
                .put("subscriptions", counts.subscriptions())
                .put("audiences", parts.feed().audiences())
                .put("published", counts.published())
                .put("broadcast", counts.broadcast())
                .put("delivered", counts.delivered())
                .put("backlog_bytes", counts.backlogBytes());
    }

    private void capture(ObjectNode json) {
        CaptureStatus status = parts.capture().get();
        json.put("state", status.state().name().toLowerCase(Locale.ROOT))
                .put("since", status.since().toString())
                .put("problem", status.problem())
                .put("remedy", status.remedy())
                .put("history_lost", status.historyLost());
    }

    private void slot(ObjectNode json) {
        SlotWatch.Look look = slot.look();
        json.put("name", slot.slot());
        json.put("problem", look.problem());
        json.put("asked", look.at() == null ? null : look.at().toString());
        SlotState state = look.state();
        if (state != null) {
            json.put("active", state.active())
                    .put("confirmed_lsn", state.confirmed())
                    .put("restart_lsn", state.restart())
                    .put("current_lsn", state.current())
                    .put("lag_bytes", state.lagBytes())
                    .put("wal_status", state.walStatus())
                    .put("safe_wal_size", state.safeWalSize());
        }
    }

    private void journal(ObjectNode json) {
        JournalStatus status = parts.journal().get();
        json.put("durable", status.isDurable())
                .put("keeping", status.isKeeping())
                .put("problem", status.problem())
                .put("gaps", status.gaps())
                .put("bytes", status.bytes());
        json.put("oldest", status.oldest() == null ? null : status.oldest().toString());
        json.put(
                "complete_since",
                status.era() == null ? null : status.era().begun().toString());
    }

    /** Column by column, as plots take them. */
    private static void samples(ObjectNode json, History.Stretch stretch) {
        json.put("last", stretch.last()).put("interval_ms", Sampler.INTERVAL.toMillis());
        ArrayNode at = json.putArray("at");
        ArrayNode published = json.putArray("published");
        ArrayNode broadcast = json.putArray("broadcast");
        ArrayNode delivered = json.putArray("delivered");
        ArrayNode connections = json.putArray("connections");
        ArrayNode subscriptions = json.putArray("subscriptions");
        ArrayNode median = json.putArray("latency_p50_ms");
        ArrayNode p99 = json.putArray("latency_p99_ms");
        ArrayNode lag = json.putArray("lag_bytes");
        for (Sample sample : stretch.samples()) {
            at.add(sample.at());
            published.add(sample.published());
            broadcast.add(sample.broadcast());
            delivered.add(sample.delivered());
            connections.add(sample.connections());
            subscriptions.add(sample.subscriptions());
            CommitLatency.Summary latency = sample.latency();
            median.add(latency == null ? null : millis(latency.median()));
            p99.add(latency == null ? null : millis(latency.p99()));
            lag.add(sample.lagBytes());
        }
    }

    private static Double millis(Duration duration) {
        return duration.toNanos() / 10_000 / 100.0;
    }

    @Override
    public void close() {
        sampler.close();
    }
}
