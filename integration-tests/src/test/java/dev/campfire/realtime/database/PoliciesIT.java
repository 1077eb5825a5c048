package dev.campfire.realtime.database;

import static dev.campfire.realtime.database.ReleaseServer.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.campfire.realtime.operations.DatabaseSetup;
import dev.campfire.realtime.support.Apart;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** What each of the clients' roles may see and do under {@code rls-policies.sql}, on every supported major. */
@ParameterizedClass(autoCloseArguments = false)
@ArgumentsSource(EveryRelease.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Apart
class PoliciesIT {

    private static final String DATABASE = "policies";
    private static final String OURS = "b5e80170-004c-4e82-a88c-3e2166b169dd";
    private static final String THEIRS = "11111111-1111-4111-8111-111111111111";
    private static final String MEMBER = "22222222-2222-4222-8222-222222222222";
    private static final String SUSPENDED = "33333333-3333-4333-8333-333333333333";

    @Parameter
    ReleaseServer server;

    @BeforeParameterizedClassInvocation
    void prepare_a_database() throws Exception {
        server.createDatabase(DATABASE);
        try (Connection superuser = superuser()) {
            DatabaseSetup.shipped().apply(superuser);
            populate(superuser);
        }
    }

    @Test
    void an_anonymous_visitor_sees_messages_and_no_membership() throws Exception {
        try (Connection visitor = client("anon", null)) {
            assertThat(column(visitor, "SELECT content FROM messages ORDER BY 1"))
                    .containsExactly("ours", "theirs");
            assertThat(column(visitor, "SELECT status FROM conversations")).hasSize(2);
            assertThat(column(visitor, "SELECT user_id FROM organization_members"))
                    .isEmpty();
        }
    }

    @Test
    void a_visitor_sends_and_reports_a_message_read_but_changes_nothing_else() throws Exception {
        try (Connection visitor = client("anon", null)) {
            run(
                    visitor,
                    "INSERT INTO messages (conversation_id, organization_id, content, sender_type)"
                            + " SELECT id, organization_id, 'hello', 'customer' FROM conversations");
            run(visitor, "UPDATE messages SET status = 'read'");
            assertRefused(visitor, "UPDATE messages SET content = 'other'", "42501");
        }
        try (Connection visitor = client("anon", null)) {
            assertRefused(visitor, "DELETE FROM messages", "42501");
        }
    }

    @Test
    void an_active_member_sees_its_organisation_alone() throws Exception {
        try (Connection member = client("authenticated", MEMBER)) {
            assertThat(column(member, "SELECT content FROM messages")).containsExactly("ours");
            assertThat(column(member, "SELECT organization_id FROM conversations"))
                    .containsExactly(OURS);
            assertThat(column(member, "SELECT user_id FROM organization_members"))
                    .containsExactly(MEMBER);
        }
    }

    @Test
    void a_suspended_member_sees_its_membership_and_no_message() throws Exception {
        try (Connection member = client("authenticated", SUSPENDED)) {
            assertThat(column(member, "SELECT content FROM messages")).isEmpty();
            assertThat(column(member, "SELECT status FROM organization_members"))
                    .containsExactly("suspended");
        }
    }

    @Test
    void a_member_cannot_write_into_another_organisation() throws Exception {
        try (Connection member = client("authenticated", MEMBER)) {
            assertRefused(
                    member,
                    "UPDATE messages SET organization_id = '" + THEIRS + "' WHERE organization_id = '" + OURS + "'",
                    "42501");
        }
    }

    @Test
    void a_member_cannot_make_itself_admin() throws Exception {
        try (Connection member = client("authenticated", MEMBER)) {
            assertRefused(member, "UPDATE organization_members SET role = 'admin'", "42501");
        }
    }

    @Test
    void nobody_writes_a_message_without_an_organisation() throws Exception {
        String insert = "INSERT INTO messages (conversation_id, content, sender_type)"
                + " SELECT id, 'x', 'customer' FROM conversations";
        try (Connection visitor = client("anon", null)) {
            assertRefused(visitor, insert, "42501");
        }
        try (Connection application = client("service_role", null)) {
            assertRefused(application, insert, "23502");
        }
    }

    @Test
    void the_server_side_of_the_application_sees_everything() throws Exception {
        try (Connection application = client("service_role", null)) {
            assertThat(column(application, "SELECT content FROM messages")).hasSize(2);
            assertThat(column(application, "SELECT user_id FROM organization_members"))
                    .hasSize(2);
        }
    }

    @Test
    void claims_are_read_in_both_forms() throws Exception {
        try (Connection superuser = superuser()) {
            run(superuser, "SET request.jwt.claims = '{\"sub\": \"" + MEMBER + "\", \"role\": \"anon\"}'");
            assertThat(column(superuser, "SELECT auth.uid() || ' ' || auth.role() || ' ' || (auth.jwt() ->> 'sub')"))
                    .containsExactly(MEMBER + " anon " + MEMBER);
        }
        try (Connection superuser = superuser()) {
            run(superuser, "SET request.jwt.claim.sub = '" + MEMBER + "'; SET request.jwt.claim.role = 'anon'");
            assertThat(column(superuser, "SELECT auth.uid() || ' ' || auth.role()"))
                    .containsExactly(MEMBER + " anon");
        }
    }

    @Test
    void without_claims_there_is_no_user_and_no_role() throws Exception {
        try (Connection superuser = superuser()) {
            run(superuser, "SET request.jwt.claims = ''");
            assertThat(column(superuser, "SELECT num_nulls(auth.uid(), auth.role(), auth.jwt())"))
                    .containsExactly("3");
        }
    }

    @Test
    void an_update_moves_updated_at_unless_it_sets_it() throws Exception {
        try (Connection superuser = superuser()) {
            superuser.setAutoCommit(false);
            run(superuser, "UPDATE conversations SET subject = 'x', updated_at = '2001-01-01Z'");
            assertThat(column(superuser, "SELECT DISTINCT updated_at = '2001-01-01Z' FROM conversations"))
                    .containsExactly("t");
            run(superuser, "UPDATE conversations SET subject = 'y'");
            assertThat(column(superuser, "SELECT DISTINCT updated_at > '2001-01-02Z' FROM conversations"))
                    .containsExactly("t");
        }
    }

    private Connection superuser() throws SQLException {
        return server.connect(DATABASE, "postgres");
    }

    /**
     * As the service does for a client: log in as the service, become the client's role, hand over the claims. Nothing
     * of it outlives the connection.
     */
    private Connection client(String role, @Nullable String user) throws SQLException {
        Connection connection = server.connect(DATABASE, "campfire_realtime");
        connection.setAutoCommit(false);
        run(connection, "SET LOCAL ROLE " + role);
        String subject = user == null ? "" : ", \"sub\": \"" + user + "\"";
        run(connection, "SET LOCAL request.jwt.claims = '{\"role\": \"" + role + "\"" + subject + "}'");
        return connection;
    }

    private static void populate(Connection superuser) throws SQLException {
        run(superuser, "INSERT INTO conversations (organization_id) VALUES ('" + OURS + "'), ('" + THEIRS + "')");
        run(
                superuser,
                "INSERT INTO messages (conversation_id, organization_id, content, sender_type)"
                        + " SELECT id, organization_id, CASE organization_id WHEN '" + OURS
                        + "' THEN 'ours' ELSE 'theirs' END, 'agent' FROM conversations");
        run(
                superuser,
                "INSERT INTO organization_members (organization_id, user_id, status) VALUES ('" + OURS + "', '" + MEMBER
                        + "', 'active'), ('" + OURS + "', '" + SUSPENDED + "', 'suspended')");
    }

    private static void assertRefused(Connection connection, String sql, String state) {
        assertThatThrownBy(() -> run(connection, sql))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state));
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
