package dev.campfire.realtime.replay;

import dev.campfire.realtime.journal.Archive;
import dev.campfire.realtime.journal.ReadPoint;
import dev.campfire.realtime.mapping.Event;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What of a journal was asked for, in order. Each event is played once; where something is missing in between it is said,
 * never passed over. For one thread, which is blocked by its listener and by the disk.
 */
public final class Tape {

    private static final int PAGE = 512;

    /** Clocks of the database and of the service may differ by so much. */
    private static final Duration CLOCKS = Duration.ofMinutes(5);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    /** How many looks in vain until somebody who follows hears that nothing has come. */
    private static final int LOOKS = 250;

    private final Archive archive;
    private final ReplayRequest request;
    private final Pause pause;
    private final @Nullable Instant since;
    private final @Nullable Instant until;
    private final boolean isFromBeginning;
    private final long bytesBefore;
    private final long bytesUntil;
    private final @Nullable ReadPoint end;
    private final @Nullable LostException missing;
    private ReadPoint point;
    private long played;

    private Tape(
            Archive archive,
            ReplayRequest request,
            Pause pause,
            ReadPoint start,
            @Nullable ReadPoint end,
            @Nullable LostException missing)
            throws IOException {
        this.archive = archive;
        this.request = request;
        this.pause = pause;
        this.point = start;
        this.end = end;
        this.missing = missing;
        this.isFromBeginning = request.start() instanceof Start.Beginning;
        this.since = request.start() instanceof Start.At(Instant time) ? time : null;
        this.until = request.stop() instanceof Stop.Before(Instant time) ? time : null;
        this.bytesBefore = archive.bytesBefore(start);
        this.bytesUntil = archive.bytesBefore(end == null ? archive.end() : end);
    }

    /**
     * Finds where it begins and ends.
     *
     * @throws LostException when its beginning, or its end, is not there, and gaps are not crossed
     */
    public static Tape open(Archive archive, ReplayRequest request, Pause pause) throws IOException, LostException {
        // Read before the beginning is looked for, so that nothing is lost between the two.
        ReadPoint end = end(archive, request);
        Optional<ReadPoint> start = start(archive, request.start());
        if (start.isPresent() && archive.isKept(start.get())) {
            return new Tape(archive, request, pause, start.get(), end, null);
        }
        LostException lost = new LostException(
                "Where the replay was to begin is not in the journal any more, or never was.",
                null,
                archive.id(archive.beginning()));
        if (!request.crossesGaps()) {
            throw lost;
        }
        return new Tape(archive, request, pause, archive.beginning(), end, lost);
    }

    private static Optional<ReadPoint> start(Archive archive, Start start) throws IOException {
        return switch (start) {
            case Start.Beginning beginning -> Optional.of(archive.beginning());
            case Start.Latest latest -> Optional.of(archive.end());
            case Start.At(Instant time) -> Optional.of(at(archive, time));
            case Start.With(String id) ->
                archive.behind(id).map(behind -> new ReadPoint(behind.change(), Math.max(-1, behind.ordinal() - 1)));
            case Start.Behind(String id) -> archive.behind(id);
        };
    }

    /** Somewhat before; what retention took of that was not asked for. */
    private static ReadPoint at(Archive archive, Instant time) throws IOException {
        ReadPoint point = archive.at(time);
        ReadPoint before = archive.at(time.minus(CLOCKS));
        ReadPoint oldest = archive.beginning();
        return before.compareTo(oldest) < 0 && point.compareTo(oldest) >= 0 ? oldest : before;
    }

    private static @Nullable ReadPoint end(Archive archive, ReplayRequest request) throws IOException, LostException {
        return switch (request.stop()) {
            case Stop.Never never -> null;
            case Stop.End end -> archive.end();
            // What was committed before may have been appended long after, when the service was down.
            case Stop.Before before -> archive.end();
            case Stop.With(String id) ->
                archive.behind(id)
                        .orElseThrow(() -> new LostException(
                                "Where the replay was to end is not in the journal.",
                                null,
                                archive.id(archive.beginning())));
        };
    }

    /** Whether everything is there that was to be begun with. */
    public boolean isRecovered() {
        return missing == null;
    }

    /** How a tape ended. */
    public record Ended(Progress progress, boolean hasMore) {}

    /**
     * Plays it to its end, or for ever.
     *
     * @throws LostException when something is missing, and gaps are not crossed: everything before it has been played
     * @throws InterruptedException when somebody ends it
     */
    public Ended play(TapeListener listener) throws IOException, InterruptedException, LostException {
        if (missing != null) {
            listener.gap(missing);
        }
        while (end == null || point.compareTo(end) < 0) {
            ReadPoint before = point;
            Archive.Page page =
                    archive.scan(request.selection(), before, end, (int) Math.min(PAGE, request.most() - played));
            for (Event event : page.events()) {
                if (until != null && !event.commitTime().isBefore(until)) {
                    listener.at(progress());
                    return new Ended(progress(), false);
                }
                if (since == null || !event.commitTime().isBefore(since)) {
                    listener.event(event);
                    played++;
                }
                if (until != null) {
                    point = archive.behind(event.position().toString()).orElse(point);
                }
            }
            point = page.next();
            if (page.isGap() && !(isFromBeginning && played == 0)) {
                gap(before, listener);
            }
            listener.at(progress());
            if (played >= request.most()) {
                return new Ended(progress(), true);
            }
            if (page.isAtEnd() && !page.isGap()) {
                if (end != null) {
                    break;
                }
                await(listener);
            }
        }
        return new Ended(progress(), false);
    }

    private void gap(ReadPoint before, TapeListener listener) throws IOException, InterruptedException, LostException {
        LostException lost = new LostException(
                archive.isKept(before)
                        ? "Something was committed that never came into the journal: the replication slot was lost, or"
                                + " the database set back."
                        : "Retention has removed what was to be played next.",
                archive.id(before),
                archive.id(point));
        if (!request.crossesGaps()) {
            throw lost;
        }
        listener.gap(lost);
    }

    private void await(TapeListener listener) throws IOException, InterruptedException {
        for (int looks = 1; archive.end().compareTo(point) <= 0; looks++) {
            pause.pause(BETWEEN_LOOKS);
            if (looks % LOOKS == 0) {
                listener.at(progress());
            }
        }
    }

    private Progress progress() throws IOException {
        long read = archive.bytesBefore(point) - bytesBefore;
        return new Progress(archive.id(point), played, Math.max(0, read), Math.max(read, bytesUntil - bytesBefore));
    }
}
