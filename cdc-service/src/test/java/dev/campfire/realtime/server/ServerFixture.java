package dev.campfire.realtime.server;

import dev.campfire.realtime.access.ChannelAuthority;
import dev.campfire.realtime.access.ChannelUser;
import dev.campfire.realtime.access.Extension;
import dev.campfire.realtime.access.LegacyChannels;
import dev.campfire.realtime.access.ProtectedChannels;
import dev.campfire.realtime.backfill.Backfills;
import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.capture.DatabaseSettings;
import dev.campfire.realtime.changes.NothingToSubscribe;
import dev.campfire.realtime.changes.OpenLanes;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.channel.Presences;
import dev.campfire.realtime.conversations.Conversations;
import dev.campfire.realtime.conversations.Messages;
import dev.campfire.realtime.database.Database;
import dev.campfire.realtime.identity.TokenMinter;
import dev.campfire.realtime.identity.TokenVerifier;
import dev.campfire.realtime.journal.BroadcastHistory;
import dev.campfire.realtime.journal.VolatileJournal;
import dev.campfire.realtime.limits.Tenant;
import dev.campfire.realtime.limits.TenantLimits;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.Position;
import dev.campfire.realtime.phoenix.ChannelServices;
import dev.campfire.realtime.phoenix.KeptPublishing;
import dev.campfire.realtime.phoenix.PhoenixEndpoint;
import dev.campfire.realtime.phoenix.Readiness;
import dev.campfire.realtime.phoenix.ResumeSource;
import dev.campfire.realtime.phoenix.SessionLimits;
import dev.campfire.realtime.replay.JournalDesk;
import dev.campfire.realtime.server.api.BackfillApi;
import dev.campfire.realtime.server.api.ChannelEvents;
import dev.campfire.realtime.server.api.ConsoleApi;
import dev.campfire.realtime.server.api.ConsoleSource;
import dev.campfire.realtime.server.api.JournalApi;
import dev.campfire.realtime.server.api.RestApi;
import dev.campfire.realtime.server.pages.Pages;
import dev.campfire.realtime.signals.TypingBridge;
import dev.campfire.realtime.vocabulary.NameGuard;
import io.netty.buffer.ByteBufAllocator;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** A server on a free port, with short times and small limits, and what is needed to talk to it. */
final class ServerFixture implements AutoCloseable {

    private static final Duration CLOSE_GRACE = Duration.ofMillis(500);
    private static final String SECRET = "a secret that is only used by these tests";

    /** What may wait for one socket before its client is too slow. */
    static final int OUTBOUND_LIMIT = 100_000;

    final ChannelHub hub = new ChannelHub(ByteBufAllocator.DEFAULT, 1 << 26);
    final Tenant tenant = new Tenant("test", TenantLimits.DEFAULT);
    /** Who may send on private channels; nobody, until a test says otherwise. */
    volatile ChannelAuthority authority = ChannelAuthority.DENY_ALL;

    /** Whatever is asked of it fails; what is not worth a question is answered without it. */
    private static final DatabaseSettings NOWHERE =
            new DatabaseSettings("127.0.0.1", 1, "none", "none", "none", Map.of("connectTimeout", "1"));

    private final Database nowhere = new Database(NOWHERE, 1);

    private final Presences presences = new Presences(hub);
    private final TypingBridge typing = new TypingBridge(hub, false, InstantSource.system(), (task, delay) -> {});
    final HttpClient http = HttpClient.newHttpClient();
    private final TokenVerifier verifier;
    private final PhoenixEndpoint phoenix;
    final RealtimeServer server;
    final int port;
    /** About how many bytes of long answers have been written, and how many were ended in the middle. */
    final AtomicLong longBytes = new AtomicLong();

    final AtomicLong longInterrupted = new AtomicLong();
    volatile Optional<String> notReady = Optional.empty();
    private final TokenMinter minter = new TokenMinter(SECRET, InstantSource.system());

    ServerFixture() throws Exception {
        this(Duration.ofMinutes(1), Duration.ofMinutes(1));
    }

    ServerFixture(Duration requestTimeout, Duration idleTimeout) throws Exception {
        this(requestTimeout, idleTimeout, CLOSE_GRACE, SocketLimits.DEFAULT, null);
    }

    /** One that waits so long for those who are told that their socket ends. */
    static ServerFixture withCloseGrace(Duration closeGrace) throws Exception {
        return new ServerFixture(Duration.ofMinutes(1), Duration.ofMinutes(1), closeGrace, SocketLimits.DEFAULT, null);
    }

    ServerFixture(SocketLimits sockets, TlsFiles tls) throws Exception {
        this(Duration.ofMinutes(1), Duration.ofMinutes(1), CLOSE_GRACE, sockets, tls);
    }

    private ServerFixture(
            Duration requestTimeout, Duration idleTimeout, Duration closeGrace, SocketLimits sockets, TlsFiles tls)
            throws Exception {
        InstantSource clock = InstantSource.system();
        verifier = new TokenVerifier(List.of(SECRET), clock);
        phoenix = new PhoenixEndpoint(
                new ChannelServices(
                        hub,
                        presences,
                        verifier,
                        ChannelAuthority.DENY_ALL,
                        ProtectedChannels.NONE,
                        new NameGuard(false, false),
                        LegacyChannels.NONE,
                        typing,
                        BroadcastHistory.EMPTY,
                        new ResumeSource(new VolatileJournal(lsn -> {}), OpenLanes.retelling(), new KeptPublishing()),
                        new NothingToSubscribe(),
                        OpenLanes.on(hub),
                        Readiness.NOW,
                        tenant),
                clock,
                SessionLimits.DEFAULT);
        ServerSettings settings = new ServerSettings(
                "127.0.0.1",
                0,
                Transport.AUTO,
                2,
                1_000,
                requestTimeout,
                idleTimeout,
                closeGrace,
                200_000,
                true,
                10_000,
                4096,
                Duration.ofMillis(400),
                Duration.ofMillis(400),
                sockets,
                tls,
                OUTBOUND_LIMIT);
        server = new RealtimeServer(settings, hub, verifier, tenant, phoenix, routes());
        port = server.start();
    }

    Routes routes() {
        ChannelAuthority asked = new ChannelAuthority() {
            @Override
            public CompletionStage<Set<Extension>> readable(ChannelUser user, Set<Extension> extensions) {
                return authority.readable(user, extensions);
            }

            @Override
            public CompletionStage<Boolean> isWritable(ChannelUser user, Extension extension) {
                return authority.isWritable(user, extension);
            }
        };
        Routes.Builder routes = table();
        new RestApi(
                        hub,
                        verifier,
                        asked,
                        ProtectedChannels.NONE,
                        new NameGuard(false, false),
                        LegacyChannels.NONE,
                        typing,
                        tenant,
                        new Messages(nowhere, ProtectedChannels.NONE),
                        new Conversations(nowhere, asked, ProtectedChannels.NONE),
                        InstantSource.system(),
                        () -> true,
                        phoenix::disconnectAll,
                        verifier,
                        () -> "figures 1")
                .addTo(routes);
        new ChannelEvents(phoenix.reader()).addTo(routes);
        new ConsoleApi(verifier, console).addTo(routes);
        new Pages().addTo(routes);
        VolatileJournal nothing = new VolatileJournal(lsn -> {});
        new JournalApi(new JournalDesk(nothing.archive(), nothing::status, OpenLanes.on(hub)), verifier).addTo(routes);
        new BackfillApi(
                        new Backfills(
                                NOWHERE,
                                "nothing",
                                new VolatileJournal(lsn -> {}),
                                (schema, table) -> true,
                                InstantSource.system()),
                        verifier)
                .addTo(routes);
        return routes.build();
    }

    private Routes.Builder table() {
        return Routes.withHealth(new Health() {
                    @Override
                    public Optional<String> notReadyBecause() {
                        return notReady;
                    }

                    @Override
                    public String details() {
                        return "{\"capture\":\"streaming\"}";
                    }
                })
                .post(
                        "/echo/:name",
                        call -> CompletableFuture.supplyAsync(() -> HttpAnswer.text(
                                202,
                                call.pathParameters().get("name") + new String(call.body(), StandardCharsets.UTF_8))))
                .get("/broken", call -> CompletableFuture.failedFuture(new IllegalStateException("as it should")))
                .get("/never", call -> new CompletableFuture<>())
                .get(
                        "/long/:lines",
                        call -> CompletableFuture.completedFuture(HttpAnswer.written(200, "text/plain", out -> {
                            try {
                                long lines =
                                        Long.parseLong(call.pathParameters().get("lines"));
                                for (long i = 0; i < lines; i++) {
                                    out.write((i + "\n").getBytes(StandardCharsets.UTF_8));
                                    longBytes.addAndGet(8);
                                }
                            } catch (InterruptedException e) {
                                longInterrupted.incrementAndGet();
                                throw e;
                            }
                        })))
                .get(
                        "/torn",
                        call -> CompletableFuture.completedFuture(HttpAnswer.written(200, "text/plain", out -> {
                            out.write("begun".getBytes(StandardCharsets.UTF_8));
                            out.flush();
                            throw new java.io.IOException("as it should");
                        })));
    }

    /** What the console is told: what it asked. */
    private final ConsoleSource console = new ConsoleSource() {
        @Override
        public String snapshot(long after) {
            return "{\"after\":" + after + "}";
        }

        @Override
        public String channels(String search, int limit) {
            return "{\"search\":\"" + search + "\",\"limit\":" + limit + "}";
        }
    };

    /** A second server of the same kind, not started. */
    RealtimeServer another(ServerSettings settings) {
        return new RealtimeServer(settings, hub, verifier, tenant, phoenix, routes());
    }

    String token() {
        return token(Duration.ofHours(1));
    }

    String token(Duration lifetime) {
        return minter.mint("anon", null, Map.of(), lifetime);
    }

    String tokenOf(String role) {
        return minter.mint(role, null, Map.of(), Duration.ofHours(1));
    }

    TestSocket open(String version) {
        return TestSocket.open(http, port, "/realtime/v1/websocket?apikey=" + token() + "&vsn=" + version);
    }

    static Event event(String channel, String payload) {
        Position position = new Position(new ChangeId(1, 2, 3), 0);
        return new Event(
                position, channel, "message:created", Instant.EPOCH, payload.getBytes(StandardCharsets.UTF_8), null);
    }

    @Override
    public void close() throws InterruptedException {
        server.close(Duration.ofSeconds(5));
        http.close();
        nowhere.close();
    }
}
