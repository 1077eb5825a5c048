package dev.campfire.realtime.replay;

import dev.campfire.realtime.mapping.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Writes what is played as lines, and among them now and then how far it has come. For one thread. */
final class LineWriter implements TapeListener {

    private static final Duration BETWEEN_WORDS = Duration.ofSeconds(1);

    private final LineSink out;
    private final LongSupplier nanoTime;
    private long lastWord;

    LineWriter(LineSink out, LongSupplier nanoTime) {
        this.out = out;
        this.nanoTime = nanoTime;
        // The first word is said at once: whoever is cut off before there is an event knows where to go on.
        this.lastWord = nanoTime.getAsLong() - BETWEEN_WORDS.toNanos();
    }

    /** Plays a tape to its end, and says how it ended. */
    void write(Tape tape) throws IOException, InterruptedException {
        try {
            out.line(ControlLine.end(tape.play(this)));
        } catch (LostException lost) {
            out.line(ControlLine.gap(lost));
        }
        out.flush();
    }

    @Override
    public void event(Event event) throws IOException, InterruptedException {
        out.line(EventLine.of(event));
    }

    @Override
    public void at(Progress progress) throws IOException, InterruptedException {
        if (nanoTime.getAsLong() - lastWord >= BETWEEN_WORDS.toNanos()) {
            lastWord = nanoTime.getAsLong();
            out.line(ControlLine.at(progress));
        }
        out.flush();
    }

    @Override
    public void gap(LostException gap) throws IOException, InterruptedException {
        out.line(ControlLine.gap(gap));
    }
}
