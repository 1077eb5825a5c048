package dev.campfire.realtime.support;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.awaitility.core.ConditionTimeoutException;

/** A channel of a supabase-js client: what it received, and what its subscription went through. */
public final class SupabaseChannel {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final SupabaseClient client;
    private final String name;
    private final ConcurrentLinkedQueue<Delivery> deliveries = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Change> changes = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<JsonNode> presences = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> statuses = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<JsonNode> systemMessages = new ConcurrentLinkedQueue<>();

    SupabaseChannel(SupabaseClient client, String name) {
        this.client = client;
        this.name = name;
    }

    /**
     * A row change that a listener of {@code postgres_changes} was called with.
     *
     * @param binding which of the listeners, in the order in which they were given
     */
    public record Change(int binding, String event, JsonNode newRow, JsonNode oldRow, JsonNode errors, JsonNode all) {
        static Change of(JsonNode line) {
            JsonNode change = line.path("change");
            return new Change(
                    line.path("binding").asInt(),
                    change.path("eventType").asText(),
                    change.path("new"),
                    change.path("old"),
                    change.path("errors"),
                    change);
        }
    }

    void accept(JsonNode line) {
        switch (line.path("type").asText()) {
            case "message" ->
                deliveries.add(
                        Delivery.of(name, line.path("message"), line.path("at").asDouble()));
            case "change" -> changes.add(Change.of(line));
            case "presence" -> presences.add(line);
            case "system" -> systemMessages.add(line.path("payload"));
            case "status" -> {
                if (!line.path("error").isNull()) {
                    errors.add(line.path("error").asText());
                }
                statuses.add(line.path("status").asText());
            }
            default -> throw new IllegalStateException(line.toString());
        }
    }

    public List<Delivery> deliveries() {
        return List.copyOf(deliveries);
    }

    public int deliveryCount() {
        return deliveries.size();
    }

    public List<Change> changes() {
        return List.copyOf(changes);
    }

    /** Returns what came when at least so many row changes have. */
    public List<Change> awaitChanges(int count) {
        return awaitThat(count + " changes", channel -> channel.changes.size() >= count, PATIENCE)
                .changes();
    }

    /** Returns the first call of a presence listener that fits. */
    public JsonNode awaitPresence(String what, Predicate<JsonNode> fits) {
        awaitThat(what, channel -> channel.presences.stream().anyMatch(fits), PATIENCE);
        return presences.stream().filter(fits).findFirst().orElseThrow();
    }

    /** Returns the first {@code system} message with this text. */
    public JsonNode awaitSystem(String message) {
        Predicate<JsonNode> fits = system -> system.path("message").asText().equals(message);
        awaitThat(
                "system: " + message, channel -> channel.systemMessages.stream().anyMatch(fits), PATIENCE);
        return systemMessages.stream().filter(fits).findFirst().orElseThrow();
    }

    /** The names of the events received so far. */
    public List<String> events() {
        return deliveries.stream().map(Delivery::event).toList();
    }

    /** SUBSCRIBED, CHANNEL_ERROR, TIMED_OUT, CLOSED, in the order in which supabase-js said them. */
    public List<String> statuses() {
        return List.copyOf(statuses);
    }

    /** The texts of the errors that came with statuses. */
    public List<String> errors() {
        return List.copyOf(errors);
    }

    public List<JsonNode> systemMessages() {
        return List.copyOf(systemMessages);
    }

    public SupabaseChannel awaitSubscribed() {
        return awaitStatus("SUBSCRIBED");
    }

    /** Returns when supabase-js has reported this status at least once. */
    public SupabaseChannel awaitStatus(String status) {
        return awaitThat(status, channel -> channel.statuses.contains(status), PATIENCE);
    }

    /** Returns when supabase-js has reported SUBSCRIBED so many times. */
    public SupabaseChannel awaitSubscribedTimes(int times, Duration patience) {
        return awaitThat(
                "SUBSCRIBED " + times + " times",
                channel ->
                        channel.statuses.stream().filter("SUBSCRIBED"::equals).count() >= times,
                patience);
    }

    /** Returns what came when at least so many messages have. */
    public List<Delivery> awaitDeliveries(int count) {
        return awaitDeliveries(count, PATIENCE);
    }

    public List<Delivery> awaitDeliveries(int count, Duration patience) {
        return awaitThat(count + " messages", channel -> channel.deliveries.size() >= count, patience)
                .deliveries();
    }

    /** Returns the first delivery of this event. */
    public Delivery awaitEvent(String event) {
        return awaitDelivery(event, delivery -> delivery.event().equals(event));
    }

    /** Returns the first delivery that fits. */
    public Delivery awaitDelivery(String what, Predicate<Delivery> fits) {
        awaitThat(what, channel -> channel.deliveries.stream().anyMatch(fits), PATIENCE);
        return deliveries.stream().filter(fits).findFirst().orElseThrow();
    }

    private SupabaseChannel awaitThat(String what, Predicate<SupabaseChannel> condition, Duration patience) {
        try {
            await().atMost(patience).pollInterval(Duration.ofMillis(10)).until(() -> condition.test(this));
        } catch (ConditionTimeoutException e) {
            String state = "; statuses " + statuses + ", errors " + errors + ", system " + systemMessages + ", "
                    + deliveries.size() + " messages "
                    + events().stream().limit(20).toList() + ", changes "
                    + changes.stream().limit(20).toList() + ", presences "
                    + presences.stream().limit(20).toList();
            throw new AssertionError("no " + what + " on " + name + " within " + patience + state, e);
        }
        return this;
    }

    /** Sends a broadcast; returns what supabase-js answers: {@code ok}, {@code timed out} or {@code error}. */
    public String send(String event, Object payload) {
        return client.call("send", Map.of("name", name, "event", event, "payload", payload))
                .asText();
    }

    /** Says that this client is present; returns what supabase-js answers. */
    public String track(Object payload) {
        return client.call("track", Map.of("name", name, "payload", payload)).asText();
    }

    public String untrack() {
        return client.call("untrack", Map.of("name", name)).asText();
    }

    /** Sends a broadcast over HTTP. */
    public JsonNode httpSend(String event, Object payload) {
        return client.call("httpSend", Map.of("name", name, "event", event, "payload", payload));
    }

    /** Leaves, as {@code supabase.removeChannel} does. */
    public String unsubscribe() {
        return client.call("unsubscribe", Map.of("name", name)).asText();
    }
}
