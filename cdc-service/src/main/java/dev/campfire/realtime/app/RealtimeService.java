package dev.campfire.realtime.app;

import dev.campfire.realtime.access.LegacyChannels;
import dev.campfire.realtime.access.MessagesAuthority;
import dev.campfire.realtime.access.VisibleConversations;
import dev.campfire.realtime.access.rows.FootprintReader;
import dev.campfire.realtime.access.rows.PolicyVisibility;
import dev.campfire.realtime.backfill.Backfills;
import dev.campfire.realtime.capture.CaptureStatus;
import dev.campfire.realtime.capture.CaptureSupervisor;
import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.changes.EventLane;
import dev.campfire.realtime.changes.PostgresChangeFeed;
import dev.campfire.realtime.changes.Retelling;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.channel.Presences;
import dev.campfire.realtime.console.CommitLatency;
import dev.campfire.realtime.console.ServiceConsole;
import dev.campfire.realtime.conversations.Conversations;
import dev.campfire.realtime.conversations.Messages;
import dev.campfire.realtime.database.Database;
import dev.campfire.realtime.database.RecentCommits;
import dev.campfire.realtime.identity.Claims;
import dev.campfire.realtime.identity.TokenVerifier;
import dev.campfire.realtime.journal.Journal;
import dev.campfire.realtime.journal.JournalException;
import dev.campfire.realtime.journal.JournalSettings;
import dev.campfire.realtime.journal.MessagesHistory;
import dev.campfire.realtime.journal.ReadPoint;
import dev.campfire.realtime.journal.RocksJournal;
import dev.campfire.realtime.journal.VolatileJournal;
import dev.campfire.realtime.limits.Tenant;
import dev.campfire.realtime.mapping.BroadcastMapping;
import dev.campfire.realtime.mapping.RuleMapping;
import dev.campfire.realtime.mapping.UnmappedChanges;
import dev.campfire.realtime.phoenix.ChannelServices;
import dev.campfire.realtime.phoenix.PhoenixEndpoint;
import dev.campfire.realtime.phoenix.ResumeSource;
import dev.campfire.realtime.replay.JournalDesk;
import dev.campfire.realtime.server.RealtimeServer;
import dev.campfire.realtime.server.Routes;
import dev.campfire.realtime.server.api.BackfillApi;
import dev.campfire.realtime.server.api.ChannelEvents;
import dev.campfire.realtime.server.api.ConsoleApi;
import dev.campfire.realtime.server.api.JournalApi;
import dev.campfire.realtime.server.api.RestApi;
import dev.campfire.realtime.server.pages.Pages;
import dev.campfire.realtime.signals.PresenceEvents;
import dev.campfire.realtime.signals.SignalTimer;
import dev.campfire.realtime.signals.TypingBridge;
import dev.campfire.realtime.vocabulary.NameGuard;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The whole service, wired: Postgres, capture, mapping, journal, hub, connections. Started from the clients' end, so that
 * nothing is read before somebody can receive it, and stopped from there too.
 */
final class RealtimeService implements AutoCloseable {

    /**
     * How much may wait for one event loop before capture is held back, as a part of what may wait for one socket: a
     * client that reads has its share before its outlet counts it as too slow.
     */
    private static final int BACKLOG_SHARE = 4;

    /** The time that the clients have to take their leave; the rest of the five seconds is the engine's. */
    private static final Duration SERVER_CLOSE = Duration.ofMillis(2500);

    private final RealtimeServer server;
    private final CaptureSupervisor capture;
    private final SignalTimer signals = new SignalTimer();
    private final Presences presences;
    private final Database database;
    private final Journal journal;
    private final Backfills backfills;
    private final RuleMapping mapping;
    private final MessagesUpkeep upkeep;
    private final ServiceConsole console;
    private final KeysUpkeep keys;
    private final RightsRefresh rights;
    private final RevocationWatch revocation;
    private final TokenVerifier verifier;
    private final @Nullable MessagesSeed seed;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Opens the journal and wires everything; nothing runs yet but what looks after the journal.
     *
     * @throws JournalException when the journal can't be used as it is
     */
    static RealtimeService of(Settings settings, InstantSource clock) throws JournalException {
        return of(settings, clock, new Pages());
    }

    /** The same, with pages that know more. */
    static RealtimeService of(Settings settings, InstantSource clock, Pages pages) throws JournalException {
        CaptureFeedback feedback = new CaptureFeedback();
        JournalSettings kept = settings.journal();
        Journal journal = kept == null
                ? new VolatileJournal(feedback::acknowledge)
                : RocksJournal.open(
                        kept,
                        settings.capture().database().database(),
                        clock,
                        feedback::acknowledge,
                        feedback::readAgain);
        return new RealtimeService(settings, clock, journal, feedback, pages);
    }

    private RealtimeService(
            Settings settings, InstantSource clock, Journal journal, CaptureFeedback feedback, Pages pages) {
        this.journal = journal;
        Tenant tenant = new Tenant(settings.tenantName(), settings.tenantLimits());
        ChannelHub hub = new ChannelHub(
                ByteBufAllocator.DEFAULT, settings.server().outboundLimit() / BACKLOG_SHARE, tenant.events());
        this.presences = new Presences(
                hub, new PresenceEvents(hub, clock, settings.signals().presenceGrace(), signals));
        this.database = new Database(settings.capture().database(), settings.databasePool());
        RecentCommits commits = new RecentCommits();
        PolicyVisibility visibility =
                new PolicyVisibility(database, settings.capture().publication(), commits);
        PostgresChangeFeed feed =
                new PostgresChangeFeed(hub, database, settings.capture().publication(), visibility, tenant);
        this.rights = new RightsRefresh(visibility);
        EventLane lane = new EventLane(hub, database, visibility);
        MessagesHistory history = new MessagesHistory(database);
        this.upkeep = new MessagesUpkeep(database, settings.upkeep());
        this.keys = new KeysUpkeep(database);
        this.seed =
                settings.seedsDatabase() ? new MessagesSeed(settings.capture().database()) : null;
        AtomicReference<Runnable> historyLost = new AtomicReference<>(() -> {});
        AtomicReference<Consumer<Predicate<Claims>>> rejudge = new AtomicReference<>(suspects -> {});
        this.revocation = new RevocationWatch(
                new FootprintReader(database, settings.capture().publication()),
                suspects -> rejudge.get().accept(suspects),
                () -> commits.areSeen(database));
        NameGuard names =
                new NameGuard(settings.signals().isStrict(), settings.signals().speaksLegacy());
        TypingBridge typing = new TypingBridge(hub, settings.signals().speaksLegacy(), clock, signals);
        LegacyChannels legacyChannels = settings.signals().speaksLegacy()
                ? LegacyChannels.of(new VisibleConversations(database))
                : LegacyChannels.NONE;
        UnmappedChanges unmapped = new UnmappedChanges();
        this.mapping = new RuleMapping(settings.mapping().rules(), unmapped);
        this.backfills = new Backfills(
                settings.capture().database(),
                settings.capture().publication(),
                journal,
                (schema, table) -> mapping.rules().find(schema, table) != null,
                clock);
        LivePath livePath = new LivePath(
                new BroadcastMapping(mapping, unmapped),
                journal,
                lane,
                feed,
                batch -> {
                    visibility.observe(batch.changes(), batch.completeThrough() != 0);
                    batch.changes().forEach(revocation::observe);
                },
                new NamedEvents(names, new BroadcastGate(tenant, history)),
                new TypingTap(typing, legacyChannels, clock),
                () -> historyLost.get().run(),
                backfills.stream());
        CommitLatency latency = new CommitLatency(livePath, clock);
        this.capture = new CaptureSupervisor(settings.capture(), latency, clock, new Random());
        feedback.goesTo(capture);
        this.verifier = new TokenVerifier(settings.tokens(), clock);
        MessagesAuthority authority = new MessagesAuthority(database);
        PhoenixEndpoint phoenix = new PhoenixEndpoint(
                new ChannelServices(
                        hub,
                        presences,
                        verifier,
                        authority,
                        settings.protectedChannels(),
                        names,
                        legacyChannels,
                        typing,
                        history,
                        new ResumeSource(
                                journal.reader(),
                                new Retelling(database, visibility),
                                publishing(livePath, lane, feed)),
                        feed,
                        lane,
                        new StreamReadiness(capture),
                        tenant),
                clock,
                settings.limits());
        rejudge.set(phoenix::rejudge);
        historyLost.set(phoenix::historyLost);
        Routes.Builder routes = Routes.withHealth(
                new ServiceHealth(capture::status, journal::status, livePath::duplicates, unmapped, hub, names));
        new RestApi(
                        hub,
                        verifier,
                        authority,
                        settings.protectedChannels(),
                        names,
                        legacyChannels,
                        typing,
                        tenant,
                        new Messages(database, settings.protectedChannels()),
                        new Conversations(database, authority, settings.protectedChannels()),
                        clock,
                        () -> capture.status().isStreaming(),
                        phoenix::disconnectAll,
                        settings.scrapers() == null ? null : new TokenVerifier(settings.scrapers(), clock),
                        new ServiceMetrics(hub, names, tenant, feed, lane, capture::status)::text)
                .addTo(routes);
        new ChannelEvents(phoenix.reader()).addTo(routes);
        this.console = new ServiceConsole(
                new ServiceConsole.Parts(hub, tenant, lane, feed, unmapped, latency, capture::status, journal::status),
                database,
                settings.capture().slot(),
                this::connections,
                clock);
        new ConsoleApi(verifier, console).addTo(routes);
        pages.addTo(routes);
        new JournalApi(new JournalDesk(journal.archive(), journal::status, lane), verifier).addTo(routes);
        new BackfillApi(backfills, verifier).addTo(routes);
        this.server = new RealtimeServer(settings.server(), hub, verifier, tenant, phoenix, routes.build());
    }

    private ResumeSource.LivePublishing publishing(LivePath livePath, EventLane lane, PostgresChangeFeed feed) {
        return new ResumeSource.LivePublishing() {
            @Override
            public boolean isCaughtUp() {
                return livePath.isCaughtUp() && lane.isQuiet() && feed.isQuiet();
            }

            @Override
            public ResumeSource.Keeping keeping() {
                if (livePath.isKept()) {
                    return ResumeSource.Keeping.ALL;
                }
                return journal.isFailing() ? ResumeSource.Keeping.NOTHING : ResumeSource.Keeping.LATER;
            }

            @Override
            public ReadPoint published() {
                ChangeId newest = livePath.published();
                return newest == null
                        ? journal.reader().end()
                        : journal.reader().behind(newest);
            }
        };
    }

    /**
     * Starts, and returns when clients can connect; capture goes on starting by itself.
     *
     * @return the port that is listened on
     * @throws IOException when the port can't be listened on
     */
    int start() throws IOException, InterruptedException {
        int port = server.start();
        backfills.start();
        capture.start();
        if (seed != null) {
            seed.start();
        }
        upkeep.start();
        console.start();
        keys.start();
        rights.start();
        revocation.start();
        verifier.start();
        return port;
    }

    private int connections() {
        return server.connections();
    }

    /** Maps changes to events; its rules may be replaced at any time. */
    RuleMapping mapping() {
        return mapping;
    }

    /** Waits until changes are read; false when that takes longer. */
    boolean awaitStreaming(Duration patience) throws InterruptedException {
        return capture.awaitStreaming(patience);
    }

    CaptureStatus captureStatus() {
        return capture.status();
    }

    /** Stops accepting, tells the sockets, ends the engine, acknowledges what is done: in less than five seconds. */
    @Override
    public void close() throws InterruptedException {
        if (closed.compareAndSet(false, true)) {
            ClosingInOrder.of(
                    () -> server.close(SERVER_CLOSE),
                    backfills::close,
                    // What is durable by now is acknowledged with the stream's last word.
                    journal::sync,
                    capture::close,
                    journal::close,
                    () -> {
                        if (seed != null) {
                            seed.close();
                        }
                    },
                    upkeep::close,
                    console::close,
                    keys::close,
                    rights::close,
                    revocation::close,
                    verifier::close,
                    presences::close,
                    signals::close,
                    database::close);
        }
    }
}
