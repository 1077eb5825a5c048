package dev.campfire.realtime.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole of capture on a real Postgres: what is committed arrives, in order, and is acknowledged. */
final class CaptureFromPostgresTest {

    private static EmbeddedPostgres postgres;
    private static Connection connection;

    private final List<Change> changes = new CopyOnWriteArrayList<>();
    private CaptureSupervisor supervisor;

    @BeforeAll
    static void startPostgres() throws Exception {
        postgres = EmbeddedPostgres.builder()
                .setServerConfig("wal_level", "logical")
                .setServerConfig("synchronous_commit", "on")
                .start();
        connection = postgres.getPostgresDatabase().getConnection();
    }

    @AfterAll
    static void stopPostgres() throws Exception {
        connection.close();
        postgres.close();
    }

    @BeforeEach
    void startCapture() throws Exception {
        execute("CREATE TABLE t (id int PRIMARY KEY, v text, big text)", "CREATE TABLE unpublished (v text)");
        execute("ALTER TABLE t ALTER COLUMN big SET STORAGE EXTERNAL");
        execute("CREATE PUBLICATION supabase_realtime FOR TABLE t");
        start();
    }

    private void start() {
        supervisor = new CaptureSupervisor(settings(), this::take, InstantSource.system(), new Random(1));
        supervisor.start();
        await().atMost(Duration.ofSeconds(20)).until(() -> supervisor.status().isStreaming());
    }

    private void take(ChangeBatch batch) {
        changes.addAll(batch.changes());
        supervisor.acknowledge(batch.completeThrough());
    }

    @AfterEach
    void stopCapture() throws Exception {
        supervisor.close();
        await().until(() ->
                single("SELECT count(*) FROM pg_replication_slots WHERE active").equals("0"));
        execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
        execute("DROP PUBLICATION supabase_realtime", "DROP TABLE t, unpublished");
    }

    @Test
    void yields_inserts_updates_and_deletes_with_their_images() throws Exception {
        execute("ALTER TABLE t REPLICA IDENTITY FULL");
        execute("INSERT INTO t VALUES (1, 'a')", "UPDATE t SET v = 'b'", "DELETE FROM t");

        awaitChanges(3);
        assertThat(changes)
                .extracting(Change::operation)
                .containsExactly(Operation.INSERT, Operation.UPDATE, Operation.DELETE);
        assertThat(changes.get(0).after().text(1)).isEqualTo("a");
        assertThat(changes.get(1).before().text(1)).isEqualTo("a");
        assertThat(changes.get(1).after().text(1)).isEqualTo("b");
        assertThat(changes.get(2).before().text(1)).isEqualTo("b");
        assertThat(changes.get(2).relation().columns().get(0).inPrimaryKey()).isTrue();
        assertThat(changes.get(2).relation().columns().get(1).inPrimaryKey()).isFalse();
    }

    @Test
    void fills_large_values_that_were_left_alone_under_full_identity_and_admits_not_to_know_them_otherwise()
            throws Exception {
        execute("INSERT INTO t VALUES (1, 'a', repeat('x', 10000))", "UPDATE t SET v = 'b'");
        execute("ALTER TABLE t REPLICA IDENTITY FULL", "UPDATE t SET v = 'c'");

        awaitChanges(3);
        assertThat(changes.get(1).after().isUnchanged(2)).isTrue();
        assertThat(changes.get(2).after().text(2)).hasSize(10000);
    }

    @Test
    void delivers_again_with_the_same_identities_after_the_connection_was_cut() throws Exception {
        execute("INSERT INTO t VALUES (1, 'a')");
        awaitChanges(1);

        execute("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots");
        execute("INSERT INTO t VALUES (2, 'b')");

        await().atMost(Duration.ofSeconds(20))
                .until(() -> changes.getLast().after().text(0).equals("2"));
        List<ChangeId> identities = changes.stream().map(Change::id).distinct().toList();
        assertThat(identities).hasSize(2);
        assertThat(identities.get(0)).isLessThan(identities.get(1));
    }

    @Test
    void acknowledges_what_was_taken_and_nothing_else() throws Exception {
        execute("INSERT INTO t VALUES (1, 'a')");
        awaitChanges(1);
        awaitAcknowledged();
        supervisor.close();
        int before = changes.size();

        start();
        execute("INSERT INTO t VALUES (2, 'b')");

        awaitChanges(before + 1);
        assertThat(changes).extracting(change -> change.after().text(0)).containsExactly("1", "2");
    }

    @Test
    void lets_go_of_wal_that_only_unpublished_tables_wrote() throws Exception {
        execute("INSERT INTO unpublished SELECT repeat('x', 100) FROM generate_series(1, 1000)");

        awaitAcknowledged();
    }

    @Test
    void notices_a_table_that_joins_the_publication_and_a_column_that_is_added() throws Exception {
        execute("CREATE TABLE later (id int PRIMARY KEY)", "ALTER PUBLICATION supabase_realtime ADD TABLE later");
        execute(
                "INSERT INTO later VALUES (1)",
                "ALTER TABLE later ADD COLUMN more text",
                "INSERT INTO later VALUES (2, 'x')");

        awaitChanges(2);
        execute("DROP TABLE later");
        assertThat(changes.get(0).relation().columns()).hasSize(1);
        assertThat(changes.get(1).relation().columns()).extracting(Column::name).containsExactly("id", "more");
    }

    @Test
    void gets_values_in_one_text_form_whatever_the_database_prefers() throws Exception {
        supervisor.close();
        execute(
                "ALTER DATABASE postgres SET TimeZone = 'Asia/Tokyo'",
                "ALTER DATABASE postgres SET bytea_output = 'escape'");
        execute(
                "ALTER DATABASE postgres SET IntervalStyle = 'iso_8601'",
                "ALTER DATABASE postgres SET DateStyle = 'German'");
        try {
            start();
            execute("ALTER TABLE t ADD COLUMN at timestamptz, ADD COLUMN b bytea, ADD COLUMN i interval");
            execute("INSERT INTO t (id, at, b, i) VALUES (1, '2025-01-02T03:04:05Z', '\\x01ff', '1 day 02:00')");

            awaitChanges(1);
            Row row = changes.getFirst().after();
            assertThat(row.text(3)).isEqualTo("2025-01-02 03:04:05+00");
            assertThat(row.text(4)).isEqualTo("\\x01ff");
            assertThat(row.text(5)).isEqualTo("1 day 02:00:00");
        } finally {
            execute("ALTER DATABASE postgres RESET ALL");
        }
    }

    @Test
    void goes_on_when_the_publication_was_dropped_for_a_while() throws Exception {
        execute("INSERT INTO t VALUES (1, 'before')");
        awaitChanges(1);
        execute("DROP PUBLICATION supabase_realtime", "INSERT INTO t VALUES (2, 'meanwhile')");
        await().atMost(Duration.ofSeconds(20)).until(() -> !supervisor.status().isStreaming());
        assertThat(supervisor.status().problem()).contains("publication");
        execute("INSERT INTO t VALUES (3, 'meanwhile')");

        execute("CREATE PUBLICATION supabase_realtime FOR TABLE t");
        await().atMost(Duration.ofSeconds(20)).until(() -> supervisor.status().isStreaming());
        execute("INSERT INTO t VALUES (4, 'after')");

        await().atMost(Duration.ofSeconds(20))
                .until(() -> changes.getLast().after().text(0).equals("4"));
    }

    @Test
    void knows_users_own_types() throws Exception {
        execute(
                "CREATE TYPE mood AS ENUM ('sad', 'happy')",
                "CREATE DOMAIN small AS int",
                "CREATE TYPE pair AS (a int, b text)");
        execute("ALTER TABLE t ADD COLUMN m mood, ADD COLUMN s small, ADD COLUMN p pair, ADD COLUMN ms mood[]");
        execute("INSERT INTO t (id, m, s, p, ms) VALUES (1, 'sad', 5, (1, 'x'), '{sad,happy}')");

        awaitChanges(1);
        List<Column> columns = changes.getFirst().relation().columns();
        assertThat(columns.get(3).type().kind()).isEqualTo(PostgresType.Kind.ENUM);
        assertThat(columns.get(4).type().element().name()).isEqualTo("int4");
        assertThat(columns.get(5).type().attributes())
                .extracting(PostgresType.Attribute::name)
                .containsExactly("a", "b");
        assertThat(columns.get(6).type().element().name()).isEqualTo("mood");
        assertThat(changes.getFirst().after().text(6)).isEqualTo("{sad,happy}");
        execute("ALTER TABLE t DROP COLUMN m, DROP COLUMN s, DROP COLUMN p, DROP COLUMN ms");
        execute("DROP TYPE pair", "DROP DOMAIN small", "DROP TYPE mood");
    }

    private CaptureSettings settings() {
        return CaptureSettings.of(
                new DatabaseSettings("localhost", postgres.getPort(), "postgres", "postgres", "", Map.of()));
    }

    private void awaitChanges(int count) {
        await().atMost(Duration.ofSeconds(20)).until(() -> changes.size() >= count);
        assertThat(changes).hasSize(count);
    }

    private static void awaitAcknowledged() throws SQLException {
        String position = single("SELECT pg_current_wal_lsn()");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> single("SELECT confirmed_flush_lsn >= '" + position + "' FROM pg_replication_slots")
                        .equals("t"));
    }

    private static void execute(String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String single(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
