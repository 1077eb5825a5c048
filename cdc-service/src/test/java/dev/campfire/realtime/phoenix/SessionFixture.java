package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.ManualClock;
import dev.campfire.realtime.access.LegacyChannels;
import dev.campfire.realtime.access.ProtectedChannels;
import dev.campfire.realtime.changes.OpenLanes;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.channel.Presences;
import dev.campfire.realtime.identity.TokenMinter;
import dev.campfire.realtime.identity.TokenVerifier;
import dev.campfire.realtime.journal.JournalReader;
import dev.campfire.realtime.journal.VolatileJournal;
import dev.campfire.realtime.limits.Tenant;
import dev.campfire.realtime.limits.TenantLimits;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.signals.Later;
import dev.campfire.realtime.signals.PresenceEvents;
import dev.campfire.realtime.signals.TypingBridge;
import dev.campfire.realtime.vocabulary.NameGuard;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;

/** Sessions on one loop of one hub, whose clients type text. */
final class SessionFixture {

    private static final String SECRET = "a secret that is only used by these tests";

    final ManualClock clock = new ManualClock();
    final TokenMinter minter = new TokenMinter(SECRET, clock);
    final ChannelHub hub = new ChannelHub(new UnpooledByteBufAllocator(false), 100_000);
    final KeptPublishing publishing = new KeptPublishing();
    private final Queue<Runnable> loop = new ConcurrentLinkedQueue<>();
    final FakeFeed feed = new FakeFeed();
    final Tenant tenant = new Tenant(
            "test",
            new TenantLimits(
                    100,
                    3,
                    TenantLimits.NONE,
                    TenantLimits.NONE,
                    TenantLimits.NONE,
                    5,
                    Duration.ofSeconds(30),
                    10,
                    TenantLimits.NONE,
                    1_000,
                    1_000,
                    false,
                    false));
    final FakeAuthority authority = new FakeAuthority();
    final List<Event> history = new ArrayList<>();
    CompletableFuture<Void> historyGate = CompletableFuture.completedFuture(null);
    CompletableFuture<Void> ready = CompletableFuture.completedFuture(null);
    private final Queue<Runnable> ticks = new ArrayDeque<>();
    private final FakeLink timer = new FakeLink(clock);
    final TypingBridge typing;
    final NameGuard names;
    final ChannelServices services;
    final PhoenixEndpoint endpoint;

    SessionFixture() {
        this(new VolatileJournal(lsn -> {}));
    }

    /** Sessions that resume from a journal. */
    SessionFixture(JournalReader journal) {
        this(false, false, ProtectedChannels.NONE, LegacyChannels.NONE, journal);
    }

    /** Sessions where policies rule some channels, and old names may be known. */
    static SessionFixture speaking(boolean legacy, ProtectedChannels protectedChannels, LegacyChannels legacyChannels) {
        return new SessionFixture(false, legacy, protectedChannels, legacyChannels, new VolatileJournal(lsn -> {}));
    }

    /** Sessions that are strict about names. */
    static SessionFixture strict() {
        return new SessionFixture(
                true, false, ProtectedChannels.NONE, LegacyChannels.NONE, new VolatileJournal(lsn -> {}));
    }

    private SessionFixture(
            boolean isStrict,
            boolean legacy,
            ProtectedChannels protectedChannels,
            LegacyChannels legacyChannels,
            JournalReader journal) {
        Later later = (task, delay) -> timer.schedule(delay, task);
        LongSupplier nanoTime =
                () -> Duration.between(Instant.EPOCH, clock.instant()).toNanos();
        names = new NameGuard(isStrict, legacy);
        typing = new TypingBridge(hub, legacy, clock, nanoTime, later);
        services = new ChannelServices(
                hub,
                new Presences(
                        (key, message) -> hub.broadcast(key, message, null),
                        (task, delay) -> ticks.add(task),
                        new PresenceEvents(hub, clock, Duration.ofSeconds(3), later)),
                new TokenVerifier(List.of(SECRET), clock),
                authority,
                protectedChannels,
                names,
                legacyChannels,
                typing,
                (topic, since, limit) -> historyGate.thenApply(nothing -> List.copyOf(history)),
                new ResumeSource(journal, OpenLanes.retelling(), publishing, Runnable::run),
                feed,
                OpenLanes.on(hub),
                () -> ready,
                tenant);
        endpoint = new PhoenixEndpoint(
                services, clock, new SessionLimits(20, Duration.ofMinutes(10), Duration.ofSeconds(9)));
    }

    /** A token that is good for a while. */
    String token(String role, Duration lifetime) {
        return minter.mint(role, null, Map.of(), lifetime);
    }

    void allow(String role, String channel) {
        authority.allow(role, channel);
    }

    Client connect(ProtocolVersion version) {
        return connect(version, token("anon", Duration.ofHours(1)));
    }

    Client connect(ProtocolVersion version, String token) {
        FakeLink link = new FakeLink(clock);
        return new Client(endpoint.open(version, false, token, "{}", loop::add, link), link);
    }

    private void runLoop() {
        for (Runnable task = loop.poll(); task != null; task = loop.poll()) {
            task.run();
        }
    }

    /** Lets time pass for what ends by itself. */
    void pass(Duration time) {
        timer.advance(time);
        runLoop();
    }

    /** Lets the presences tell what has changed, and the loop run. */
    void tick() {
        for (Runnable task = ticks.poll(); task != null; task = ticks.poll()) {
            task.run();
        }
        runLoop();
    }

    /** One socket's client. */
    final class Client {
        final PhoenixSession session;
        final FakeLink link;

        Client(PhoenixSession session, FakeLink link) {
            this.session = session;
            this.link = link;
        }

        /** Sends a message, lets the loop run, and gives what came back. */
        List<String> send(String message) {
            session.onText(message.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
            return take();
        }

        List<String> sendHex(String message) {
            session.onBinary(HexFormat.of().parseHex(message));
            return take();
        }

        List<String> take() {
            runLoop();
            return link.take().stream()
                    .map(message -> message.replace('"', '\''))
                    .toList();
        }

        /** Joins with this configuration, as version 2. */
        List<String> join(String topic, String ref, String payload) {
            return send("['" + ref + "','" + ref + "','" + topic + "','phx_join'," + payload + "]");
        }
    }
}
