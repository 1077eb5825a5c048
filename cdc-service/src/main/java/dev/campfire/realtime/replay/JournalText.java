package dev.campfire.realtime.replay;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.journal.Archive;
import dev.campfire.realtime.journal.Era;
import dev.campfire.realtime.journal.Survey;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is told of a journal, as JSON objects. */
public final class JournalText {

    private JournalText() {}

    /** What there is. */
    public static ObjectNode of(Archive.Contents contents) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("oldest", text(contents.oldest()));
        json.put("newest", text(contents.newest()));
        json.put("oldest_id", contents.oldestId());
        json.put("newest_id", contents.newestId());
        json.put("bytes", contents.bytes());
        json.put("bytes_on_disk", contents.bytesOnDisk());
        addEras(json, contents.eras());
        return json;
    }

    /** A page of channels. */
    public static ObjectNode of(Archive.ChannelPage page) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode channels = json.putArray("channels");
        page.channels().forEach(channel -> channels.addObject()
                .put("channel", channel.channel())
                .put("private", channel.isPrivate())
                .put("first", channel.first() == 0 ? null : channel.first())
                .put("last", channel.last()));
        json.put("next", page.next());
        return json;
    }

    /**
     * What was found by looking at all of it.
     *
     * @param most how many channels are told of, those with most events first
     */
    public static ObjectNode of(Survey survey, int most) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("oldest", text(survey.oldest()));
        json.put("newest", text(survey.newest()));
        json.put("blocks", survey.blocks());
        json.put("changes", survey.changes());
        json.put("events", survey.events());
        json.put("bytes", survey.bytes());
        json.put("bytes_on_disk", survey.bytesOnDisk());
        addEras(json, survey.eras());
        json.put("channel_count", survey.channels().size());
        json.put("uncounted_events", survey.uncounted());
        ArrayNode ranges = json.putArray("channels");
        survey.channels().stream()
                .sorted(Comparator.comparingLong(Survey.ChannelRange::events).reversed())
                .limit(Math.max(0, most))
                .forEach(channel -> ranges.addObject()
                        .put("channel", channel.channel())
                        .put("private", channel.isPrivate())
                        .put("first", channel.first())
                        .put("last", channel.last())
                        .put("events", channel.events()));
        ArrayNode findings = json.putArray("findings");
        survey.findings().forEach(findings::add);
        return json;
    }

    private static void addEras(ObjectNode json, List<Era> eras) {
        ArrayNode array = json.putArray("eras");
        eras.forEach(era -> array.addObject()
                .put("number", era.number())
                .put("begun", era.begun().toString())
                .put("history", "%06x".formatted(era.history())));
    }

    private static @Nullable String text(@Nullable Object time) {
        return time == null ? null : time.toString();
    }
}
