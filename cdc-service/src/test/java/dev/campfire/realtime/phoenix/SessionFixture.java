package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.ManualClock;
import dev.campfire.realtime.access.ChannelAuthority;
import dev.campfire.realtime.access.ChannelUser;
import dev.campfire.realtime.access.Extension;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.identity.TokenMinter;
import dev.campfire.realtime.identity.TokenVerifier;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Sessions on one loop of one hub, whose clients type text. */
final class SessionFixture {

    private static final String SECRET = "a secret that is only used by these tests";

    final ManualClock clock = new ManualClock();
    final TokenMinter minter = new TokenMinter(SECRET, clock);
    final ChannelHub hub = new ChannelHub(new UnpooledByteBufAllocator(false), 100_000);
    private final Queue<Runnable> loop = new ArrayDeque<>();
    private final List<String> mayRead = new ArrayList<>();
    final PhoenixEndpoint endpoint = new PhoenixEndpoint(
            hub,
            new TokenVerifier(List.of(SECRET), clock),
            new ChannelAuthority() {
                @Override
                public CompletionStage<Set<Extension>> readable(ChannelUser user, Set<Extension> asked) {
                    return CompletableFuture.completedStage(
                            mayRead.contains(user.claims().role() + " " + user.topic()) ? asked : Set.of());
                }

                @Override
                public CompletionStage<Boolean> isWritable(ChannelUser user, Extension extension) {
                    return CompletableFuture.completedStage(false);
                }
            },
            clock,
            new SessionLimits(3, 1_000, 20));

    /** A token that is good for a while. */
    String token(String role, Duration lifetime) {
        return minter.mint(role, null, Map.of(), lifetime);
    }

    void allow(String role, String channel) {
        mayRead.add(role + " " + channel);
    }

    Client connect(ProtocolVersion version) {
        return connect(version, token("anon", Duration.ofHours(1)));
    }

    Client connect(ProtocolVersion version, String token) {
        FakeLink link = new FakeLink(clock);
        return new Client(endpoint.open(version, token, loop::add, link), link);
    }

    private void runLoop() {
        for (Runnable task = loop.poll(); task != null; task = loop.poll()) {
            task.run();
        }
    }

    /** One socket's client. */
    final class Client {
        final PhoenixSession session;
        final FakeLink link;

        Client(PhoenixSession session, FakeLink link) {
            this.session = session;
            this.link = link;
        }

        /** Sends a message, lets the loop run, and gives what came back. */
        List<String> send(String message) {
            session.onText(message.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
            return take();
        }

        List<String> sendHex(String message) {
            session.onBinary(HexFormat.of().parseHex(message));
            return take();
        }

        List<String> take() {
            runLoop();
            return link.take().stream()
                    .map(message -> message.replace('"', '\''))
                    .toList();
        }

        /** Joins with this configuration, as version 2. */
        List<String> join(String topic, String ref, String payload) {
            return send("['" + ref + "','" + ref + "','" + topic + "','phx_join'," + payload + "]");
        }
    }
}
