package dev.campfire.realtime.access.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.capture.Column;
import dev.campfire.realtime.capture.DatabaseSettings;
import dev.campfire.realtime.capture.PostgresType;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.database.Database;
import dev.campfire.realtime.operations.DatabaseSetup;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the policies that are shipped are put to Postgres: for many viewers at once, and not again before they change. */
final class ShippedPolicyTest {

    @ParameterizedTest
    @ValueSource(strings = {"messages", "conversations", "organization_members"})
    void a_shipped_policy_is_judged_for_many_at_once_and_its_answers_are_kept(String table) throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                .setServerConfig("wal_level", "logical")
                .start()) {
            try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
                DatabaseSetup.shipped().apply(connection);
            }
            try (Database database = new Database(
                    new DatabaseSettings(
                            "127.0.0.1", postgres.getPort(), "postgres", "campfire_realtime", "", Map.of()),
                    1)) {
                Predicate predicate = database.ask(connection -> predicate(connection, table));

                assertThat(predicate).isInstanceOf(Predicate.Together.class);
                assertThat(((Predicate.Together) predicate).isLasting()).isTrue();
            }
        }
    }

    private static Predicate predicate(Connection connection, String name) throws java.sql.SQLException {
        PolicyReader policies = new PolicyReader(connection, "supabase_realtime");
        long oid;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT oid::int8 FROM pg_class WHERE relname = '" + name
                        + "' AND relnamespace = 'public'::regnamespace")) {
            row.next();
            oid = row.getLong(1);
        }
        List<Column> columns = List.of(
                new Column("id", PostgresType.base(2950, "uuid"), true, true),
                new Column("organization_id", PostgresType.base(2950, "uuid"), false, true),
                new Column("user_id", PostgresType.base(2950, "uuid"), false, true));
        Relation relation = new Relation((int) oid, "public", name, Relation.ReplicaIdentity.FULL, columns);
        return new RightsReader(connection, policies)
                .rights(relation, policies.table(oid), "authenticated")
                .predicate();
    }

    @Test
    void calls_are_found_however_their_names_are_quoted_and_nowhere_else() {
        Routine role = new Routine(1, "auth", "role", "text", Routine.Nature.CLAIMS, "1");
        String sql =
                "auth.role() = 'auth.role()' AND \"auth\".\"role\"() = E'\\'auth.role()' AND myauth.role() = \"auth.role()\"";

        assertThat(CallText.replace(sql, role, "X", 2))
                .contains("X = 'auth.role()' AND X = E'\\'auth.role()' AND myauth.role() = \"auth.role()\"");
        assertThat(CallText.replace(sql, role, "X", 3)).isEmpty();
    }

    @Test
    void what_is_read_from_text_counts_as_known_only_for_types_that_look_at_nothing_else() {
        String toInteger = "{COERCEVIAIO :arg {VAR :varno 1 :varattno 2 } :resulttype 23 :resultcollid 0 }";
        String toDate = "{COERCEVIAIO :arg {VAR :varno 1 :varattno 2 } :resulttype 1082 :resultcollid 0 }";

        assertThat(StoredExpression.of(toInteger).hasUnknown()).isFalse();
        assertThat(StoredExpression.of(toDate).hasUnknown()).isTrue();
        assertThat(StoredExpression.of(toInteger.replace("{VAR :varno 1 :varattno 2 }", toDate))
                        .hasUnknown())
                .isTrue();
        assertThat(StoredExpression.of("{SQLVALUEFUNCTION :op 1 }").hasUnknown())
                .isTrue();
        assertThat(StoredExpression.of("{OPEXPR :opno 96 :opfuncid 0 }").hasUnknown())
                .isTrue();
    }
}
