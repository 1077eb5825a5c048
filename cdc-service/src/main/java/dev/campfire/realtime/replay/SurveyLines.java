package dev.campfire.realtime.replay;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.journal.Archive;
import dev.campfire.realtime.journal.Survey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Surveys a journal for somebody who reads lines. For one thread. */
final class SurveyLines {

    private final Archive archive;
    private final LineSink out;

    SurveyLines(Archive archive, LineSink out) {
        this.archive = archive;
        this.out = out;
    }

    /** Writes how far it is after each portion, and then what was found: {@code {"control": "end", "survey": {..}}}. */
    void write(int channels) throws IOException, InterruptedException {
        long bytes = archive.contents().bytes();
        Survey survey = archive.survey(read -> {
            out.line(ControlLine.at(new Progress(null, 0, read, Math.max(read, bytes))));
            out.flush();
        });
        ObjectNode end = ControlLine.END.line();
        end.set("survey", JournalText.of(survey, channels));
        out.line(end.toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
