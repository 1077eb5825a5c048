package dev.campfire.realtime.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.journal.Era;
import dev.campfire.realtime.journal.StoredJournal;
import dev.campfire.realtime.journal.Survey;
import dev.campfire.realtime.journal.Survey.ChannelRange;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what is in the journal of a service that does not run, and whether it is whole. */
@Command(
        name = "journal",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what is in a journal: since when, how much, the stretches without gaps, the channels with the numbers of"
                    + " their events. Reads all of it, and says what is damaged: checksums of blocks, numbers that do not"
                    + " follow one another, an index that leads nowhere.",
            "For the journal of a service that does not run; GET /health tells of one that does.",
            ""
        },
        footer = {"", "Exit status: 0 it is whole, 1 something is damaged or it can't be read, 2 wrong usage."})
final class JournalCommand implements Callable<Integer> {

    private static final long MEGABYTE = 1_000_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Option(
            names = "--journal",
            paramLabel = "DIR",
            description = "Its directory. Default: CAMPFIRE_JOURNAL, or data/journal.")
    private @Nullable Path folder;

    @Option(
            names = "--channels",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many channels are shown, those with most events first. Default: ${DEFAULT-VALUE}.")
    private int channels;

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean isJson;

    JournalCommand() {}

    @Override
    public Integer call() throws Exception {
        Path place = folder == null ? configured() : folder.toAbsolutePath().normalize();
        Survey survey;
        try (StoredJournal journal = StoredJournal.open(place)) {
            survey = journal.archive().survey(this::progress);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (isJson) {
            out.println(json(survey));
        } else {
            print(out, place, survey);
        }
        return survey.findings().isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private static Path configured() throws SettingsException {
        Environment environment = new Environment(System.getenv());
        var settings = Settings.journal(environment);
        environment.requireNoProblems();
        if (settings == null) {
            throw new SettingsException(List.of("CAMPFIRE_JOURNAL is none: say with --journal which one is meant"));
        }
        return settings.folder();
    }

    private long shown;

    private void progress(long bytes) {
        if (System.console() != null && bytes - shown > 50 * MEGABYTE) {
            shown = bytes;
            System.err.print("\r" + bytes / MEGABYTE + " MB read ");
            System.err.flush();
        }
    }

    private void print(PrintWriter out, Path place, Survey survey) {
        out.printf("Journal in %s%n", place);
        out.printf("  appended  %s .. %s%n", text(survey.oldest()), text(survey.newest()));
        out.printf(
                Locale.ROOT,
                "  holds     %,d changes with %,d events, in %,d blocks%n",
                survey.changes(),
                survey.events(),
                survey.blocks());
        out.printf(Locale.ROOT, "  size      %,d bytes, %,d on disk%n", survey.bytes(), survey.bytesOnDisk());
        for (Era era : survey.eras()) {
            out.printf(
                    "  stretch   %d, without gaps since %s (history %06x)%n", era.number(), era.begun(), era.history());
        }
        out.printf(Locale.ROOT, "  channels  %,d%n", survey.channels().size());
        for (ChannelRange channel : largest(survey)) {
            out.printf(
                    Locale.ROOT,
                    "    %8d .. %-8d %s%s%n",
                    channel.first(),
                    channel.last(),
                    channel.channel(),
                    channel.isPrivate() ? "" : " (public)");
        }
        survey.findings().forEach(finding -> out.println("  DAMAGED   " + finding));
        out.println(survey.findings().isEmpty() ? "  whole" : "  not whole");
    }

    private List<ChannelRange> largest(Survey survey) {
        return survey.channels().stream()
                .sorted(Comparator.comparingLong(ChannelRange::events).reversed())
                .limit(Math.max(0, channels))
                .toList();
    }

    private static String text(@Nullable Object time) {
        return time == null ? "nothing" : time.toString();
    }

    private String json(Survey survey) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("oldest", survey.oldest() == null ? null : survey.oldest().toString());
        json.put("newest", survey.newest() == null ? null : survey.newest().toString());
        json.put("blocks", survey.blocks());
        json.put("changes", survey.changes());
        json.put("events", survey.events());
        json.put("bytes", survey.bytes());
        json.put("bytes_on_disk", survey.bytesOnDisk());
        ArrayNode eras = json.putArray("eras");
        survey.eras().forEach(era -> eras.addObject()
                .put("number", era.number())
                .put("begun", era.begun().toString()));
        ArrayNode ranges = json.putArray("channels");
        largest(survey).forEach(channel -> ranges.addObject()
                .put("channel", channel.channel())
                .put("private", channel.isPrivate())
                .put("first", channel.first())
                .put("last", channel.last())
                .put("events", channel.events()));
        ArrayNode findings = json.putArray("findings");
        survey.findings().forEach(findings::add);
        return json.toString();
    }
}
