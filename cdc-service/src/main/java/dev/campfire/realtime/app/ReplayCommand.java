package dev.campfire.realtime.app;

import dev.campfire.realtime.replay.LostException;
import dev.campfire.realtime.replay.MalformedRequestException;
import dev.campfire.realtime.replay.Speed;
import dev.campfire.realtime.replay.tool.PositionFile;
import dev.campfire.realtime.replay.tool.RangeArguments;
import dev.campfire.realtime.replay.tool.ReplayTool;
import dev.campfire.realtime.replay.tool.ReplayTool.Goal;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Plays what is in the journal again. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Plays events of the journal again, in the order of their commits: prints them, posts them to a webhook, or has a"
                    + " running service publish them into their channels once more.",
            ""
        },
        footer = {
            "",
            "What is printed is a JSON object a line, with all that there is of the event: id, position, seq, channel,"
                    + " private, event, payload, meta, commit_timestamp. A webhook gets the same object as its body, or with"
                    + " --batch an array of them, and headers: Idempotency-Key and X-Campfire-Position (the position of the"
                    + " request's last event; the same event has the same position for ever), X-Campfire-Events,"
                    + " X-Campfire-Attempt. What fails, times out, or is answered with 5xx, 408, 425 or 429 is tried again,"
                    + " not before the Retry-After that the answer has; nothing overtakes. An event may come twice when the"
                    + " tool dies between its answer and the position file; it never fails to come.",
            "",
            "--live publishes to those who are on the channels now, marked meta.replayed, each row to those alone who may"
                    + " see it by the policies of now. Nothing is journaled again.",
            "",
            "Where something is missing that was asked for (retention has passed, the slot was lost) it ends with status 1"
                    + " and says so, unless --over-gaps is given. Ctrl-C ends it in order, with status 0 and the position"
                    + " file right.",
            "",
            "Examples:",
            "  campfire replay --from 2h --channel 'org:*:conv:*' --event message:created",
            "  campfire replay --url http://localhost:4000 --from latest --follow | jq .event",
            "  campfire replay --webhook https://example.org/hook --position-file hook.position --follow --from latest",
            "  campfire replay --live --from 2026-11-19T00:22:40Z --to 2026-11-19T00:30:00Z --speed 10",
            "  campfire replay --dry-run --table public.messages",
            "",
            "Exit status: 0 fine, 1 a failure, or something is missing or was skipped, 2 wrong usage."
        })
final class ReplayCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private OriginOptions origin;

    @Option(
            names = "--from",
            paramLabel = "PLACE",
            description =
                    "What to begin with: beginning (the default), latest, a time such as 2026-11-19T00:22:40Z or 2h"
                            + " (that long ago), or an event's id or position.")
    private @Nullable String from;

    @Option(
            names = "--after",
            paramLabel = "ID",
            description = "Begins behind the event with this id or position instead.")
    private @Nullable String after;

    @Option(
            names = "--to",
            paramLabel = "PLACE",
            description =
                    "What to end with: end (the default: what is there now), a time (what was committed before), or an"
                            + " event's id or position.")
    private @Nullable String to;

    @Option(names = "--follow", description = "Goes on with what comes, until Ctrl-C.")
    private boolean isFollowing;

    @Option(
            names = "--channel",
            paramLabel = "CHANNEL",
            description =
                    "Only events on it; repeatable. A segment * stands for any one between colons, ** at the end for"
                            + " all that follow.")
    private List<String> channels = List.of();

    @Option(
            names = "--event",
            paramLabel = "EVENT",
            description = "Only events of this name; repeatable; * as in --channel.")
    private List<String> events = List.of();

    @Option(
            names = "--table",
            paramLabel = "TABLE",
            description = "Only events of rows of this table, such as public.messages; repeatable.")
    private List<String> tables = List.of();

    @Option(names = "--limit", paramLabel = "N", description = "No more than so many events.")
    private long limit = Long.MAX_VALUE;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private WebhookOptions webhook;

    @Option(names = "--live", description = "Has the service publish the events into their channels once more.")
    private boolean isLive;

    @Option(
            names = "--dry-run",
            description = "Sends nothing: counts the events of each channel and name, and says from where to where.")
    private boolean isDry;

    @Option(names = "--json", description = "Prints what --dry-run counts as one JSON object.")
    private boolean isJson;

    @Option(
            names = "--speed",
            paramLabel = "SPEED",
            defaultValue = "max",
            description = "max, recorded, or how many times as fast as it was committed, such as 10 or 0.5. Default:"
                    + " ${DEFAULT-VALUE}.")
    private String speed = "max";

    @Option(
            names = "--position-file",
            paramLabel = "FILE",
            description =
                    "Notes in it the position up to which everything was printed, or acknowledged by the webhook; when"
                            + " it is there already, goes on behind that, whatever --from says.")
    private @Nullable Path file;

    @Option(
            names = "--over-gaps",
            description =
                    "Goes on where something is missing, and begins with the oldest where --from is not there any more;"
                            + " says so, and ends with status 1.")
    private boolean crossesGaps;

    ReplayCommand() {}

    @Override
    public Integer call() throws Exception {
        CommandLine command = spec.commandLine();
        Goal goal = goal(command);
        RangeArguments range = range(command);
        PositionFile position = file == null ? null : PositionFile.open(file);
        ReplayTool.Order order = new ReplayTool.Order(
                origin.origin(command, System.getenv(), isLive || isFollowing), goal, range, speed, position);
        ReplayTool tool =
                new ReplayTool(new FileOutputStream(FileDescriptor.out), System.err, Terminals.showProgress(goal));
        return UntilInterrupted.run(() -> {
            try {
                return tool.run(order) ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
            } catch (LostException e) {
                throw new IOException(lost(e), e);
            }
        });
    }

    private static String lost(LostException lost) {
        String place = lost.oldest() == null
                ? ""
                : " Everything is there behind " + lost.oldest()
                        + ": begin with --after and that, or go on over what is" + " missing with --over-gaps.";
        return lost.getMessage()
                + (lost.before() == null ? "" : " It is missing behind " + lost.before() + ".")
                + place;
    }

    private Goal goal(CommandLine command) {
        if ((webhook.isGiven() ? 1 : 0) + (isLive ? 1 : 0) + (isDry ? 1 : 0) > 1) {
            throw new ParameterException(command, "--webhook, --live and --dry-run: say one of them.");
        }
        if (isLive && isFollowing) {
            throw new ParameterException(command, "--live with --follow would publish what has just been published.");
        }
        if (file != null && (isLive || isDry)) {
            throw new ParameterException(command, "--position-file goes with a webhook or with what is printed.");
        }
        if (isJson && !isDry) {
            throw new ParameterException(command, "--json goes with --dry-run; what is printed is JSON anyway.");
        }
        if (isLive) {
            return new Goal.Live();
        }
        if (isDry) {
            return new Goal.Count(isJson);
        }
        return webhook.isGiven() ? new Goal.Post(webhook.settings(command)) : new Goal.Lines();
    }

    private RangeArguments range(CommandLine command) {
        if (limit < 1) {
            throw new ParameterException(command, "--limit must be a whole number from 1 on.");
        }
        RangeArguments range = new RangeArguments(
                ago(from), after, ago(to), isFollowing, channels, events, tables, limit, crossesGaps);
        try {
            range.request();
            Speed.parse(speed);
        } catch (MalformedRequestException e) {
            throw new ParameterException(command, "Not understood: " + e.getMessage(), e);
        }
        return range;
    }

    /** A time that was said as how long ago it is. */
    private static @Nullable String ago(@Nullable String place) {
        if (place == null) {
            return null;
        }
        try {
            Duration time = Environment.parseDuration(place);
            Instant now = InstantSource.system().instant();
            return now.minus(time).toString();
        } catch (IllegalArgumentException | ArithmeticException e) {
            return place;
        }
    }
}
