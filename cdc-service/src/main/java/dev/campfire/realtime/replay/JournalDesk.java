package dev.campfire.realtime.replay;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.changes.EventLane;
import dev.campfire.realtime.journal.Archive;
import dev.campfire.realtime.journal.JournalStatus;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the operator of a running service may ask of its journal. Safe for use by several threads; everything blocks. So
 * many readings, surveys and replays may go on at a time, and no more.
 */
public final class JournalDesk {

    private static final int READINGS = 8;
    private static final int REPLAYS = 2;
    private static final int SURVEYS = 1;

    private final Archive archive;
    private final Supplier<JournalStatus> status;
    private final EventLane lane;
    private final LongSupplier nanoTime;
    private final Pause pause;
    private final Semaphore readings = new Semaphore(READINGS);
    private final Semaphore replays = new Semaphore(REPLAYS);
    private final Semaphore surveys = new Semaphore(SURVEYS);

    /**
     * @param status how the journal is doing
     * @param lane where events are published once more
     */
    public JournalDesk(Archive archive, Supplier<JournalStatus> status, EventLane lane) {
        this(archive, status, lane, System::nanoTime, Pause.SLEEP);
    }

    JournalDesk(Archive archive, Supplier<JournalStatus> status, EventLane lane, LongSupplier nanoTime, Pause pause) {
        this.archive = archive;
        this.status = status;
        this.lane = lane;
        this.nanoTime = nanoTime;
        this.pause = pause;
    }

    /** What is done while lines are wanted. */
    @FunctionalInterface
    public interface Work {

        /** Writes all lines; ends early when it is interrupted or its lines can't be written. */
        void writeTo(LineSink out) throws IOException, InterruptedException;
    }

    /** Range, size, and how it is doing. */
    public ObjectNode contents() throws IOException {
        JournalStatus now = status.get();
        return JournalText.of(archive.contents())
                .put("keeping", now.isKeeping())
                .put("problem", now.problem())
                .put("durable", now.isDurable());
    }

    /**
     * The channels with the numbers of their events, page by page.
     *
     * @param pattern which of them; null for all
     * @param after what the page before said is next; null for the first
     */
    public ObjectNode channels(@Nullable NamePattern pattern, @Nullable String after, int most) throws IOException {
        return JournalText.of(archive.channels(name -> pattern == null || pattern.matches(name), after, most));
    }

    /** An opened tape, and whether it has everything that it was to begin with. */
    public record Opened(boolean isRecovered, Work work) {}

    /** Events, as lines. */
    public Opened read(ReplayRequest request) throws IOException, LostException {
        Tape tape = Tape.open(archive, request, pause);
        return new Opened(
                tape.isRecovered(), limited(readings, "read", out -> new LineWriter(out, nanoTime).write(tape)));
    }

    /** Publishes events once more; its lines say how far it has come. */
    public Opened replay(ReplayRequest request, Speed speed) throws IOException, LostException {
        Tape tape = Tape.open(archive, request, pause);
        return new Opened(
                tape.isRecovered(),
                limited(replays, "replayed", out -> new LivePlayer(lane, speed, nanoTime, pause, out).play(tape)));
    }

    /**
     * Looks at all of it; its last line is what was found, those before say how far it has come.
     *
     * @param channels how many of them are told of
     */
    public Work survey(int channels) {
        return limited(surveys, "verified", out -> new SurveyLines(archive, out).write(channels));
    }

    private static Work limited(Semaphore places, String what, Work work) {
        return out -> {
            if (!places.tryAcquire()) {
                out.line(ControlLine.error("Too much is " + what + " at the same time; try again later."));
                return;
            }
            try {
                work.writeTo(out);
            } finally {
                places.release();
            }
        };
    }

    /** Whether another reading would find a place now. */
    public boolean hasRoomToRead() {
        return readings.availablePermits() > 0;
    }

    /** Whether another replay would find a place now. */
    public boolean hasRoomToReplay() {
        return replays.availablePermits() > 0;
    }
}
