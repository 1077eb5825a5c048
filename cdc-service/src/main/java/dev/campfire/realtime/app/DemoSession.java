package dev.campfire.realtime.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.identity.TokenMinter;
import dev.campfire.realtime.server.HttpAnswer;
import dev.campfire.realtime.server.HttpCall;
import dev.campfire.realtime.server.HttpEndpoint;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.NetUtil;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * {@code GET /demo/session}: the sample organisation, its agent, its conversations and their visitors, each with a token,
 * for the demo's page. Only {@code campfire demo} has it; it answers its own page and no other.
 */
final class DemoSession implements HttpEndpoint {

    private static final Duration LIFETIME = Duration.ofHours(1);

    private final TokenMinter minter;
    private final InstantSource clock;

    DemoSession(TokenMinter minter, InstantSource clock) {
        this.minter = minter;
        this.clock = clock;
    }

    @Override
    public CompletionStage<HttpAnswer> answer(HttpCall call) {
        HttpAnswer answer = isOwnPage(call.headers())
                ? HttpAnswer.json(200, session().toString())
                : HttpAnswer.error(
                        403,
                        "Tokens are for the demo's own page. Open it at localhost, or at the address of this machine as a number.");
        return CompletableFuture.completedFuture(answer.with("cache-control", "no-store"));
    }

    /**
     * Whether a page of this service asks, or something that is no page. Any page of the web may send a browser's requests
     * here, also under a name of its own that it lets point here; such a name is not answered.
     */
    private static boolean isOwnPage(HttpHeaders headers) {
        String host = headers.get("host", "");
        String origin = headers.get("origin");
        String site = headers.get("sec-fetch-site", "none");
        boolean isSameOrigin = origin == null || origin.equals("http://" + host) || origin.equals("https://" + host);
        return isSameOrigin && (site.equals("same-origin") || site.equals("none")) && isOfThisMachine(host);
    }

    private static boolean isOfThisMachine(String host) {
        try {
            String name = URI.create("http://" + host).getHost();
            return name != null
                    && (name.equals("localhost")
                            || NetUtil.isValidIpV4Address(name)
                            || NetUtil.isValidIpV6Address(name));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private ObjectNode session() {
        ObjectNode session = JsonNodeFactory.instance.objectNode();
        session.putObject("organization").put("id", DemoRows.ORGANIZATION.toString());
        session.put("anonKey", DemoCommand.anonKey(minter));
        session.putObject("agent")
                .put("id", DemoRows.AGENT.toString())
                .put("name", DemoRows.AGENT_NAME)
                .put("token", DemoCommand.agentToken(minter, LIFETIME));
        ArrayNode conversations = session.putArray("conversations");
        for (DemoRows.Sample sample : DemoRows.SAMPLES) {
            ObjectNode conversation =
                    conversations.addObject().put("id", sample.id().toString()).put("subject", sample.subject());
            conversation.putObject("visitor").put("id", sample.visitor()).put("name", sample.name());
            conversation.put("token", visitorToken(sample));
        }
        return session.put("expires", clock.instant().plus(LIFETIME).getEpochSecond());
    }

    /** Of a visitor who may see and write one conversation. */
    private String visitorToken(DemoRows.Sample sample) {
        return minter.mint(
                "anon",
                null,
                Map.of(
                        "organization_id", DemoRows.ORGANIZATION.toString(),
                        "conversation_id", sample.id().toString(),
                        "visitor_id", sample.visitor()),
                LIFETIME);
    }
}
