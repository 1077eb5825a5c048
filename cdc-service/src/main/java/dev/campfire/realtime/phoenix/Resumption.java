package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.changes.MissedChange;
import dev.campfire.realtime.changes.MissedRows;
import dev.campfire.realtime.changes.Retelling;
import dev.campfire.realtime.channel.ChannelKey;
import dev.campfire.realtime.channel.FrameEncoder;
import dev.campfire.realtime.channel.Subscription;
import dev.campfire.realtime.journal.JournalReader;
import dev.campfire.realtime.journal.ReadPoint;
import dev.campfire.realtime.journal.Selection;
import dev.campfire.realtime.mapping.Position;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a topic that has just been joined from where its client stopped to where the others are: reads the journal page by
 * page on a virtual thread, writes as fast as the client takes it, and lets what has been published meanwhile, and was kept
 * aside, follow: what is in both is left out by its position.
 *
 * <p>The socket's event loop makes it, starts it, cancels it, and does all that touches the topic.
 */
final class Resumption {

    private static final Logger LOG = LoggerFactory.getLogger(Resumption.class);

    /** The first page is small, so that the first events are there soon. */
    static final int FIRST_PAGE = 32;

    private static final int PAGE = 256;

    /** While more than this waits for the client, no further page is read. */
    private static final long MOST_WAITING = 1L << 20;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);
    private static final Duration BETWEEN_REFILLS = Duration.ofMillis(50);
    private static final Duration BETWEEN_SETTLING = Duration.ofMillis(200);

    /** For longer than that nothing waits between the journal and the loops. */
    private static final int MOST_SETTLING = 150;

    private final SocketContext context;
    private final JoinedTopic topic;
    private final ResumeSource.Found found;
    private final CompletionStage<?> firstPage;
    private final Consumer<String> onFailure;
    private final Serializer format;
    private final FrameEncoder encoder;
    private final boolean hasEvents;
    private final @Nullable MissedRows rows;
    private final List<Subscription> held;

    private volatile boolean isOver;
    private volatile boolean isCancelled;
    private volatile @Nullable CompletableFuture<Step> awaited;
    private volatile Viewer viewer;
    private int settling;

    /** What the loop says after a page. */
    private enum Step {
        GO_ON,
        OVER
    }

    /**
     * @param firstPage what is waited for before anything is read, because it reads the same; completes without a failure
     * @param held the topic's subscriptions, which keep aside what is published
     * @param onFailure told why it can't go on; on the loop
     */
    Resumption(
            SocketContext context,
            JoinedTopic topic,
            ResumeSource.Found found,
            CompletionStage<?> firstPage,
            @Nullable MissedRows rows,
            List<Subscription> held,
            Consumer<String> onFailure) {
        this.context = context;
        this.topic = topic;
        this.found = found;
        this.firstPage = firstPage;
        this.rows = rows;
        this.held = held;
        this.onFailure = onFailure;
        this.hasEvents = topic.subscription() != null;
        this.format = context.writer().format();
        this.encoder = format.forTopic(topic.topic());
        this.viewer = Viewer.of(topic.claims());
    }

    void start() {
        Thread.ofVirtual().name("resume").start(this::run);
    }

    /** Whether live messages still wait for what was missed. */
    boolean isRunning() {
        return !isOver;
    }

    /** Ends it; nothing more is written. On the loop. */
    void cancel() {
        isOver = true;
        isCancelled = true;
        CompletableFuture<Step> waiting = awaited;
        if (waiting != null) {
            waiting.complete(Step.OVER);
        }
    }

    private void run() {
        try {
            firstPage.toCompletableFuture().get();
            MissedPages.Walk walk = context.services().resume().pages().walk(selection());
            ReadPoint point = found.point();
            Step step = found.isLiveOnly() ? hand(nothing(point)) : Step.GO_ON;
            for (int size = FIRST_PAGE; step == Step.GO_ON && !isOver; size = PAGE) {
                Written written = next(walk, point, size);
                point = written.page().next();
                step = hand(written);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | SQLException | ExecutionException | RuntimeException e) {
            LOG.warn("A client could not resume: {}", String.valueOf(e.getMessage()));
            LOG.debug("What lies behind it:", e);
            context.onLoop(() -> {
                if (!isOver) {
                    onFailure.accept("Realtime was unable to replay what was missed");
                }
            });
        }
    }

    private Selection selection() throws SQLException {
        Set<Selection.Channel> channels = new HashSet<>();
        if (hasEvents) {
            channels.add(new Selection.Channel(topic.key().name(), topic.key().side() != ChannelKey.Side.PUBLIC));
        }
        Set<Selection.Table> tables = new HashSet<>();
        if (rows != null) {
            rows.tables().forEach(table -> tables.add(new Selection.Table(table.schema(), table.name())));
        }
        return new Selection(channels, tables, false);
    }

    /**
     * A page, and the frames that it became, which belong to whoever has it.
     *
     * @param reachesLive whether there was nothing behind it that had been published before it was read
     */
    private record Written(MissedPage page, ByteBuf frames, boolean reachesLive) {}

    /** For when the journal has nothing to tell. */
    private static Written nothing(ReadPoint point) {
        return new Written(
                MissedPage.of(new JournalReader.Page(List.of(), point, true), MissedPage.Keeping.NOT),
                Unpooled.EMPTY_BUFFER,
                true);
    }

    private Written next(MissedPages.Walk walk, ReadPoint point, int size)
            throws IOException, SQLException, InterruptedException {
        ResumeSource source = context.services().resume();
        ResumeSource.Reading<Written> reading = () -> read(walk, point, size);
        return size == FIRST_PAGE ? source.firstInTurn(reading) : source.inTurn(reading);
    }

    private Written read(MissedPages.Walk walk, ReadPoint point, int size)
            throws IOException, SQLException, InterruptedException {
        ResumeSource source = context.services().resume();
        // Asked before it is read: what is published from now on is kept aside.
        ResumeSource.Keeping keeping = source.keeping();
        Written written = tell(walk, point, size);
        MissedPage page = written.page();
        if (page.isAtEnd() && keeping == ResumeSource.Keeping.NOTHING) {
            written.frames().release();
            if (found.isRecovered() || found.from() != null || !page.isEmpty()) {
                throw new IOException("what was published is not in the journal, which can't be written");
            }
            // It was told that it goes on from nowhere, and what was published since is kept aside for it.
            return nothing(point);
        }
        return new Written(page, written.frames(), page.isAtEnd() && keeping == ResumeSource.Keeping.ALL);
    }

    private Written tell(MissedPages.Walk walk, ReadPoint point, int size)
            throws IOException, SQLException, InterruptedException {
        Retelling retelling = context.services().resume().retelling();
        MissedPage page = walk.read(point, size);
        BitSet told = rows == null ? retelling.told(page.needs(), viewer) : null;
        if (told != null) {
            ByteBuf frames = page.frames(new MissedPage.Wording(format, topic.topic(), told), encoder);
            if (frames != null) {
                return new Written(page, frames, false);
            }
        }
        List<MissedChange> changes = page.changes();
        if (changes == null) {
            page = walk.readWhole(point, size);
            changes = Objects.requireNonNull(page.changes(), "a page that is read whole");
        }
        return new Written(page, MissedPage.encode(retelling.retell(changes, viewer, rows), encoder), false);
    }

    private Step hand(Written written) throws InterruptedException, ExecutionException {
        CompletableFuture<Step> answer = new CompletableFuture<>();
        awaited = answer;
        context.onLoop(() -> write(written, answer), () -> {
            written.frames().release();
            answer.complete(Step.OVER);
        });
        return answer.get();
    }

    private void write(Written written, CompletableFuture<Step> answer) {
        if (isOver) {
            written.frames().release();
            answer.complete(Step.OVER);
            return;
        }
        if (written.frames().isReadable()) {
            context.link().write(written.frames());
            context.link().flush();
        } else {
            written.frames().release();
        }
        viewer = Viewer.of(topic.claims());
        goOn(written, answer);
    }

    private void goOn(Written written, CompletableFuture<Step> answer) {
        if (isOver) {
            answer.complete(Step.OVER);
        } else if (context.link().waiting() > MOST_WAITING) {
            context.link().schedule(BETWEEN_LOOKS, () -> goOn(written, answer));
        } else if (written.page().isAtEnd() && !written.reachesLive()) {
            // The journal is being refilled with what was published.
            context.link().schedule(BETWEEN_REFILLS, () -> answer.complete(Step.GO_ON));
        } else if (written.reachesLive() && goLive(written.page().next())) {
            answer.complete(Step.OVER);
        } else {
            answer.complete(Step.GO_ON);
        }
    }

    /** Lets what was kept aside follow; false when that was too much, so that the journal has to be read further. */
    private boolean goLive(ReadPoint through) {
        if (held.stream().anyMatch(Subscription::isOverfull)) {
            held.forEach(context.hub()::keepAnew);
            return false;
        }
        JournalReader journal = context.services().resume().journal();
        context.hub().release(held, message -> {
            Position position = message.position();
            return position == null || !journal.covers(through, position);
        });
        context.link().flush();
        isOver = true;
        topic.resumed();
        context.link().schedule(BETWEEN_SETTLING, () -> settle(through));
        return true;
    }

    /**
     * What is in the journal already may still be on its way to the loops, so for a while all is looked at; and for as long as
     * it takes where the client has what the journal has lost, for that comes again from the slot.
     */
    private void settle(ReadPoint through) {
        if (isCancelled) {
            return;
        }
        ResumeSource source = context.services().resume();
        boolean isAhead = source.journal().end().compareTo(through) < 0;
        boolean isOnItsWay = !source.isCaughtUp() || !context.hub().isIdle();
        if (isAhead || isOnItsWay && ++settling < MOST_SETTLING) {
            context.link().schedule(BETWEEN_SETTLING, () -> settle(through));
        } else {
            held.forEach(context.hub()::settle);
        }
    }
}
