package dev.campfire.realtime.conversations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When two calls have the same key, and the same body. */
final class IdempotencyKeyTest {

    private static final Participant AGENT = Bodies.caller("authenticated", "a1", Map.of("sub", "a1", "exp", 1));

    private static byte[] id(String header, Participant caller) {
        return key(header, caller, "{}").id();
    }

    private static IdempotencyKey key(String header, Participant caller, String body) {
        return Objects.requireNonNull(of(header, caller, body));
    }

    private static @Nullable IdempotencyKey of(String header, Participant caller, String body) {
        return IdempotencyKey.of(header, caller, "POST /x", Bodies.json(body));
    }

    @Test
    void the_quotes_of_a_structured_header_do_not_count() {
        assertThat(id("\"k 1\"", AGENT)).isEqualTo(id(" \"k 1\" ", AGENT)).isNotEqualTo(id("k1", AGENT));
        assertThat(id("\"k1\"", AGENT)).isEqualTo(id("k1", AGENT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"\"", "two words", "\"open", "ü", "\"a\"b\""})
    void not_everything_is_a_key(String header) {
        assertThat(of(header, AGENT, "{}")).isNull();
    }

    @Test
    void a_key_is_at_most_255_characters_long() {
        assertThat(of("k".repeat(255), AGENT, "{}")).isNotNull();
        assertThat(of("k".repeat(256), AGENT, "{}")).isNull();
    }

    @Test
    void every_caller_has_keys_of_their_own() {
        assertThat(id("k", AGENT)).isNotEqualTo(id("k", Bodies.caller("authenticated", "a2", Map.of())));
        assertThat(id("k", Bodies.caller("anon", null, Map.of("visitor_id", "v1"))))
                .isNotEqualTo(id("k", Bodies.caller("anon", null, Map.of("visitor_id", "v2"))));
    }

    @Test
    void a_renewed_token_is_the_same_callers() {
        assertThat(id("k", AGENT))
                .isEqualTo(id("k", Bodies.caller("authenticated", "a1", Map.of("sub", "a1", "exp", 2))));
        assertThat(id("k", Bodies.caller("anon", null, Map.of("visitor_id", "v1", "exp", 1))))
                .isEqualTo(id("k", Bodies.caller("anon", null, Map.of("visitor_id", "v1", "exp", 2))));
    }

    @Test
    void a_body_is_the_same_in_another_order() {
        byte[] fingerprint = key("k", AGENT, "{'a':1,'b':{'c':2,'d':3}}").fingerprint();

        assertThat(fingerprint)
                .isEqualTo(key("k", AGENT, "{'b':{'d':3,'c':2},'a':1}").fingerprint());
        assertThat(fingerprint)
                .isNotEqualTo(key("k", AGENT, "{'a':1,'b':{'c':2,'d':4}}").fingerprint());
    }
}
