package dev.campfire.realtime.replay.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.journal.Archive;
import dev.campfire.realtime.journal.JournalException;
import dev.campfire.realtime.journal.StoredJournal;
import dev.campfire.realtime.replay.JournalText;
import dev.campfire.realtime.replay.LostException;
import dev.campfire.realtime.replay.NamePattern;
import dev.campfire.realtime.replay.tool.ReplayTool.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a journal holds, looked at from outside the service. For one thread. */
public sealed interface JournalView extends AutoCloseable {

    /** So many channels are asked for at a time. */
    int PAGE = 500;

    /** @throws JournalException when a directory has none, or it can't be read */
    static JournalView of(Origin origin) throws JournalException {
        return switch (origin) {
            case Origin.Directory directory -> new Stored(StoredJournal.open(directory.folder()));
            case Origin.Server(var address, String token) -> new Served(new ServerCalls(address, token));
        };
    }

    /** Range and size. */
    ObjectNode contents() throws IOException, InterruptedException;

    /**
     * What is found by reading all of it.
     *
     * @param channels how many of them are told of, those with most events first
     * @param watcher told how many bytes have been read
     */
    ObjectNode survey(int channels, Archive.Watcher watcher) throws IOException, InterruptedException;

    /** Every channel that fits, with its numbers. */
    default void list(@Nullable NamePattern pattern, Consumer<JsonNode> each) throws IOException, InterruptedException {
        String after = null;
        do {
            JsonNode page = channels(pattern, after);
            page.path("channels").forEach(each);
            after = page.path("next").textValue();
        } while (after != null);
    }

    /** A page of them. */
    JsonNode channels(@Nullable NamePattern pattern, @Nullable String after) throws IOException, InterruptedException;

    @Override
    void close();

    /** In a directory. */
    record Stored(StoredJournal journal) implements JournalView {

        @Override
        public ObjectNode contents() throws IOException {
            return JournalText.of(journal.archive().contents());
        }

        @Override
        public ObjectNode survey(int channels, Archive.Watcher watcher) throws IOException, InterruptedException {
            return JournalText.of(journal.archive().survey(watcher), channels);
        }

        @Override
        public JsonNode channels(@Nullable NamePattern pattern, @Nullable String after) throws IOException {
            return JournalText.of(
                    journal.archive().channels(name -> pattern == null || pattern.matches(name), after, PAGE));
        }

        @Override
        public void close() {
            journal.close();
        }
    }

    /** Of a running service. */
    record Served(ServerCalls calls) implements JournalView {

        @Override
        public ObjectNode contents() throws IOException, InterruptedException {
            return object(calls.object("/api/journal"));
        }

        private static ObjectNode object(JsonNode node) throws IOException {
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw new IOException("The server told something that is no object");
        }

        @Override
        public ObjectNode survey(int channels, Archive.Watcher watcher) throws IOException, InterruptedException {
            try (InputStream answer = calls.get("/api/journal/verify?channels=" + Math.max(1, channels));
                    LineReader lines = new LineReader(answer)) {
                for (byte[] line = lines.next(); line != null; line = lines.next()) {
                    JsonNode control = ControlReader.control(line);
                    switch (control.path("control").asText()) {
                        case "at" -> watcher.at(control.path("bytes_read").asLong());
                        case "end" -> {
                            return object(control.path("survey"));
                        }
                        default ->
                            throw new IOException("The server can't go on: "
                                    + control.path("message").asText());
                    }
                }
            } catch (LostException e) {
                throw new IOException(e.getMessage(), e);
            }
            throw new IOException("The server ended the answer before its end");
        }

        @Override
        public JsonNode channels(@Nullable NamePattern pattern, @Nullable String after)
                throws IOException, InterruptedException {
            return calls.object("/api/journal/channels?limit=" + PAGE
                    + (pattern == null ? "" : "&channel=" + escaped(pattern.toString()))
                    + (after == null ? "" : "&after=" + escaped(after)));
        }

        private static String escaped(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8);
        }

        @Override
        public void close() {
            calls.close();
        }
    }
}
