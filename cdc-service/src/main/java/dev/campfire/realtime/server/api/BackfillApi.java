package dev.campfire.realtime.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.backfill.BackfillException;
import dev.campfire.realtime.backfill.BackfillRequest;
import dev.campfire.realtime.backfill.BackfillState;
import dev.campfire.realtime.backfill.Backfills;
import dev.campfire.realtime.identity.TokenVerifier;
import dev.campfire.realtime.server.HttpAnswer;
import dev.campfire.realtime.server.HttpCall;
import dev.campfire.realtime.server.HttpEndpoint;
import dev.campfire.realtime.server.Routes;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Begins backfills, says how far they are, and ends them: {@code /api/backfills}, for the holder of service_role's token. */
public final class BackfillApi {

    private static final String PATH = "/api/backfills";
    private static final Set<String> FIELDS = Set.of("table", "where", "rows_per_second", "dry_run", "again");

    private final Backfills backfills;
    private final Operators operators;
    private final Executor threads =
            task -> Thread.ofVirtual().name("backfill-call").start(task);

    /** What a call does; it may block. */
    private interface Action {
        HttpAnswer perform(HttpCall call) throws BackfillException, SQLException, IOException;
    }

    public BackfillApi(Backfills backfills, TokenVerifier verifier) {
        this.backfills = backfills;
        this.operators = new Operators(verifier);
    }

    /** Adds its routes. */
    public void addTo(Routes.Builder routes) {
        routes.get(PATH, guarded(call -> list()))
                .post(PATH, guarded(this::begin))
                .get(PATH + "/:id", guarded(call -> found(backfills.find(id(call)), 200)))
                .on("DELETE", PATH + "/:id", guarded(call -> found(backfills.cancel(id(call)), 200)));
    }

    private static String id(HttpCall call) {
        return call.pathParameters().getOrDefault("id", "");
    }

    private HttpEndpoint guarded(Action action) {
        return operators.only((call, claims) -> CompletableFuture.supplyAsync(() -> perform(action, call), threads));
    }

    private static HttpAnswer perform(Action action, HttpCall call) {
        try {
            return action.perform(call);
        } catch (BackfillException e) {
            return Problem.INVALID.answer(String.valueOf(e.getMessage()));
        } catch (SQLException | IOException e) {
            return Problem.UNAVAILABLE.answer(String.valueOf(e.getMessage()));
        }
    }

    private HttpAnswer list() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode list = json.putArray("backfills");
        backfills.all().forEach(state -> list.add(json(state)));
        return HttpAnswer.json(200, json.toString());
    }

    private HttpAnswer begin(HttpCall call) throws BackfillException, SQLException, IOException {
        JsonNode body;
        try {
            body = BatchBroadcast.read(call.body());
        } catch (IOException e) {
            return Problem.MALFORMED.answer("The body is not JSON.");
        }
        String wrong = wrong(body);
        if (wrong != null) {
            return Problem.INVALID.answer(wrong);
        }
        String[] name = body.path("table").asText().split("\\.", 2);
        BackfillRequest request = new BackfillRequest(
                name.length == 2 ? name[0] : "public",
                name[name.length - 1],
                body.path("where").isTextual() ? body.path("where").asText().strip() : null,
                body.path("rows_per_second").asInt(),
                body.path("again").asBoolean());
        BackfillState state = body.path("dry_run").asBoolean() ? backfills.count(request) : backfills.begin(request);
        return found(Optional.of(state), state.phase().isOver() ? 200 : 202);
    }

    private static @Nullable String wrong(JsonNode body) {
        JsonNode rate = body.path("rows_per_second");
        for (var fields = body.fieldNames(); fields.hasNext(); ) {
            String field = fields.next();
            if (!FIELDS.contains(field)) {
                return field + " is not known here; there are table, where, rows_per_second, dry_run, again.";
            }
        }
        if (!body.path("table").isTextual() || body.path("table").asText().isBlank()) {
            return "table is missing: a name such as public.messages.";
        }
        if (!body.path("where").isMissingNode()
                && !body.path("where").isNull()
                && !body.path("where").isTextual()) {
            return "where must be a text: a condition in SQL.";
        }
        boolean isRate = rate.isMissingNode() || rate.isInt() && rate.intValue() >= 0;
        return isRate ? null : "rows_per_second must be a whole number, 0 for no limit.";
    }

    private static HttpAnswer found(Optional<BackfillState> state, int status) {
        return state.map(known -> HttpAnswer.json(status, json(known).toString()))
                .orElseGet(() -> Problem.NOT_FOUND.answer("There is no backfill of this id."));
    }

    private static ObjectNode json(BackfillState state) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", state.id())
                .put("table", state.request().name())
                .put("where", state.request().where())
                .put("rows_per_second", state.request().rowsPerSecond())
                .put("state", state.phase().name().toLowerCase(Locale.ROOT))
                .put("note", state.note())
                .put("rows_read", state.read())
                .put("rows_told", state.told())
                .put("rows_estimated", state.estimated())
                .put("begun_at", state.begun().toString())
                .put("ended_at", state.ended() == null ? null : state.ended().toString());
        return json;
    }
}
