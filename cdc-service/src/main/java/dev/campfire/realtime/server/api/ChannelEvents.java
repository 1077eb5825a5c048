package dev.campfire.realtime.server.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.phoenix.ChannelReader;
import dev.campfire.realtime.phoenix.ChannelReader.Outcome;
import dev.campfire.realtime.phoenix.PastEvent;
import dev.campfire.realtime.server.EventsQuery;
import dev.campfire.realtime.server.EventsRefusal;
import dev.campfire.realtime.server.HttpAnswer;
import dev.campfire.realtime.server.HttpCall;
import dev.campfire.realtime.server.HttpEndpoint;
import dev.campfire.realtime.server.Routes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * {@code GET /api/channels/:channel/events}: what was said on a channel, page by page, as one JSON object or line by line.
 * A stream of the same is the connection's business, and opened before this is asked.
 */
public final class ChannelEvents implements HttpEndpoint {

    private static final String PATH = "/api/channels/:channel/events";

    private final ChannelReader reader;

    public ChannelEvents(ChannelReader reader) {
        this.reader = reader;
    }

    /** Adds its routes: behind a gateway, and without one. */
    public void addTo(Routes.Builder routes) {
        routes.get(PATH, this).get("/realtime/v1" + PATH, this);
    }

    @Override
    public CompletionStage<HttpAnswer> answer(HttpCall call) {
        EventsQuery query;
        try {
            query = EventsQuery.of(call.pathParameters().getOrDefault("channel", ""), call.query(), call.headers());
        } catch (EventsQuery.MalformedException e) {
            return done(EventsRefusal.of(400, String.valueOf(e.getMessage())));
        }
        String token = query.token();
        if (token == null || token.isBlank()) {
            return done(EventsRefusal.of(401, "A token is missing"));
        }
        return reader.read(query.request(token, call.headers())).thenApply(outcome -> switch (outcome) {
            case Outcome.Refused(var refusal) -> unstored(EventsRefusal.of(refusal.status(), refusal.reason()));
            case Outcome.Read read ->
                unstored(query.format() == EventsQuery.Format.NDJSON ? lines(read) : object(read));
        });
    }

    private static CompletionStage<HttpAnswer> done(HttpAnswer answer) {
        return CompletableFuture.completedFuture(unstored(answer));
    }

    private static HttpAnswer unstored(HttpAnswer answer) {
        return answer.with("cache-control", "no-store").with("vary", "accept, authorization, apikey");
    }

    private static HttpAnswer object(Outcome.Read read) {
        ObjectNode rest = JsonNodeFactory.instance.objectNode();
        rest.put("next", read.next())
                .put("recovered", read.isRecovered())
                .put("more", !read.isAtEnd())
                .put("oldest", read.oldest())
                .put("newest", read.newest());
        ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
        out.writeBytes(ascii("{\"events\":["));
        String between = "";
        for (PastEvent event : read.events()) {
            out.writeBytes(ascii(between));
            out.writeBytes(event.json());
            between = ",";
        }
        out.writeBytes(ascii("],"));
        out.writeBytes(ascii(rest.toString().substring(1)));
        return new HttpAnswer(200, EventsQuery.Format.JSON.mediaType(), out.toByteArray(), Map.of());
    }

    /** What the object says besides its events, headers say here. */
    private static HttpAnswer lines(Outcome.Read read) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
        for (PastEvent event : read.events()) {
            out.writeBytes(event.json());
            out.write('\n');
        }
        Map<String, String> headers = new HashMap<>();
        headers.put("x-recovered", Boolean.toString(read.isRecovered()));
        headers.put("x-more", Boolean.toString(!read.isAtEnd()));
        if (read.next() != null) {
            headers.put("x-next", read.next());
        }
        if (read.oldest() != null) {
            headers.put("x-oldest", read.oldest());
        }
        if (read.newest() != null) {
            headers.put("x-newest", read.newest());
        }
        headers.put("access-control-expose-headers", "x-recovered, x-more, x-next, x-oldest, x-newest");
        return new HttpAnswer(200, EventsQuery.Format.NDJSON.mediaType(), out.toByteArray(), headers);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
