package dev.campfire.realtime.replay;

import dev.campfire.realtime.changes.EventLane;
import dev.campfire.realtime.mapping.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Publishes what is played into its channels once more, few events at a time and only while live ones are not held up by
 * it, and writes how far it has come. For one thread.
 */
final class LivePlayer implements TapeListener {

    private static final int AT_A_TIME = 64;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);
    private static final Duration BETWEEN_WORDS = Duration.ofMillis(500);

    private final EventLane lane;
    private final Pacer pacer;
    private final Pause pause;
    private final LongSupplier nanoTime;
    private final LineSink out;
    private final List<Event> waiting = new ArrayList<>();
    private Progress last = new Progress(null, 0, 0, 0);
    private long published;
    private long lastWord;

    LivePlayer(EventLane lane, Speed speed, LongSupplier nanoTime, Pause pause, LineSink out) {
        this.lane = lane;
        this.pacer = new Pacer(speed, nanoTime, pause);
        this.pause = pause;
        this.nanoTime = nanoTime;
        this.out = out;
        this.lastWord = nanoTime.getAsLong();
    }

    /** Plays a tape to its end, and says how it ended. */
    void play(Tape tape) throws IOException, InterruptedException {
        try {
            Tape.Ended ended = tape.play(this);
            publish();
            out.line(ControlLine.end(ended));
        } catch (LostException lost) {
            publish();
            out.line(ControlLine.gap(lost));
        }
        out.flush();
    }

    @Override
    public void event(Event event) throws IOException, InterruptedException {
        if (!pacer.isDue(event.commitTime())) {
            publish();
        }
        pacer.await(event.commitTime(), () -> say(true));
        waiting.add(event);
        if (waiting.size() >= AT_A_TIME) {
            publish();
        }
    }

    @Override
    public void at(Progress progress) throws IOException, InterruptedException {
        publish();
        last = progress;
        say(false);
    }

    @Override
    public void gap(LostException gap) throws IOException, InterruptedException {
        publish();
        out.line(ControlLine.gap(gap));
    }

    private void publish() throws InterruptedException {
        if (waiting.isEmpty()) {
            return;
        }
        while (!lane.hasRoom()) {
            pause.pause(BETWEEN_LOOKS);
        }
        lane.replay(waiting);
        published += waiting.size();
        waiting.clear();
    }

    private void say(boolean isLong) throws IOException, InterruptedException {
        if (isLong || nanoTime.getAsLong() - lastWord >= BETWEEN_WORDS.toNanos()) {
            lastWord = nanoTime.getAsLong();
            Progress now = new Progress(last.position(), published, last.bytesRead(), last.bytes());
            out.line(ControlLine.at(now));
            out.flush();
        }
    }
}
