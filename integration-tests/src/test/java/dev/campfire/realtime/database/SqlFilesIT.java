package dev.campfire.realtime.database;

import static dev.campfire.realtime.database.ReleaseServer.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.campfire.realtime.operations.Applied;
import dev.campfire.realtime.operations.DatabaseSetup;
import dev.campfire.realtime.operations.ServerNotice;
import dev.campfire.realtime.operations.SetupException;
import dev.campfire.realtime.support.Apart;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** {@code publication.sql} and {@code rls-policies.sql} on an empty database of every supported major. */
@ParameterizedClass(autoCloseArguments = false)
@ArgumentsSource(EveryRelease.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Apart
class SqlFilesIT {

    @Parameter
    ReleaseServer server;

    private String database = "";

    @BeforeEach
    void prepare_a_database() throws Exception {
        database = "test_" + UUID.randomUUID().toString().substring(0, 8);
        server.createDatabase(database);
        try (Connection superuser = superuser()) {
            DatabaseSetup.shipped().apply(superuser);
        }
    }

    @Test
    void a_second_run_writes_nothing_and_has_nothing_to_say() throws Exception {
        try (Connection superuser = superuser()) {
            Catalogue before = Catalogue.read(superuser);

            List<Applied> second = DatabaseSetup.shipped().apply(superuser);

            assertThat(second)
                    .allSatisfy(applied -> assertThat(applied.notices()).isEmpty());
            assertThat(Catalogue.read(superuser)).isEqualTo(before);
        }
    }

    @Test
    void the_publication_holds_the_tables_and_every_operation() throws Exception {
        try (Connection superuser = superuser()) {
            assertThat(column(
                            superuser,
                            "SELECT prrelid::regclass FROM pg_publication_rel ORDER BY prrelid::regclass::text"))
                    .containsExactly("conversations", "messages", "organization_members", "realtime.messages");
            assertThat(column(
                            superuser,
                            "SELECT pubinsert AND pubupdate AND pubdelete AND pubtruncate FROM pg_publication"))
                    .containsExactly("t");
        }
    }

    @Test
    void every_published_table_has_full_identity_and_policies_in_force() throws Exception {
        try (Connection superuser = superuser()) {
            assertThat(column(
                            superuser,
                            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
                                    + " AND NOT (relreplident = 'f' AND relrowsecurity)"))
                    .isEmpty();
        }
    }

    @Test
    void the_first_script_that_fails_is_undone_and_named() throws Exception {
        try (Connection visitor = server.connect(database, "campfire_realtime")) {
            try (Connection superuser = superuser()) {
                run(superuser, "DROP PUBLICATION supabase_realtime");
            }
            assertThatThrownBy(() -> DatabaseSetup.shipped().apply(visitor))
                    .isInstanceOf(SetupException.class)
                    .hasMessage("publication.sql was not applied: permission denied for database " + database
                            + " (SQLSTATE 42501)");
            assertThat(visitor.getAutoCommit()).isTrue();
        }
    }

    @Test
    void a_publication_of_inserts_alone_is_widened() throws Exception {
        try (Connection superuser = superuser()) {
            run(superuser, "ALTER PUBLICATION supabase_realtime SET (publish = 'insert')");
            DatabaseSetup.shipped().apply(superuser);
            assertThat(column(superuser, "SELECT pubdelete AND pubtruncate FROM pg_publication"))
                    .containsExactly("t");
        }
    }

    @Test
    void a_publication_is_not_widened_where_that_would_break_another_table() throws Exception {
        try (Connection superuser = superuser()) {
            run(superuser, "CREATE TABLE log (line text)");
            run(superuser, "ALTER PUBLICATION supabase_realtime SET (publish = 'insert')");
            run(superuser, "ALTER PUBLICATION supabase_realtime ADD TABLE log");
            assertThat(notices(superuser)).singleElement().asString().contains("public.log");
            run(superuser, "INSERT INTO log VALUES ('x'); UPDATE log SET line = 'y'");
        }
    }

    @Test
    void a_publication_of_all_tables_is_taken_as_it_is() throws Exception {
        try (Connection superuser = superuser()) {
            run(superuser, "DROP PUBLICATION supabase_realtime");
            run(superuser, "CREATE PUBLICATION supabase_realtime FOR ALL TABLES");
            assertThat(notices(superuser)).isEmpty();
        }
    }

    @Test
    void the_policies_alone_say_which_file_is_missing() throws Exception {
        server.createDatabase(database + "_bare");
        DatabaseSetup both = DatabaseSetup.shipped();
        try (Connection superuser = server.connect(database + "_bare", "postgres")) {
            List<Applied> applied = new DatabaseSetup(List.of(both.scripts().get(1))).apply(superuser);
            assertThat(applied.getFirst().notices()).hasSize(3).allSatisfy(notice -> assertThat(notice.hint())
                    .contains("publication.sql"));
        }
    }

    private List<String> notices(Connection superuser) throws SetupException {
        return DatabaseSetup.shipped().apply(superuser).stream()
                .flatMap(applied -> applied.notices().stream())
                .map(ServerNotice::text)
                .toList();
    }

    private Connection superuser() throws SQLException {
        return server.connect(database, "postgres");
    }

    private static List<String> column(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }
}
