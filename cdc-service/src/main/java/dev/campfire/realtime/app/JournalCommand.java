package dev.campfire.realtime.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.replay.MalformedRequestException;
import dev.campfire.realtime.replay.NamePattern;
import dev.campfire.realtime.replay.tool.JournalView;
import dev.campfire.realtime.replay.tool.ReplayTool.Origin;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows what is in a journal, and whether it is whole. */
@Command(
        name = "journal",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Shows what is in a journal: since when, how much, the stretches without gaps, the channels with the numbers of"
                    + " their events. Reads all of it, and says what is damaged: checksums of blocks, numbers that do not"
                    + " follow one another, an index that leads nowhere.",
            "Of a running service over HTTP, or in the directory of one that does not run.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  campfire journal",
            "  campfire journal --url http://localhost:4000 --no-verify",
            "  campfire journal --list --channel 'org:*:conversations'",
            "",
            "Exit status: 0 it is whole, 1 something is damaged or it can't be read, 2 wrong usage."
        })
final class JournalCommand implements Callable<Integer> {

    private static final long MEGABYTE = 1_000_000;
    private static final int MOST_CHANNELS = 1000;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private OriginOptions origin;

    @Option(
            names = "--channels",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many channels are shown, those with most events first, 1000 at most. Default:"
                    + " ${DEFAULT-VALUE}.")
    private int channels;

    @Option(
            names = "--no-verify",
            description = "Reads no more than its ends: how much there is and since when, without channels.")
    private boolean isQuick;

    @Option(
            names = "--list",
            description =
                    "Lists all channels instead, in the order of their names: the numbers of the first event that is"
                            + " kept and of the last.")
    private boolean isList;

    @Option(
            names = "--channel",
            paramLabel = "CHANNEL",
            description =
                    "With --list, only these: a segment * stands for any one between colons, ** at the end for all that"
                            + " follow.")
    private @Nullable String channel;

    @Option(names = "--json", description = "Prints one JSON object; with --list one a line.")
    private boolean isJson;

    JournalCommand() {}

    @Override
    public Integer call() throws Exception {
        CommandLine command = spec.commandLine();
        NamePattern pattern = pattern(command);
        if (channels < 0 || channels > MOST_CHANNELS) {
            throw new ParameterException(command, "--channels must be a number from 0 to " + MOST_CHANNELS + ".");
        }
        Origin place = origin.origin(command, System.getenv(), false);
        PrintWriter out = command.getOut();
        try (JournalView view = JournalView.of(place)) {
            if (isList) {
                view.list(pattern, line -> out.println(isJson ? line : row(line)));
                out.flush();
                return CommandLine.ExitCode.OK;
            }
            ObjectNode found = isQuick ? view.contents() : view.survey(channels, this::progress);
            if (isJson) {
                out.println(found);
            } else {
                print(out, place, found);
            }
            return found.path("findings").isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        }
    }

    private @Nullable NamePattern pattern(CommandLine command) {
        if (channel == null) {
            return null;
        }
        if (!isList) {
            throw new ParameterException(command, "--channel goes with --list.");
        }
        try {
            return NamePattern.parse(channel);
        } catch (MalformedRequestException e) {
            throw new ParameterException(command, "Not understood: " + e.getMessage(), e);
        }
    }

    private static String row(JsonNode channel) {
        return String.format(
                Locale.ROOT,
                "%10s .. %-10d %s%s",
                channel.path("first").isNull() ? "-" : channel.path("first").asText(),
                channel.path("last").asLong(),
                channel.path("channel").asText(),
                channel.path("private").asBoolean() ? "" : " (public)");
    }

    private void progress(long bytes) throws IOException {
        if (Terminals.isForMessages()) {
            System.err.print("\r\033[K" + bytes / MEGABYTE + " MB read\r");
            System.err.flush();
        }
    }

    private static String name(Origin place) {
        return switch (place) {
            case Origin.Directory(Path folder) -> "in " + folder;
            case Origin.Server server -> "of " + server.address();
        };
    }

    private void print(PrintWriter out, Origin place, JsonNode found) {
        if (Terminals.isForMessages()) {
            System.err.print("\r\033[K");
            System.err.flush();
        }
        out.printf("Journal %s%n", name(place));
        out.printf("  appended  %s .. %s%n", text(found.path("oldest")), text(found.path("newest")));
        if (!isQuick) {
            out.printf(
                    Locale.ROOT,
                    "  holds     %,d changes with %,d events, in %,d blocks%n",
                    found.path("changes").asLong(),
                    found.path("events").asLong(),
                    found.path("blocks").asLong());
        }
        out.printf(
                Locale.ROOT,
                "  size      %,d bytes, %,d on disk%n",
                found.path("bytes").asLong(),
                found.path("bytes_on_disk").asLong());
        for (JsonNode era : found.path("eras")) {
            out.printf(
                    "  stretch   %d, without gaps since %s (history %s)%n",
                    era.path("number").asInt(),
                    era.path("begun").asText(),
                    era.path("history").asText());
        }
        if (found.path("problem").isTextual()) {
            out.println("  problem   " + found.path("problem").asText());
        }
        if (!isQuick) {
            printChannels(out, found);
            found.path("findings").forEach(finding -> out.println("  DAMAGED   " + finding.asText()));
            out.println(found.path("findings").isEmpty() ? "  whole" : "  not whole");
        }
        out.flush();
    }

    private static void printChannels(PrintWriter out, JsonNode found) {
        out.printf(Locale.ROOT, "  channels  %,d%n", found.path("channel_count").asLong());
        for (JsonNode channel : found.path("channels")) {
            out.printf(
                    Locale.ROOT,
                    "    %8d .. %-8d %s%s%n",
                    channel.path("first").asLong(),
                    channel.path("last").asLong(),
                    channel.path("channel").asText(),
                    channel.path("private").asBoolean() ? "" : " (public)");
        }
        long uncounted = found.path("uncounted_events").asLong();
        if (uncounted > 0) {
            out.printf(
                    Locale.ROOT, "  and %,d events on further channels, whose numbers were not followed%n", uncounted);
        }
    }

    private static String text(JsonNode time) {
        return time.isTextual() ? time.asText() : "nothing";
    }
}
