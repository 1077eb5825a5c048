package dev.campfire.realtime.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.Tokens;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How Postgres finds the rows that policies read. */
@ExtendWith(SharedBackend.class)
class JudgingPlanIT {

    private static final int QUESTIONS = 5;

    private final Backend backend;
    private final Database database;
    private final String suffix = UUID.randomUUID().toString().replace("-", "");
    private final UUID viewer = UUID.randomUUID();

    JudgingPlanIT(Backend backend) {
        this.backend = backend;
        this.database = backend.database();
    }

    private long scans(String kind) {
        return Long.parseLong(database.value(
                "SELECT " + kind + "_scan FROM pg_stat_user_tables WHERE relname = 'grants_" + suffix + "'"));
    }

    /**
     * Viewers are asked about together where service_role may read all, and one by one where it may not.
     *
     * <p>Postgres prefers to read a table of one page as a whole as soon as it knows how small it is: here for each viewer of each change.
     */
    @ParameterizedTest
    @ValueSource(strings = {"authenticated", "authenticated, service_role"})
    void a_small_table_that_a_policy_reads_is_looked_up_by_its_index_also_when_it_has_been_analysed(String readers) {
        String judged = "public.judged_" + suffix;
        String grants = "public.grants_" + suffix;
        database.execute("CREATE TABLE " + grants + " (id int, viewer uuid, PRIMARY KEY (id, viewer));"
                + "CREATE TABLE " + judged + " (id int PRIMARY KEY); ALTER TABLE " + judged + " REPLICA IDENTITY FULL;"
                + "ALTER TABLE " + judged + " ENABLE ROW LEVEL SECURITY;"
                + "CREATE POLICY granted ON " + judged + " FOR SELECT TO authenticated USING (EXISTS (SELECT 1 FROM "
                + grants + " g WHERE g.id = " + judged + ".id AND g.viewer = auth.uid()));"
                + "GRANT SELECT ON " + judged + ", " + grants + " TO " + readers + ";"
                + "INSERT INTO " + grants + " SELECT n, '" + viewer + "' FROM generate_series(1, 50) n;"
                + "ALTER PUBLICATION supabase_realtime ADD TABLE " + judged);
        database.execute("VACUUM ANALYZE " + grants);
        try (PhoenixSocket socket =
                PhoenixSocket.open(backend.service().port(), "2.0.0", Tokens.authenticated(viewer.toString()))) {
            socket.join(
                    "changes",
                    Map.of(
                            "postgres_changes",
                            List.of(Map.of("event", "INSERT", "schema", "public", "table", "judged_" + suffix))));
            socket.awaitEvent("system");
            long whole = scans("seq");
            long byIndex = scans("idx");

            AtomicInteger asked = new AtomicInteger();
            // Postgres counts at the end of a transaction when it has not done so for a second.
            await().pollInterval(Duration.ofMillis(500))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> {
                        database.execute("INSERT INTO " + judged + " VALUES (" + asked.incrementAndGet() + ")");
                        int heard = socket.awaitEvent("postgres_changes")
                                .payload()
                                .at("/data/record/id")
                                .asInt();
                        assertThat(heard).isEqualTo(asked.get());
                        return scans("seq") + scans("idx") - whole - byIndex >= QUESTIONS;
                    });
            assertThat(scans("seq")).isEqualTo(whole);
        } finally {
            database.execute("DROP TABLE " + judged + ", " + grants);
        }
    }
}
