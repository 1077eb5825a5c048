package dev.campfire.realtime.phoenix;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.identity.Claims;
import dev.campfire.realtime.identity.Rejection;
import dev.campfire.realtime.identity.Verification;
import dev.campfire.realtime.phoenix.PhoenixSession.Ending;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Ends a channel when the token that it was joined with ends, and takes the tokens that clients bring in time. */
final class TokenWatch {

    /** Timers run by another clock than the wall's, which can be set: so they look again at least this often. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private static final Duration SHORTEST_WAIT = Duration.ofMillis(1);

    private final SocketContext context;
    private final Renewal renewal;
    private final BiConsumer<JoinedTopic, Ending> end;

    TokenWatch(SocketContext context, Renewal renewal, BiConsumer<JoinedTopic, Ending> end) {
        this.context = context;
        this.renewal = renewal;
        this.end = end;
    }

    /** Watches the topic's token from now on. */
    void watch(JoinedTopic joined) {
        Duration left = Duration.between(
                context.endpoint().clock().instant(), joined.claims().expiresAt());
        Duration wait = left.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : left;
        joined.watch(
                context.link().schedule(wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait, () -> look(joined)));
    }

    private void look(JoinedTopic joined) {
        Rejection expired =
                context.services().verifier().expired(joined.claims().expiresAt());
        if (expired == null) {
            watch(joined);
            return;
        }
        refuse(joined, expired);
        context.link().flush();
    }

    /** Takes the token of an {@code access_token} message. A good one is not answered, as in the original. */
    void replace(JoinedTopic joined, ClientMessage.Push push) throws MalformedMessageException {
        String token = token(push);
        if (token == null || token.startsWith(JoinRequest.OPAQUE_KEY) || token.equals(joined.token())) {
            return;
        }
        switch (context.services().verifier().verify(token)) {
            case Verification.Refused(Rejection rejection) -> refuse(joined, rejection);
            case Verification.Accepted(Claims claims) -> {
                if (!joined.putOff(() -> renew(joined, token, claims))) {
                    renew(joined, token, claims);
                }
            }
        }
    }

    private void renew(JoinedTopic joined, String token, Claims claims) {
        if (!joined.hasEnded()) {
            joined.renew(token, claims, context.headers());
            watch(joined);
            renewal.renew(joined);
        }
    }

    private @Nullable String token(ClientMessage.Push push) throws MalformedMessageException {
        byte[] payload = push.payload();
        if (payload == null) {
            throw new MalformedMessageException(Oddity.BAD_PAYLOAD);
        }
        JsonNode token = context.endpoint().json().tree(payload).path("access_token");
        return token.isTextual() ? token.textValue() : null;
    }

    /**
     * Says why, and ends the channel. The original closes it for good even when the token has only expired, so that a
     * client that slept never comes back; here that client is made to join again, with the token that it has by then.
     */
    private void refuse(JoinedTopic joined, Rejection rejection) {
        context.writer().system(joined.joinRef(), joined.topic(), "error", rejection.message(), joined.name());
        end.accept(joined, rejection instanceof Rejection.Expired ? Ending.ERRORED : Ending.CLOSED);
    }
}
