package dev.campfire.realtime.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.campfire.realtime.access.ChannelAuthority;
import dev.campfire.realtime.access.LegacyChannels;
import dev.campfire.realtime.access.ProtectedChannels;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.identity.TokenMinter;
import dev.campfire.realtime.identity.TokenVerifier;
import dev.campfire.realtime.limits.Tenant;
import dev.campfire.realtime.limits.TenantLimits;
import dev.campfire.realtime.server.HttpAnswer;
import dev.campfire.realtime.server.HttpCall;
import dev.campfire.realtime.signals.TypingBridge;
import dev.campfire.realtime.vocabulary.NameGuard;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Any bytes as the body of a broadcast over HTTP: an answer of the protocol's, and no exception. */
final class BodyFuzzTest {

    private static final String SECRET = "a secret that is only used by these tests";
    private static final Set<Integer> ANSWERS = Set.of(202, 400, 403, 413, 415, 422, 429);

    private final ChannelHub hub = new ChannelHub(new UnpooledByteBufAllocator(false), 1_000_000);
    private final Broadcasts broadcasts = new Broadcasts(
            hub,
            new TokenVerifier(List.of(SECRET), InstantSource.system()),
            ChannelAuthority.DENY_ALL,
            ProtectedChannels.STANDARD,
            new NameGuard(false, false),
            LegacyChannels.NONE,
            new TypingBridge(hub, true, InstantSource.system(), (task, delay) -> {}),
            new Tenant("t", TenantLimits.DEFAULT));
    private final String token =
            new TokenMinter(SECRET, InstantSource.system()).mint("anon", null, Map.of(), Duration.ofHours(12));

    private HttpCall call(String contentType, byte[] body) {
        HttpHeaders headers = new DefaultHttpHeaders();
        headers.set("authorization", "Bearer " + token);
        headers.set("content-type", contentType);
        return new HttpCall("POST", "/", Map.of("topic", "room", "event", "e"), Map.of(), headers, body);
    }

    @FuzzTest
    void a_batch_is_answered(byte[] body) {
        HttpAnswer answer = new BatchBroadcast(broadcasts)
                .answer(call("application/json", body))
                .toCompletableFuture()
                .join();

        assertThat(answer.status()).isIn(ANSWERS);
    }

    @FuzzTest
    void a_single_broadcast_is_answered(byte[] body) {
        for (String type : List.of("application/json", "application/octet-stream")) {
            HttpAnswer answer = new SingleBroadcast(broadcasts)
                    .answer(call(type, body))
                    .toCompletableFuture()
                    .join();

            assertThat(answer.status()).isIn(ANSWERS);
        }
    }
}
