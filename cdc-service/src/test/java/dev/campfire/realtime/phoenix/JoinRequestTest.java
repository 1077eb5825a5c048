package dev.campfire.realtime.phoenix;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JoinRequestTest {

    /** supabase-js sends nothing in {@code config} that it does not know, and all of {@code config.broadcast}. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'config': {'resume': {'after': 'abc'}, 'sequences': true}}",
                "{'config': {'broadcast': {'resume': {'after': 'abc'}, 'sequences': true}}}"
            })
    void a_client_resumes_by_what_it_says_in_config_or_in_broadcast(String payload) {
        JoinRequest request = read(payload);

        assertThat(request.resume()).isEqualTo(new JoinRequest.Resume("abc"));
        assertThat(request.wantsSequences()).isTrue();
    }

    @Test
    void who_says_nothing_of_it_does_not_resume() {
        assertThat(read("{'config': {'broadcast': {'self': true}}}").resume()).isNull();
    }

    private static JoinRequest read(String payload) {
        try {
            return JoinRequest.of(new JsonMapper().readTree(payload.replace('\'', '"')), "org:x:conv:y", true);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
