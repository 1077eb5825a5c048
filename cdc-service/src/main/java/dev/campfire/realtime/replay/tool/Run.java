package dev.campfire.realtime.replay.tool;

import dev.campfire.realtime.replay.LostException;
import dev.campfire.realtime.replay.Pacer;
import dev.campfire.realtime.replay.Progress;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Brings events from a source to a destination, and notes in the position file how far they have come for good. For one
 * thread; interrupted to end it.
 */
final class Run implements Listener {

    private final Destination destination;
    private final Pacer pacer;
    private final @Nullable PositionFile file;
    private final ProgressBar bar;
    private final boolean isFollowing;
    private Progress progress = new Progress(null, 0, 0, 0);
    private long events;
    private long gaps;
    private @Nullable String noted;
    private @Nullable String reached;

    Run(Destination destination, Pacer pacer, @Nullable PositionFile file, ProgressBar bar, boolean isFollowing) {
        this.destination = destination;
        this.pacer = pacer;
        this.file = file;
        this.bar = bar;
        this.isFollowing = isFollowing;
    }

    /** Brings everything there; when it ends early, what the destination has taken is noted all the same. */
    void bring(Source source) throws IOException, InterruptedException, LostException {
        try {
            Progress end = source.tell(this);
            destination.flush();
            reached(end.position());
        } catch (LostException e) {
            destination.flush();
            throw e;
        } finally {
            note();
        }
    }

    @Override
    public void event(Told event) throws IOException, InterruptedException {
        if (!pacer.isDue(event.committed())) {
            caughtUp();
        }
        pacer.await(event.committed(), () -> bar.show(progress, events, isFollowing));
        destination.take(event);
        events++;
        note();
        bar.show(progress, events, isFollowing);
    }

    @Override
    public void at(Progress now) throws IOException, InterruptedException {
        progress = now;
        caughtUp();
        reached(now.position());
        bar.show(progress, events, isFollowing);
    }

    @Override
    public void caughtUp() throws IOException, InterruptedException {
        destination.flush();
        note();
    }

    @Override
    public void gap(LostException gap) {
        gaps++;
        bar.notice("campfire: " + gap.getMessage() + " Going on behind " + gap.oldest() + ".");
    }

    /** Everything up to here was brought, whether the last of it was an event or not. */
    private void reached(@Nullable String position) throws IOException {
        if (position != null) {
            reached = position;
            if (file != null) {
                file.save(position);
            }
        }
    }

    private void note() throws IOException {
        String position = destination.acknowledged();
        if (position != null && !position.equals(noted)) {
            noted = position;
            reached(position);
        }
    }

    /** The position to go on behind; null when nothing was reached. */
    @Nullable
    String position() {
        return reached;
    }

    long events() {
        return events;
    }

    /** How often something was missing, and passed over. */
    long gaps() {
        return gaps;
    }
}
