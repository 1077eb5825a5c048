package dev.campfire.realtime.app;

import dev.campfire.realtime.capture.CaptureStatus;
import dev.campfire.realtime.changes.EventLane;
import dev.campfire.realtime.changes.PostgresChangeFeed;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.limits.Tenant;
import dev.campfire.realtime.vocabulary.NameGuard;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The service in figures, in the format of Prometheus. They are read when they are asked for; nothing is measured twice. */
final class ServiceMetrics {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    ServiceMetrics(
            ChannelHub hub,
            NameGuard names,
            Tenant tenant,
            PostgresChangeFeed feed,
            EventLane lane,
            Supplier<CaptureStatus> capture) {
        gauge(
                "realtime.capture.streaming",
                "1 while changes are read",
                capture,
                status -> status.get().isStreaming() ? 1 : 0);
        gauge("realtime.channels", "Channels with a subscriber", hub, of -> of.counts()
                .channels());
        gauge("realtime.subscriptions", "Subscriptions of channels", hub, of -> of.counts()
                .subscriptions());
        gauge("realtime.backlog.bytes", "What waits for the event loops", hub, of -> of.counts()
                .backlogBytes());
        gauge("realtime.connected.users", "Sockets with a joined channel", tenant, Tenant::users);
        gauge(
                "realtime.changes.audiences",
                "Different postgres_changes subscriptions",
                feed,
                PostgresChangeFeed::audiences);
        gauge("realtime.joins.rate", "Joins per second", tenant, of -> of.joins()
                .perSecond());
        gauge("realtime.events.rate", "Broadcasts per second", tenant, of -> of.events()
                .perSecond());
        counter("realtime.published", "Events of the database", hub, of -> of.counts()
                .published());
        counter(
                "realtime.changes.withheld",
                "Row changes that nobody could be asked about",
                feed,
                PostgresChangeFeed::withheld);
        counter("realtime.events.withheld", "Events that nobody could be asked about", lane, EventLane::withheld);
        counter("realtime.names.channels", "Channels named outside the standards", names, NameGuard::channels);
        counter("realtime.names.events", "Events named outside the standards", names, NameGuard::events);
        counter("realtime.broadcast", "Messages of clients", hub, of -> of.counts()
                .broadcast());
        counter("realtime.delivered", "Copies handed to sockets", hub, of -> of.counts()
                .delivered());
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
    }

    private <T> void gauge(String name, String description, T of, ToDoubleFunction<T> value) {
        Gauge.builder(name, of, value)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    private <T> void counter(String name, String description, T of, ToDoubleFunction<T> value) {
        FunctionCounter.builder(name, of, value).description(description).register(registry);
    }

    String text() {
        return registry.scrape();
    }
}
