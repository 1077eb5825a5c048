package dev.campfire.realtime.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.ServiceProcess;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.Tokens;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the API says where the database is not as the standards have it. */
@ExtendWith(SharedBackend.class)
class OtherSchemaIT {

    private static final String BODY = "{'conversation_id':'" + UUID.randomUUID() + "','organization_id':'"
            + UUID.randomUUID() + "','content':'Hi','sender_type':'customer'}";

    private static String detail(JsonNode problem) {
        return problem.path("detail").asText();
    }

    @Test
    void what_is_missing_is_named(Backend backend) {
        try (Database database = Database.create(backend.server());
                ServiceProcess service = ServiceProcess.forDatabase(database).startHealthy()) {
            Api api = new Api(service.url(), Tokens.anon());

            database.execute("DROP TABLE campfire.idempotency_keys");
            assertThat(detail(Api.problem(api.post("/api/messages", BODY, "idempotency-key", "k"), 501)))
                    .contains("campfire.idempotency_keys");
            database.execute("ALTER TABLE conversations RENAME organization_id TO tenant");
            assertThat(detail(Api.problem(api.post("/api/messages", BODY), 501)))
                    .contains("organization_id");
            database.execute("DROP TABLE messages, conversations");
            String id = UUID.randomUUID().toString();
            assertThat(detail(Api.problem(api.post("/api/messages", BODY), 501)))
                    .contains("public.messages");
            assertThat(detail(Api.problem(api.patch("/api/messages/" + id + "/status", "{'status':'read'}"), 501)))
                    .contains("public.messages");
            assertThat(detail(Api.problem(api.get("/api/conversations/" + id + "/messages"), 501)))
                    .contains("public.conversations");
            assertThat(detail(Api.problem(
                            api.post("/api/conversations/" + id + "/typing", "{'isTyping':true,'userId':'v'}"), 501)))
                    .contains("public.conversations");
            assertThat(detail(Api.problem(api.post("/api/conversations/" + id + "/read", ""), 501)))
                    .contains("public.conversations");
            database.execute("DROP TABLE realtime.messages");
            assertThat(detail(Api.problem(api.post("/api/messages", BODY), 501)))
                    .contains("realtime.messages");
        }
    }
}
