package dev.campfire.realtime.phoenix;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.access.Extension;
import dev.campfire.realtime.limits.Tenant;
import dev.campfire.realtime.limits.TenantLimits;
import dev.campfire.realtime.phoenix.PhoenixSession.Ending;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What clients say of their own presence. Used by the socket's event loop alone. */
final class PresenceCalls {

    private final SocketContext context;
    private final BiConsumer<JoinedTopic, Ending> end;

    PresenceCalls(SocketContext context, BiConsumer<JoinedTopic, Ending> end) {
        this.context = context;
        this.end = end;
    }

    /** Takes a {@code presence} message. */
    void call(JoinedTopic joined, ClientMessage.Push push) throws MalformedMessageException {
        byte[] payload = push.payload();
        if (payload == null) {
            throw new MalformedMessageException(Oddity.BAD_PAYLOAD);
        }
        JsonNode call = context.endpoint().json().tree(payload);
        JsonNode event = call.path("event");
        if (!call.isObject() || event.isMissingNode()) {
            reply(joined, push, "ok", "{}");
            return;
        }
        String refusal = refusal(joined);
        if (refusal != null) {
            context.writer().system(joined.joinRef(), joined.topic(), "error", refusal, joined.name());
            end.accept(joined, Ending.ERRORED);
            return;
        }
        switch (event.isTextual() ? event.textValue().toLowerCase(Locale.ROOT) : "") {
            case "track" -> track(joined, push, call.path("payload"));
            case "untrack" -> {
                // Behind what was tracked before, which may still wait for its permission.
                Runnable untrack = () -> untracked(joined, push);
                joined.permissions().send(Extension.PRESENCE, untrack, untrack);
            }
            default -> reply(joined, push, "error", "{}");
        }
    }

    /** Counts the call; the text says which limit it is beyond. */
    private @Nullable String refusal(JoinedTopic joined) {
        Tenant tenant = context.services().tenant();
        TenantLimits limits = tenant.limits();
        tenant.presenceEvents().add(1);
        if (tenant.presenceEvents().perSecond() > limits.presenceEventsPerSecond()) {
            return "Too many presence messages per second";
        }
        boolean isAllowed = joined.presence()
                .isCallAllowed(context.endpoint().clock().millis(), limits.presenceCalls(), limits.presenceWindow());
        return isAllowed ? null : "Client presence rate limit exceeded";
    }

    private void track(JoinedTopic joined, ClientMessage.Push push, JsonNode meta) {
        if (!meta.isObject()) {
            reply(joined, push, "error", "{\"reason\":\"Presence track payload must be a map\"}");
            return;
        }
        TenantLimits limits = context.endpoint().tenantLimits();
        byte[] json = meta.toString().getBytes(StandardCharsets.UTF_8);
        if (json.length > limits.payload() || meta.size() > limits.presenceKeys()) {
            String text = json.length > limits.payload()
                    ? "Track message size exceeded"
                    : "Presence object has more than " + limits.presenceKeys() + " keys";
            context.writer().system(joined.joinRef(), joined.topic(), "error", text, joined.name());
            end.accept(joined, Ending.ERRORED);
            return;
        }
        joined.permissions()
                .send(
                        Extension.PRESENCE,
                        () -> permitted(joined, push, meta, json),
                        () -> reply(joined, push, "error", "{}"));
    }

    private void permitted(JoinedTopic joined, ClientMessage.Push push, JsonNode meta, byte[] json) {
        if (joined.hasEnded()) {
            return;
        }
        if (joined.isJudged()
                && !joined.request().presence().isEnabled()
                && !joined.presence().isEnabled()) {
            enable(joined);
        }
        if (!meta.equals(joined.presence().tracked())) {
            joined.presence().tracked(meta);
            context.services().presences().track(joined.key(), joined.presence().member(), json);
        }
        reply(joined, push, "ok", "{}");
    }

    /** Who is present without having asked for presence hears of the others from now on, as far as policies allow. */
    private void enable(JoinedTopic joined) {
        joined.presence().enable();
        String token = joined.token();
        context.await(
                context.services().authority().readable(joined.user(context.headers()), EnumSet.of(Extension.PRESENCE)),
                (may, failure) -> {
                    if (joined.isCurrent(token) && may != null && may.contains(Extension.PRESENCE)) {
                        joined.hearPresence(context.hub()
                                .join(
                                        joined.key().presence(),
                                        context.link(),
                                        context.writer().format(),
                                        joined.topic()));
                        joined.throttle(context);
                    }
                });
    }

    private void untracked(JoinedTopic joined, ClientMessage.Push push) {
        if (!joined.hasEnded()) {
            untrack(joined);
            reply(joined, push, "ok", "{}");
        }
    }

    /** Ends the client's presence on the topic, if there is any. */
    void untrack(JoinedTopic joined) {
        if (joined.presence().tracked() != null) {
            joined.presence().tracked(null);
            context.services()
                    .presences()
                    .untrack(joined.key(), joined.presence().member());
        }
    }

    /** Ends it for a client that has not said so, and may come again. */
    void lose(JoinedTopic joined) {
        if (joined.presence().tracked() != null) {
            joined.presence().tracked(null);
            context.services().presences().lose(joined.key(), joined.presence().member());
        }
    }

    private void reply(JoinedTopic joined, ClientMessage.Push push, String status, String response) {
        context.writer().reply(joined.joinRef(), push.ref(), joined.topic(), status, response);
    }
}
