package dev.campfire.realtime.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.ServiceProcess;
import dev.campfire.realtime.support.SharedBackend;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A message that is posted with a key is written once. */
@ExtendWith(SharedBackend.class)
class IdempotencyIT {

    private static final String PATH = "/api/messages";
    private static final String HEADER = "idempotency-key";

    private Conversation conversation;
    private Database database;

    @BeforeEach
    void open(Backend backend) {
        conversation = backend.conversation();
        database = backend.database();
    }

    private int written() {
        return Integer.parseInt(
                database.value("SELECT count(*) FROM messages WHERE conversation_id = ?", conversation.id()));
    }

    private static String key() {
        return "\"" + UUID.randomUUID() + "\"";
    }

    @Test
    void the_same_call_has_the_same_answer_and_one_row() {
        String key = key();
        Api agent = Api.agentOf(conversation);

        HttpResponse<String> first = agent.post(PATH, Api.message(conversation, "Once"), HEADER, key);
        HttpResponse<String> second = agent.post(PATH, Api.message(conversation, "Once"), HEADER, key);

        Api.body(first, 201);
        Api.body(second, 201);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().firstValue("idempotency-replayed")).hasValue("true");
        assertThat(second.headers().firstValue("access-control-expose-headers"))
                .as("what pages of other origins may read")
                .hasValue("idempotency-replayed");
        assertThat(written()).isEqualTo(1);
    }

    @Test
    void the_answer_stays_though_the_message_is_deleted() {
        String key = key();
        Api agent = Api.agentOf(conversation);
        String first =
                agent.post(PATH, Api.message(conversation, "Once"), HEADER, key).body();
        database.update("DELETE FROM messages WHERE conversation_id = ?", conversation.id());

        assertThat(agent.post(PATH, Api.message(conversation, "Once"), HEADER, key)
                        .body())
                .isEqualTo(first);
        assertThat(written()).isZero();
    }

    @Test
    void another_body_under_the_same_key_is_refused() {
        String key = key();
        Api agent = Api.agentOf(conversation);
        agent.post(PATH, Api.message(conversation, "One"), HEADER, key);

        HttpResponse<String> second = agent.post(PATH, Api.message(conversation, "Two"), HEADER, key);

        assertThat(Api.problem(second, 422).path("type").asText()).endsWith("idempotency-key-reused");
        assertThat(written()).isEqualTo(1);
    }

    @Test
    void another_caller_has_the_key_for_themselves() {
        String key = key();
        Api.agentOf(conversation).post(PATH, Api.message(conversation, "One"), HEADER, key);

        Api.body(Api.visitorOf(conversation).post(PATH, Api.message(conversation, "Two"), HEADER, key), 201);

        assertThat(written()).isEqualTo(2);
    }

    @Test
    void twenty_at_once_write_one_row() {
        String key = key();
        Api agent = Api.agentOf(conversation);
        List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            calls.add(agent.postLater(PATH, Api.message(conversation, "Once"), HEADER, key));
        }

        List<HttpResponse<String>> answers =
                calls.stream().map(CompletableFuture::join).toList();

        assertThat(answers).allSatisfy(answer -> Api.body(answer, 201));
        assertThat(answers.stream().map(HttpResponse::body).distinct()).hasSize(1);
        assertThat(answers)
                .filteredOn(answer ->
                        answer.headers().firstValue("idempotency-replayed").isEmpty())
                .hasSize(1);
        assertThat(written()).isEqualTo(1);
    }

    @Test
    void a_call_that_was_refused_does_not_use_its_key_up() {
        String key = key();
        Api agent = Api.agentOf(conversation);
        Api.problem(
                agent.post(
                        PATH,
                        Api.message(conversation, "Hi")
                                .replace(
                                        conversation.id().toString(),
                                        UUID.randomUUID().toString()),
                        HEADER,
                        key),
                404);

        Api.body(agent.post(PATH, Api.message(conversation, "Hi"), HEADER, key), 201);
    }

    @Test
    void a_key_holds_across_a_restart() {
        String key = key();
        String body = Api.message(conversation, "Once");
        String first = Api.agentOf(conversation).post(PATH, body, HEADER, key).body();

        try (ServiceProcess other = ServiceProcess.forDatabase(database)
                .with("SLOT_NAME_SUFFIX", "idem_" + database.name())
                .startHealthy()) {
            Api restarted = new Api(other.url(), Api.agentOf(conversation).token());
            assertThat(restarted.post(PATH, body, HEADER, key).body()).isEqualTo(first);
        }
        assertThat(written()).isEqualTo(1);
    }

    @Test
    void a_key_may_be_used_again_when_its_time_is_over() {
        String key = key();
        Api agent = Api.agentOf(conversation);
        agent.post(PATH, Api.message(conversation, "One"), HEADER, key);
        database.update(
                "UPDATE campfire.idempotency_keys SET expires_at = now() WHERE answer LIKE ?",
                "%" + conversation.id() + "%");

        Api.body(agent.post(PATH, Api.message(conversation, "Two"), HEADER, key), 201);

        assertThat(written()).isEqualTo(2);
    }

    @Test
    void what_is_no_key_is_malformed_and_writes_nothing() {
        Api.problem(Api.agentOf(conversation).post(PATH, Api.message(conversation, "Hi"), HEADER, "two words"), 400);

        assertThat(written()).isZero();
    }

    @Test
    void no_client_may_touch_the_keys() {
        assertThat(database.column("SELECT r FROM unnest(ARRAY['anon', 'authenticated', 'service_role']) AS r, "
                        + "unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS p "
                        + "WHERE has_table_privilege(r, 'campfire.idempotency_keys', p)"))
                .isEmpty();
    }
}
