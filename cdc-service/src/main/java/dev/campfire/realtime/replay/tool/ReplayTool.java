package dev.campfire.realtime.replay.tool;

import dev.campfire.realtime.journal.JournalException;
import dev.campfire.realtime.journal.StoredJournal;
import dev.campfire.realtime.replay.LostException;
import dev.campfire.realtime.replay.MalformedRequestException;
import dev.campfire.realtime.replay.Pacer;
import dev.campfire.realtime.replay.Pause;
import dev.campfire.realtime.replay.Speed;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Runs a replay as a command was told to, and says in a line how it ended. For one thread, which is interrupted to end it. */
public final class ReplayTool {

    private static final Duration LONGEST_RECONNECTION = Duration.ofSeconds(10);

    private final OutputStream out;
    private final PrintStream messages;
    private final boolean hasBar;

    /**
     * @param out where events go that go nowhere else
     * @param messages where everything else is said
     * @param hasBar whether a progress bar is shown there
     */
    public ReplayTool(OutputStream out, PrintStream messages, boolean hasBar) {
        this.out = out;
        this.messages = messages;
        this.hasBar = hasBar;
    }

    /** Where events come from. */
    public sealed interface Origin {
        /** A running service. */
        record Server(URI address, String token) implements Origin {

            /** Leaves the token out. */
            @Override
            public String toString() {
                return "Server[address=" + address + "]";
            }
        }

        /** The journal of one that does not run. */
        record Directory(Path folder) implements Origin {}
    }

    /** Where they go. */
    public sealed interface Goal {
        record Lines() implements Goal {}

        record Post(WebhookSettings settings) implements Goal {}

        record Live() implements Goal {}

        /** Nowhere: they are counted. */
        record Count(boolean isJson) implements Goal {}
    }

    /**
     * What is to be done.
     *
     * @param speed as it was said
     */
    public record Order(
            Origin origin,
            Goal goal,
            RangeArguments range,
            String speed,
            @Nullable PositionFile file) {}

    /**
     * Does it.
     *
     * @return whether everything went as it should: nothing was missing, nothing refused
     * @throws MalformedRequestException when something of it is not understood
     */
    public boolean run(Order order)
            throws IOException, InterruptedException, LostException, MalformedRequestException, JournalException {
        order.range().request();
        try (ProgressBar bar = new ProgressBar(messages, hasBar, System::nanoTime)) {
            if (order.origin() instanceof Origin.Server(URI address, String token)) {
                try (ServerCalls calls = new ServerCalls(address, token)) {
                    if (order.goal() instanceof Goal.Live) {
                        return publish(new LiveReplay(calls, range(order), order.speed(), bar), bar);
                    }
                    Source source = new ServerSource(
                            calls, range(order), backoff(LONGEST_RECONNECTION), Pause.SLEEP, notices(bar));
                    return bring(source, order, bar);
                }
            }
            Path folder = ((Origin.Directory) order.origin()).folder();
            try (StoredJournal journal = StoredJournal.open(folder)) {
                return bring(
                        new DirectorySource(
                                folder, journal.archive(), range(order).request()),
                        order,
                        bar);
            }
        }
    }

    private static RangeArguments range(Order order) {
        PositionFile file = order.file();
        return file == null
                ? order.range()
                : file.position().map(order.range()::behind).orElse(order.range());
    }

    private static Backoff backoff(Duration longest) {
        return new Backoff(longest, new Random());
    }

    private static java.util.function.Consumer<String> notices(ProgressBar bar) {
        return text -> bar.notice("campfire: " + text);
    }

    private boolean bring(Source source, Order order, ProgressBar bar)
            throws IOException, InterruptedException, LostException, MalformedRequestException {
        return switch (order.goal()) {
            case Goal.Lines lines -> {
                Run run = run(new LinesOut(out), order, bar);
                try {
                    bring(run, source, bar, "printed");
                } catch (LinesOut.ClosedException e) {
                    // As head does it, when it has seen enough.
                    yield true;
                }
                yield run.gaps() == 0;
            }
            case Goal.Count(boolean isJson) -> {
                Counting counting = new Counting();
                Run run = run(counting, order, bar);
                run.bring(source);
                bar.close();
                print(counting, isJson);
                yield run.gaps() == 0;
            }
            case Goal.Post(WebhookSettings settings) -> {
                try (Webhook webhook =
                        new Webhook(settings, backoff(settings.longestRetry()), Pause.SLEEP, notices(bar))) {
                    Run run = run(webhook, order, bar);
                    bring(run, source, bar, "acknowledged");
                    yield run.gaps() == 0 && webhook.skipped() == 0;
                }
            }
            case Goal.Live live -> throw new MalformedRequestException("a directory has no live channels");
        };
    }

    private Run run(Destination destination, Order order, ProgressBar bar) throws MalformedRequestException {
        Speed speed = order.goal() instanceof Goal.Count ? Speed.MAX : Speed.parse(order.speed());
        return new Run(
                destination,
                new Pacer(speed, System::nanoTime, Pause.SLEEP),
                order.file(),
                bar,
                order.range().isFollowing());
    }

    private void bring(Run run, Source source, ProgressBar bar, String done)
            throws IOException, InterruptedException, LostException {
        String how = "Stopped: ";
        try {
            run.bring(source);
            how = "";
        } finally {
            say(bar, how, run.events(), done, run.position());
        }
    }

    private boolean publish(LiveReplay replay, ProgressBar bar)
            throws IOException, InterruptedException, LostException {
        String how = "Stopped: ";
        try {
            replay.run();
            how = "";
            return replay.gaps() == 0;
        } finally {
            say(bar, how, replay.events(), "published", replay.position());
        }
    }

    private static void say(ProgressBar bar, String how, long events, String done, @Nullable String position) {
        bar.notice(how
                + events
                + (events == 1 ? " event " : " events ")
                + done
                + (position == null ? "" : "; go on with --after " + position));
    }

    private void print(Counting counting, boolean isJson) {
        PrintWriter writer = new PrintWriter(out, false, StandardCharsets.UTF_8);
        if (isJson) {
            writer.println(counting.json());
        } else {
            counting.print(writer, 50);
        }
        writer.flush();
    }
}
