package dev.campfire.realtime.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.backfill.BackfillState.Phase;
import dev.campfire.realtime.journal.Note;
import dev.campfire.realtime.journal.Notes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of backfills in the journal: how far each is, and which rows everybody has been told of, before it or while it
 * ran. Any thread.
 */
final class Ledger {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STATES = "backfill/state/";
    private static final String TOLD = "backfill/told/";
    private static final byte[] YES = {1};

    private final Notes notes;

    Ledger(Notes notes) {
        this.notes = notes;
    }

    /** All of which is known. */
    List<BackfillState> states() throws IOException {
        List<BackfillState> states = new ArrayList<>();
        for (byte[] value : notes.all(STATES).values()) {
            states.add(parse(JSON.readTree(value)));
        }
        return states;
    }

    void write(BackfillState state) throws IOException {
        notes.write(List.of(note(state)));
    }

    Note note(BackfillState state) {
        return new Note(STATES + state.id(), json(state).toString().getBytes(StandardCharsets.UTF_8));
    }

    /** A row that a backfill need not tell of. */
    Note told(String id, RowKey row) {
        return new Note(TOLD + id + '/' + row.digest(), YES);
    }

    /** Notes rows that need not be told of. */
    void writeTold(List<Note> told) throws IOException {
        if (!told.isEmpty()) {
            notes.write(told);
        }
    }

    /** Removes the rows that need not be told of. */
    void removeTold(String id, Collection<RowKey> rows) throws IOException {
        for (Iterator<RowKey> each = rows.iterator(); each.hasNext(); ) {
            if (notes.read(TOLD + id + '/' + each.next().digest()) != null) {
                each.remove();
            }
        }
    }

    /** Forgets which rows need not be told of. */
    void forgetTold(String id) throws IOException {
        notes.forget(TOLD + id + '/');
    }

    /** Forgets a backfill. */
    void forget(String id) throws IOException {
        forgetTold(id);
        notes.forget(STATES + id);
    }

    private static ObjectNode json(BackfillState state) {
        BackfillRequest request = state.request();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", state.id())
                .put("schema", request.schema())
                .put("table", request.table())
                .put("where", request.where())
                .put("rows_per_second", request.rowsPerSecond())
                .put("again", request.isAgain())
                .put("part", state.part())
                .put("base", state.base())
                .put("phase", state.phase().name())
                .put("note", state.note())
                .put("read", state.read())
                .put("told", state.told())
                .put("estimated", state.estimated())
                .put("begun", state.begun().toString())
                .put("ended", state.ended() == null ? null : state.ended().toString());
        ArrayNode parts = json.putArray("parts");
        for (Part part : state.parts()) {
            ObjectNode each = parts.addObject().put("schema", part.schema()).put("table", part.table());
            part.key().forEach(each.putArray("key")::add);
        }
        if (state.cursor() != null) {
            state.cursor().forEach(json.putArray("cursor")::add);
        }
        return json;
    }

    private static BackfillState parse(JsonNode json) {
        List<Part> parts = new ArrayList<>();
        for (JsonNode each : json.path("parts")) {
            parts.add(new Part(each.path("schema").asText(), each.path("table").asText(), texts(each.path("key"))));
        }
        return new BackfillState(
                json.path("id").asText(),
                new BackfillRequest(
                        json.path("schema").asText(),
                        json.path("table").asText(),
                        text(json.path("where")),
                        json.path("rows_per_second").asInt(),
                        json.path("again").asBoolean()),
                parts,
                json.path("part").asInt(),
                json.has("cursor") ? texts(json.path("cursor")) : null,
                json.path("base").isNumber() ? (Long) json.path("base").asLong() : null,
                Phase.valueOf(json.path("phase").asText()),
                text(json.path("note")),
                json.path("read").asLong(),
                json.path("told").asLong(),
                json.path("estimated").asLong(),
                Instant.parse(json.path("begun").asText()),
                json.path("ended").isTextual()
                        ? Instant.parse(json.path("ended").asText())
                        : null);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    private static @Nullable String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : null;
    }
}
