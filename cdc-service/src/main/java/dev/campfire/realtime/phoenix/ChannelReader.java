package dev.campfire.realtime.phoenix;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.access.Extension;
import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.changes.MissedChange;
import dev.campfire.realtime.channel.ChannelKey;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.journal.JournalEntry;
import dev.campfire.realtime.journal.JournalReader;
import dev.campfire.realtime.journal.ReadPoint;
import dev.campfire.realtime.journal.Selection;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.Position;
import dev.campfire.realtime.vocabulary.ChannelNames;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what was said on a channel, for those who ask for it page by page and hold no socket. Who may, and what of it they
 * see, is what it would be had they joined and resumed. Safe for use by several threads; does not block.
 */
public final class ChannelReader {

    private static final Logger LOG = LoggerFactory.getLogger(ChannelReader.class);

    /** How many changes are read and judged at a time. */
    private static final int PAGE = 256;

    /** For one answer no more pages than this are read, and none behind so many bytes: who asks may ask again. */
    private static final int MOST_PAGES = 16;

    private static final long MOST_BYTES = 4L << 20;

    /** For longer than that nobody waits for those who read at the same time. */
    private static final Duration TURN = Duration.ofSeconds(5);

    private final ChannelServices services;
    private final SessionLimits limits;

    public ChannelReader(ChannelServices services, SessionLimits limits) {
        this.services = services;
        this.limits = limits;
    }

    /**
     * What is asked for.
     *
     * @param channel the channel's name, without {@code realtime:}
     * @param isPrivate which side of it, where it has two
     * @param token the caller's
     * @param headers the {@code x-*} headers of the request, as a JSON object: policies see them
     * @param from behind what
     * @param most how many events at most
     */
    public record Request(String channel, boolean isPrivate, String token, String headers, From from, int most) {

        /** Leaves the token out. */
        @Override
        public String toString() {
            return "Request[channel=" + channel + ", isPrivate=" + isPrivate + ", from=" + from + ", most=" + most
                    + "]";
        }
    }

    /** Where reading begins. */
    public sealed interface From {
        /** With the oldest that is kept. */
        record Oldest() implements From {}

        /** Behind the event with this id. */
        record After(String id) implements From {}

        /** Behind everything: nothing is read, and it is told where that is. */
        record Latest() implements From {}
    }

    /** What came of it. */
    public sealed interface Outcome {
        /**
         * @param events in order; fewer than was asked for, or none, also when there are more: some may be withheld
         * @param next the id to go on behind; null when there is nothing to go on from
         * @param isRecovered false when something is missing between where reading was to begin and the first event: it has
         *     begun with the oldest that is kept
         * @param isAtEnd whether there was nothing more when it was read
         * @param oldest the oldest id that could be gone on from; null when there is none
         * @param newest the newest id; null when there is none
         */
        record Read(
                List<PastEvent> events,
                @Nullable String next,
                boolean isRecovered,
                boolean isAtEnd,
                @Nullable String oldest,
                @Nullable String newest)
                implements Outcome {}

        record Refused(Refusal refusal) implements Outcome {}
    }

    /** Reads on, on threads of its own. */
    public CompletionStage<Outcome> read(Request request) {
        // A poll says of itself what a join would.
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.putObject("config").put("private", request.isPrivate());
        ClientMessage.Push push =
                new ClientMessage.Push(Ref.NONE, Ref.NONE, TopicName.of(request.channel()), "phx_join", null);
        JoinRequest join = JoinRequest.of(config, request.channel(), ChannelNames.isProtected(request.channel()));
        return switch (new JoinChecks(services, () -> true, request.token()).check(push, join, 0)) {
            case JoinChecks.Decision.Refused(String reason, var closing) ->
                CompletableFuture.completedFuture(refused(reason));
            case JoinChecks.Decision.Passed(JoinAttempt attempt) -> permit(attempt, request);
        };
    }

    private static Outcome refused(String reason) {
        return new Outcome.Refused(Refusal.of(reason));
    }

    private CompletionStage<Outcome> permit(JoinAttempt attempt, Request request) {
        if (!attempt.needsDatabase()) {
            return readSoon(attempt, request);
        }
        return services.readiness()
                .ready()
                .toCompletableFuture()
                .copy()
                .orTimeout(limits.joining().toMillis(), TimeUnit.MILLISECONDS)
                .thenCompose(nothing -> isPermitted(attempt, request))
                .thenCompose(may -> may
                        ? readSoon(attempt, request)
                        : CompletableFuture.completedFuture(refused(AuthorityReasons.unauthorized(request.channel()))))
                .exceptionally(failure -> refused(AuthorityReasons.ofJoin(failure, request.channel())));
    }

    private CompletionStage<Boolean> isPermitted(JoinAttempt attempt, Request request) {
        return new JoinPermission(services).ask(attempt, request.headers()).thenApply(granted -> granted.readable()
                .contains(Extension.BROADCAST));
    }

    private CompletionStage<Outcome> readSoon(JoinAttempt attempt, Request request) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        Thread.ofVirtual().name("read-channel").start(() -> {
            try {
                outcome.complete(new Reading(attempt, request).run());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                outcome.completeExceptionally(e);
            } catch (SQLException | IOException e) {
                LOG.warn("A channel could not be read: {}", String.valueOf(e.getMessage()));
                LOG.debug("What lies behind it:", e);
                outcome.complete(refused(AuthorityReasons.UNREACHABLE));
            } catch (RuntimeException e) {
                outcome.completeExceptionally(new CompletionException(e));
            }
        });
        return outcome;
    }

    /** One answer while it is collected, on a thread that may block. */
    private final class Reading {
        private final JournalReader journal = services.resume().journal();
        private final Request request;
        private final Viewer viewer;
        private final Selection selection;
        private final List<PastEvent> events = new ArrayList<>();
        private long bytes;

        Reading(JoinAttempt attempt, Request request) {
            this.request = request;
            this.viewer = Viewer.of(attempt.claims());
            this.selection =
                    Selection.channel(attempt.key().name(), attempt.key().side() != ChannelKey.Side.PUBLIC);
        }

        Outcome run() throws IOException, SQLException, InterruptedException {
            return switch (request.from()) {
                case From.Latest latest ->
                    outcome(events, journal.id(services.resume().now()), true, true);
                case From.Oldest oldest -> readFrom(journal.oldest(), null);
                case From.After(String id) -> {
                    Optional<ReadPoint> point = journal.after(id);
                    yield point.isPresent() ? readFrom(point.get(), id) : lost();
                }
            };
        }

        private Outcome lost() throws IOException, SQLException, InterruptedException {
            Outcome.Read read = readFrom(journal.oldest(), null);
            return new Outcome.Read(read.events(), read.next(), false, read.isAtEnd(), read.oldest(), read.newest());
        }

        /** @param after the id that stands for the point; null for none */
        private Outcome.Read readFrom(ReadPoint from, @Nullable String after)
                throws IOException, SQLException, InterruptedException {
            ReadPoint point = from;
            boolean isAtEnd = false;
            for (int pages = 0; pages < MOST_PAGES && hasRoom() && !isAtEnd; pages++) {
                JournalReader.Page page = readPage(point);
                point = page.next();
                isAtEnd = page.isAtEnd();
            }
            boolean isCut = events.size() > request.most();
            List<PastEvent> told = isCut ? events.subList(0, request.most()) : events;
            String next = isCut ? told.getLast().position() : journal.id(point);
            // Retention says what it takes before it takes it: when the id is good still, nothing was missing.
            boolean isRecovered = after == null || isGood(after) || isToldByNext(next);
            return outcome(told, next, isRecovered, isAtEnd && !isCut);
        }

        private boolean isGood(String id) throws IOException {
            return journal.after(id).isPresent();
        }

        /**
         * Whether the next question is answered with that something is missing. When another stretch has begun meanwhile, nothing is
         * between what was asked for and what was read, and what is missing lies behind both.
         */
        private boolean isToldByNext(@Nullable String next) throws IOException {
            return next != null && !isGood(next);
        }

        private boolean hasRoom() {
            return events.size() < request.most() && bytes < MOST_BYTES;
        }

        private JournalReader.Page readPage(ReadPoint from) throws IOException, SQLException, InterruptedException {
            return services.resume().inTurn(TURN, () -> readNow(from));
        }

        private JournalReader.Page readNow(ReadPoint from) throws IOException, SQLException, InterruptedException {
            JournalReader.Page page = journal.read(selection, from, Math.min(PAGE, request.most() - events.size()));
            List<MissedChange> missed = new ArrayList<>(page.entries().size());
            Map<Position, Event> known = new HashMap<>();
            for (JournalEntry entry : page.entries()) {
                missed.add(new MissedChange(entry.change(), entry.events(), false));
                entry.events().forEach(event -> known.put(event.position(), event));
            }
            services.resume().retelling().retell(missed, viewer, null).forEach(message -> add(message, known));
            return page;
        }

        private void add(Message message, Map<Position, Event> known) {
            Event event = message.position() == null ? null : known.get(message.position());
            if (event != null && message instanceof Message.Broadcast broadcast) {
                events.add(new PastEvent(broadcast, event.sequence(), event.commitTime()));
                bytes += broadcast.size();
            }
        }

        private Outcome.Read outcome(List<PastEvent> told, @Nullable String next, boolean isRecovered, boolean isAtEnd)
                throws IOException {
            return new Outcome.Read(
                    List.copyOf(told), next, isRecovered, isAtEnd, journal.oldestId(), journal.id(journal.end()));
        }
    }
}
