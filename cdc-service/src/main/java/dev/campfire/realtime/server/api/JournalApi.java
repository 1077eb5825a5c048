package dev.campfire.realtime.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.identity.Claims;
import dev.campfire.realtime.identity.TokenVerifier;
import dev.campfire.realtime.replay.JournalDesk;
import dev.campfire.realtime.replay.LostException;
import dev.campfire.realtime.replay.MalformedRequestException;
import dev.campfire.realtime.replay.NamePattern;
import dev.campfire.realtime.replay.ReplayRequest;
import dev.campfire.realtime.replay.Speed;
import dev.campfire.realtime.server.BodyWriter;
import dev.campfire.realtime.server.HttpAnswer;
import dev.campfire.realtime.server.HttpCall;
import dev.campfire.realtime.server.HttpEndpoint;
import dev.campfire.realtime.server.Routes;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The journal for whoever runs the service: {@code GET /api/journal} and what lies below it. All of it is for tokens of
 * {@code service_role}, for it tells of every channel and every row.
 */
public final class JournalApi {

    private static final String PATH = "/api/journal";
    private static final String NDJSON = "application/x-ndjson";
    private static final int DEFAULT_CHANNELS = 100;
    private static final int MOST_CHANNELS = 1000;

    private final JournalDesk desk;
    private final TokenVerifier verifier;
    private final Operators operators;

    public JournalApi(JournalDesk desk, TokenVerifier verifier) {
        this.desk = desk;
        this.verifier = verifier;
        this.operators = new Operators(verifier);
    }

    /** Adds its routes. */
    public void addTo(Routes.Builder routes) {
        routes.get(PATH, forOperators((call, claims) -> json(desk.contents())))
                .get(PATH + "/channels", forOperators((call, claims) -> channels(call)))
                .get(PATH + "/events", forOperators(this::events))
                .get(PATH + "/verify", forOperators(this::verify))
                .post(PATH + "/replay", forOperators(this::replay));
    }

    /** Something that is answered on a thread that may block. */
    @FunctionalInterface
    private interface Blocking {
        HttpAnswer answer(HttpCall call, Claims claims) throws IOException, MalformedRequestException, LostException;
    }

    private HttpEndpoint forOperators(Blocking endpoint) {
        return operators.only((call, claims) -> CompletableFuture.supplyAsync(
                () -> answer(endpoint, call, claims),
                task -> Thread.ofVirtual().name("journal").start(task)));
    }

    private static HttpAnswer answer(Blocking endpoint, HttpCall call, Claims claims) {
        try {
            return endpoint.answer(call, claims);
        } catch (MalformedRequestException e) {
            return Problem.MALFORMED.answer(String.valueOf(e.getMessage()));
        } catch (LostException e) {
            return gone(e);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private static HttpAnswer json(ObjectNode json) {
        return HttpAnswer.json(200, json.toString());
    }

    private static HttpAnswer gone(LostException lost) {
        ObjectNode more = JsonNodeFactory.instance.objectNode();
        more.put("recovered", false).put("oldest", lost.oldest());
        return Problem.GONE.answer(String.valueOf(lost.getMessage()), more);
    }

    private HttpAnswer channels(HttpCall call) throws IOException, MalformedRequestException {
        String pattern = JournalQuery.first(call.query(), "channel");
        String limit = JournalQuery.first(call.query(), "limit");
        return json(desk.channels(
                pattern == null ? null : NamePattern.parse(pattern),
                JournalQuery.first(call.query(), "after"),
                limit == null ? DEFAULT_CHANNELS : (int) JournalQuery.number("limit", limit, MOST_CHANNELS)));
    }

    private HttpAnswer events(HttpCall call, Claims claims)
            throws IOException, MalformedRequestException, LostException {
        ReplayRequest request = JournalQuery.of(call.query());
        return desk.hasRoomToRead()
                ? lines(desk.read(request), claims)
                : Problem.TOO_MANY.answer("The journal is read by too many just now");
    }

    private HttpAnswer verify(HttpCall call, Claims claims) throws MalformedRequestException {
        String channels = JournalQuery.first(call.query(), "channels");
        int most = channels == null ? DEFAULT_CHANNELS : (int) JournalQuery.number("channels", channels, MOST_CHANNELS);
        return written(desk.survey(most), claims);
    }

    private HttpAnswer replay(HttpCall call, Claims claims)
            throws IOException, MalformedRequestException, LostException {
        JsonNode body;
        try {
            body = BatchBroadcast.read(call.body());
        } catch (IOException e) {
            throw new MalformedRequestException("the body is not JSON");
        }
        ReplayRequest request = JournalQuery.of(body);
        String speed = JournalQuery.text(body, "speed");
        Speed wanted = speed == null ? Speed.MAX : Speed.parse(speed);
        return desk.hasRoomToReplay()
                ? lines(desk.replay(request, wanted), claims)
                : Problem.TOO_MANY.answer("Too much is replayed just now");
    }

    private HttpAnswer lines(JournalDesk.Opened opened, Claims claims) {
        return written(opened.work(), claims)
                .with("x-recovered", Boolean.toString(opened.isRecovered()))
                .with("access-control-expose-headers", "x-recovered");
    }

    private HttpAnswer written(JournalDesk.Work work, Claims claims) {
        BodyWriter writer = out -> new GuardedLines(out, claims, verifier).write(work);
        return HttpAnswer.written(200, NDJSON, writer).with("x-accel-buffering", "no");
    }
}
