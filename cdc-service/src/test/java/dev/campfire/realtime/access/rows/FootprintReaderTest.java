package dev.campfire.realtime.access.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.capture.DatabaseSettings;
import dev.campfire.realtime.database.Database;
import dev.campfire.realtime.operations.DatabaseSetup;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the policies of channels are found to rest on, by a role that owns nothing. */
final class FootprintReaderTest {

    private EmbeddedPostgres postgres;
    private Database database;

    @BeforeEach
    void start() throws Exception {
        postgres = EmbeddedPostgres.start();
        try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
            DatabaseSetup.shipped().apply(connection);
        }
        database = new Database(
                new DatabaseSettings("127.0.0.1", postgres.getPort(), "postgres", "campfire_realtime", "", Map.of()),
                1);
    }

    @AfterEach
    void stop() throws Exception {
        database.close();
        postgres.close();
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long oid(String table) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT '" + table + "'::regclass::oid::int8")) {
            row.next();
            return row.getLong(1);
        }
    }

    private Footprint footprint() throws SQLException {
        return new FootprintReader(database, "supabase_realtime").of("realtime", "messages");
    }

    @Test
    void the_shipped_policies_rest_on_memberships_and_on_nothing_that_can_not_be_seen() throws Exception {
        Footprint footprint = footprint();

        assertThat(footprint.tables()).containsExactly(oid("organization_members"));
        assertThat(footprint.isWhole()).isTrue();
        assertThat(footprint()).isEqualTo(footprint);
    }

    @Test
    void a_table_that_is_not_published_and_a_function_of_ones_own_are_not_seen_but_what_it_mentions_is_watched()
            throws Exception {
        Footprint before = footprint();
        run("CREATE FUNCTION may(text) RETURNS boolean LANGUAGE plpgsql STABLE AS"
                + " 'BEGIN RETURN EXISTS (SELECT FROM public.conversations WHERE id::text = $1); END'");
        run("CREATE POLICY mine ON realtime.messages FOR SELECT USING (may(topic))");
        Footprint withFunction = footprint();
        assertThat(withFunction.isWhole()).isFalse();
        assertThat(withFunction.tables()).containsExactlyInAnyOrder(oid("organization_members"), oid("conversations"));
        assertThat(withFunction).isNotEqualTo(before);

        run(
                "DROP POLICY mine ON realtime.messages; CREATE TABLE rooms (topic text);"
                        + " CREATE POLICY mine ON realtime.messages FOR SELECT USING (topic IN (SELECT rooms.topic FROM rooms))");
        assertThat(footprint().isWhole()).isFalse();
        assertThat(footprint().tables()).contains(oid("rooms"));
        run("ALTER PUBLICATION supabase_realtime ADD TABLE rooms");
        assertThat(footprint().isWhole()).isTrue();
    }

    @Test
    void a_policy_that_is_altered_is_noticed_and_a_table_that_is_not_there_rests_on_nothing() throws Exception {
        Footprint before = footprint();
        run("ALTER POLICY campfire_system_read ON realtime.messages USING (topic = 'system:health')");

        assertThat(footprint()).isNotEqualTo(before);
        assertThat(new FootprintReader(database, "supabase_realtime").of("realtime", "nothing"))
                .isEqualTo(new Footprint(java.util.Set.of(), true, "[]"));
    }
}
