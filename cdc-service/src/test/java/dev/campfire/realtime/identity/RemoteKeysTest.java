package dev.campfire.realtime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Resource;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that are fetched, over a real connection and from a source that fails when it is told to. */
final class RemoteKeysTest {

    private static final SharedSecrets SECRETS =
            new SharedSecrets(List.of("a secret that is only used by these tests"));

    private final AtomicReference<String> document = new AtomicReference<>();
    private final AtomicInteger fetches = new AtomicInteger();
    private final AtomicLong now = new AtomicLong();
    private final RemoteKeys keys = new RemoteKeys(
            URI.create("https://keys.example/jwks"),
            SECRETS,
            SECRETS,
            url -> {
                fetches.incrementAndGet();
                if (document.get() == null) {
                    throw new IOException("not now");
                }
                return new Resource(document.get(), "application/json");
            },
            now::get);

    @AfterEach
    void close() {
        keys.close();
    }

    private static String jwks(String... ids) throws Exception {
        StringBuilder all = new StringBuilder("{\"keys\":[");
        for (String id : ids) {
            RSAKey key = new RSAKeyGenerator(2048).keyID(id).generate().toPublicJWK();
            all.append(all.toString().endsWith("[") ? "" : ",").append(key.toJSONString());
        }
        return all + "]}";
    }

    private boolean knows(RemoteKeys some, String id) {
        return !some.candidates(
                        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(id).build())
                .isEmpty();
    }

    @Test
    void keys_that_were_fetched_stay_good_while_the_source_can_not_be_reached_or_sends_nonsense() throws Exception {
        document.set(jwks("one"));
        assertThat(keys.fetch()).isTrue();

        document.set(null);
        assertThat(keys.fetch()).isFalse();
        assertThat(knows(keys, "one")).isTrue();
        document.set("<html>");
        assertThat(keys.fetch()).isFalse();

        assertThat(knows(keys, "one")).isTrue();
        assertThat(keys.candidates(new JWSHeader(JWSAlgorithm.HS256))).isNotEmpty();
    }

    @Test
    void a_key_that_is_not_known_has_the_document_fetched_but_not_for_every_token() throws Exception {
        document.set(jwks("one"));
        keys.fetch();
        document.set(jwks("two"));
        now.addAndGet(Duration.ofSeconds(30).toNanos());

        assertThat(knows(keys, "two")).isFalse();
        await().until(() -> knows(keys, "two"));
        int before = fetches.get();
        for (int i = 0; i < 100; i++) {
            assertThat(knows(keys, "none " + i)).isFalse();
        }

        assertThat(fetches.get()).isEqualTo(before);
        assertThat(knows(keys, "one")).as("a key that was withdrawn").isFalse();
    }

    @Test
    void a_document_is_fetched_over_http_by_itself() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] body = jwks("one").getBytes(StandardCharsets.UTF_8);
        server.createContext("/jwks", exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try (RemoteKeys real = new RemoteKeys(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/jwks"), SECRETS, SECRETS)) {
            assertThat(knows(real, "one")).isFalse();
            real.start();
            await().until(() -> knows(real, "one"));
        } finally {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://keys.example/jwks, true",
        "http://keys.example/jwks, false",
        "http://auth:9999/jwks, true",
        "http://127.0.0.1:1/jwks, true",
        "http://10.0.0.1/jwks, false",
        "file:///etc/passwd, false",
        "ftp://auth/jwks, false",
        "https://user:secret@keys.example/jwks, false",
        "jwks, false"
    })
    void a_document_is_taken_over_tls_or_from_ones_own_network(String source, boolean isGood) {
        assertThat(RemoteKeys.isTrustworthy(URI.create(source))).isEqualTo(isGood);
    }
}
