package dev.campfire.realtime.server.api;

import dev.campfire.realtime.access.ChannelAuthority;
import dev.campfire.realtime.access.LegacyChannels;
import dev.campfire.realtime.access.ProtectedChannels;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.conversations.Conversations;
import dev.campfire.realtime.conversations.Messages;
import dev.campfire.realtime.identity.TokenVerifier;
import dev.campfire.realtime.limits.Tenant;
import dev.campfire.realtime.server.HttpAnswer;
import dev.campfire.realtime.server.HttpCall;
import dev.campfire.realtime.server.HttpEndpoint;
import dev.campfire.realtime.server.Routes;
import dev.campfire.realtime.signals.TypingBridge;
import dev.campfire.realtime.vocabulary.NameGuard;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All endpoints of this package, under the paths that they have behind a gateway and without one. */
public final class RestApi {

    private static final String BEHIND_NO_GATEWAY = "/realtime/v1";

    private final Broadcasts broadcasts;
    private final ConversationsApi conversations;
    private final TenantApi tenants;
    private final @Nullable TokenVerifier scrapers;
    private final Supplier<String> metrics;
    private final String description;

    /**
     * @param messages writes messages
     * @param conversations reads them
     * @param clock says when somebody typed
     * @param protectedChannels which topics are private whatever a call says
     * @param names looks whether names are the standard's
     * @param legacyChannels which topics are old names of conversations
     * @param typing where it is said who types
     * @param isStreaming whether changes are read
     * @param disconnectAll sends all sockets away, to come again
     * @param scrapers decides who may read the metrics; null for nobody
     * @param metrics the metrics as text, in the format of Prometheus
     */
    public RestApi(
            ChannelHub hub,
            TokenVerifier verifier,
            ChannelAuthority authority,
            ProtectedChannels protectedChannels,
            NameGuard names,
            LegacyChannels legacyChannels,
            TypingBridge typing,
            Tenant tenant,
            Messages messages,
            Conversations conversations,
            InstantSource clock,
            BooleanSupplier isStreaming,
            Runnable disconnectAll,
            @Nullable TokenVerifier scrapers,
            Supplier<String> metrics) {
        this.broadcasts =
                new Broadcasts(hub, verifier, authority, protectedChannels, names, legacyChannels, typing, tenant);
        this.conversations = new ConversationsApi(messages, conversations, broadcasts, hub, verifier, tenant, clock);
        this.tenants = new TenantApi(tenant, verifier, isStreaming, disconnectAll);
        this.scrapers = scrapers;
        this.metrics = metrics;
        this.description = resource("/openapi.json");
    }

    /** Adds all routes. */
    public void addTo(Routes.Builder routes) {
        HttpEndpoint batch = new BatchBroadcast(broadcasts);
        HttpEndpoint single = new SingleBroadcast(broadcasts);
        for (String prefix : new String[] {"", BEHIND_NO_GATEWAY}) {
            routes.post(prefix + "/api/broadcast", batch)
                    .post(prefix + "/api/broadcast/:topic/events/:event", single)
                    .get(prefix + "/api/ping", call -> answer(HttpAnswer.message(200, "Success")))
                    .get(prefix + "/api/openapi", call -> answer(HttpAnswer.json(200, description)));
            conversations.addTo(routes, prefix);
        }
        routes.get("/metrics", this::metrics).get("/metrics/:region", this::metrics);
        tenants.addTo(routes);
    }

    private CompletableFuture<HttpAnswer> metrics(HttpCall call) {
        String token = Caller.bearer(call);
        boolean isPermitted = scrapers != null && token != null && scrapers.isAuthentic(token);
        return answer(isPermitted ? HttpAnswer.text(200, metrics.get()) : HttpAnswer.empty(403));
    }

    private static CompletableFuture<HttpAnswer> answer(HttpAnswer answer) {
        return CompletableFuture.completedFuture(answer);
    }

    private static String resource(String name) {
        try (InputStream text = RestApi.class.getResourceAsStream(name)) {
            if (text == null) {
                throw new IllegalStateException("this build lacks the resource " + name);
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
