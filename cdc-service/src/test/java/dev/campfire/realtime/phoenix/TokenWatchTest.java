package dev.campfire.realtime.phoenix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.phoenix.SessionFixture.Client;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to a channel as its token ages and is replaced. */
final class TokenWatchTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SessionFixture fixture = new SessionFixture();
    private final Client client = fixture.connect(ProtocolVersion.V2);

    @BeforeEach
    void join() {
        String token = fixture.token("anon", Duration.ofMinutes(10));
        client.join("realtime:room", "1", "{'config':{'broadcast':{'self':true}},'access_token':'" + token + "'}");
    }

    private List<String> send(String accessToken) {
        return client.send("['1','9','realtime:room','access_token',{'access_token':" + accessToken + "}]");
    }

    private static String system(String message) {
        return "['1',null,'realtime:room','system',{'extension':'system','status':'error','message':'" + message
                + "','channel':'room'}]";
    }

    @Test
    void a_channel_lives_until_the_second_in_which_its_token_ends() {
        client.link.advance(Duration.ofMinutes(10).minus(SECOND));
        assertThat(client.take()).isEmpty();

        client.link.advance(SECOND);

        assertThat(client.take())
                .containsExactly(system("Token has expired 0 seconds ago"), "['1','1','realtime:room','phx_error',{}]");
        assertThat(fixture.hub.counts().subscriptions()).isZero();
        assertThat(client.link.awaitsFlush).isFalse();
        assertThat(client.link.closed).isNull();
    }

    @Test
    void a_clock_that_was_set_forward_is_noticed_within_minutes() {
        fixture.clock.advance(Duration.ofHours(1));

        client.link.advance(Duration.ofMinutes(5));

        assertThat(client.take()).first().asString().contains("Token has expired 3300 seconds ago");
    }

    @Test
    void a_new_token_lets_the_channel_live_longer_and_is_not_answered() {
        assertThat(send("'" + fixture.token("anon", Duration.ofMinutes(30)) + "'"))
                .isEmpty();

        client.link.advance(Duration.ofMinutes(29));
        assertThat(client.take()).isEmpty();
        client.link.advance(Duration.ofMinutes(1));

        assertThat(client.take()).last().asString().contains("phx_error");
    }

    @Test
    void a_new_token_may_end_sooner() {
        send("'" + fixture.token("anon", Duration.ofMinutes(1)) + "'");

        client.link.advance(Duration.ofMinutes(1));

        assertThat(client.take()).last().asString().contains("phx_error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "'sb_publishable_x'", "7", "{}"})
    void what_is_no_token_changes_nothing(String token) {
        assertThat(send(token)).isEmpty();
        assertThat(fixture.hub.counts().subscriptions()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"''", "'nonsense'"})
    void a_token_that_is_no_jwt_closes_the_channel(String token) {
        assertThat(send(token))
                .containsExactly(
                        system("The token provided is not a valid JWT"), "['1','1','realtime:room','phx_close',{}]");
        assertThat(fixture.hub.counts().subscriptions()).isZero();
    }

    @Test
    void a_token_that_has_expired_makes_the_client_join_again() {
        String expired = fixture.token("anon", Duration.ofSeconds(1));
        client.link.advance(Duration.ofSeconds(3));

        assertThat(send("'" + expired + "'"))
                .containsExactly(system("Token has expired 2 seconds ago"), "['1','1','realtime:room','phx_error',{}]");
    }

    @Test
    void the_end_of_a_token_that_was_replaced_by_joining_again_means_nothing() {
        client.join("realtime:room", "2", "{'config':{}}");

        client.link.advance(Duration.ofMinutes(10));

        assertThat(fixture.hub.counts().subscriptions()).isEqualTo(1);
    }
}
