package dev.campfire.realtime.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.app.ServiceClient.Answer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Has a running service tell of the rows that a table has. */
@Command(
        name = "backfill",
        mixinStandardHelpOptions = true,
        description = {
            "Tells of the rows that a table has: each becomes the events of an INSERT, marked meta.backfill, on its channels and"
                    + " in the journal, while live changes go on. Of a row that is changed meanwhile the newest state is told; one"
                    + " that is inserted or deleted meanwhile is told by that alone.",
            "",
            "The service does it, as service_role: it goes on when this command is ended, and after a crash of the service or of"
                    + " Postgres. The same command again shows how far it is, goes on with one that failed, and does not tell of"
                    + " the same rows a second time (--again does).",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  campfire backfill --table public.messages --dry-run",
            "  campfire backfill --table public.messages --where \"created_at > now() - interval '30 days'\" --rate 2000",
            "Exit status: 0 done, 1 a failure, or it was cancelled, 2 wrong usage."
        })
final class BackfillCommand implements Callable<Integer> {

    private static final String PATH = "/api/backfills";

    /** How often it is looked how far it is. */
    private static final Duration LOOK = Duration.ofMillis(500);

    /** How long the service may be away before this command gives up: it goes on without it. */
    private static final Duration AWAY = Duration.ofMinutes(2);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Option(names = "--table", paramLabel = "TABLE", description = "Which, such as public.messages.")
    private @Nullable String table;

    @Option(
            names = "--where",
            paramLabel = "SQL",
            description =
                    "Only rows that meet this condition. It is evaluated as service_role, in transactions that can't write.")
    private @Nullable String where;

    @Option(
            names = "--rate",
            paramLabel = "ROWS",
            defaultValue = "0",
            description = "How many rows a second at most. Default: no limit.")
    private int rate;

    @Option(names = "--dry-run", description = "Counts the rows, and tells nothing.")
    private boolean isDryRun;

    @Option(
            names = "--again",
            description = "Begins anew when it was done or cancelled before: rows are told a second time.")
    private boolean isAgain;

    @Option(
            names = "--cancel",
            description = "Ends the backfill of this table and condition. What was told stays told.")
    private boolean isCancel;

    @Option(names = "--list", description = "Shows all backfills that the service knows.")
    private boolean isList;

    @Option(names = "--json", description = "Prints a JSON object a line.")
    private boolean isJson;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "Where the service listens. Default: CAMPFIRE_URL, or http://localhost:4000 with the port in PORT.")
    private @Nullable URI url;

    @Option(
            names = "--token",
            paramLabel = "JWT",
            description = "A token of service_role. Default: CAMPFIRE_TOKEN, or one that is made with API_JWT_SECRET.")
    private @Nullable String token;

    BackfillCommand() {}

    @Override
    public Integer call() throws Exception {
        if (!isList && (table == null || table.isBlank())) {
            throw new ParameterException(spec.commandLine(), "Say which table: --table public.messages");
        }
        if (rate < 0) {
            throw new ParameterException(spec.commandLine(), "--rate must be a number of rows, 0 for no limit");
        }
        Map<String, String> environment = System.getenv();
        String address = environment.getOrDefault(
                "CAMPFIRE_URL", "http://localhost:" + environment.getOrDefault("PORT", "4000"));
        URI place = url != null ? url : URI.create(address);
        String bearer = token != null ? token : environment.get("CAMPFIRE_TOKEN");
        try (ServiceClient service = new ServiceClient(place, bearer, environment)) {
            return run(service);
        } catch (IOException e) {
            throw new IOException("The service at " + place + " can't be asked (" + FailureText.reason(e)
                    + "). Start it with ./campfire serve, or say where it is with --url.");
        }
    }

    private int run(ServiceClient service) throws IOException, InterruptedException {
        BackfillProgress progress = new BackfillProgress(spec.commandLine().getOut(), isJson);
        if (isList || isCancel) {
            return overview(service, progress);
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("table", table)
                .put("where", where)
                .put("rows_per_second", rate)
                .put("dry_run", isDryRun)
                .put("again", isAgain);
        Answer answer = service.post(PATH, body);
        if (!answer.isGood()) {
            return refused(answer);
        }
        JsonNode state = answer.body();
        if (answer.status() == 200) {
            progress.wasOver(state);
            return status(state);
        }
        return follow(service, state, progress);
    }

    private int refused(Answer answer) {
        spec.commandLine().getErr().println("campfire: " + answer.problem());
        return answer.status() == 422 ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
    }

    private int overview(ServiceClient service, BackfillProgress progress) throws IOException, InterruptedException {
        Answer answer = service.get(PATH);
        if (!answer.isGood()) {
            return refused(answer);
        }
        for (JsonNode state : answer.body().path("backfills")) {
            if (isList) {
                progress.line(state);
            } else if (isMeant(state) && !isOver(state)) {
                Answer cancelled = service.delete(PATH + "/" + state.path("id").asText());
                if (!cancelled.isGood()) {
                    return refused(cancelled);
                }
                progress.line(cancelled.body());
                return CommandLine.ExitCode.OK;
            }
        }
        if (isCancel) {
            spec.commandLine().getErr().println("campfire: nothing of " + table + " is being backfilled");
            return CommandLine.ExitCode.SOFTWARE;
        }
        return CommandLine.ExitCode.OK;
    }

    private boolean isMeant(JsonNode state) {
        String name = table == null || table.contains(".") ? table : "public." + table;
        return state.path("table").asText().equals(name)
                && (where == null || where.strip().equals(state.path("where").asText()));
    }

    private int follow(ServiceClient service, JsonNode begun, BackfillProgress progress)
            throws IOException, InterruptedException {
        String id = begun.path("id").asText();
        long heard = System.nanoTime();
        JsonNode state = begun;
        while (!isOver(state)) {
            progress.show(state);
            Thread.sleep(LOOK);
            try {
                Answer answer = service.get(PATH + "/" + id);
                if (answer.status() == 404) {
                    // What was being counted a restarted service knows nothing of.
                    spec.commandLine().getErr().println("campfire: the service knows nothing of it any more");
                    return CommandLine.ExitCode.SOFTWARE;
                }
                if (answer.isGood()) {
                    state = answer.body();
                }
                heard = System.nanoTime();
            } catch (IOException e) {
                progress.away(FailureText.reason(e));
                if (System.nanoTime() - heard > AWAY.toNanos()) {
                    throw e;
                }
            }
        }
        progress.end(state, isDryRun);
        return status(state);
    }

    private static boolean isOver(JsonNode state) {
        return switch (state.path("state").asText()) {
            case "done", "failed", "cancelled" -> true;
            default -> false;
        };
    }

    private static int status(JsonNode state) {
        return state.path("state").asText().equals("done") ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}
