package dev.campfire.realtime.database;

import static dev.campfire.realtime.database.ReleaseServer.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.operations.Applied;
import dev.campfire.realtime.operations.DatabaseSetup;
import dev.campfire.realtime.operations.ServerNotice;
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
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The SQL files on a database as Supabase sets it up, run by its {@code postgres}, which is no superuser: roles, schema
 * auth with functions of another owner, default privileges and a publication are there already. On the two majors that
 * Supabase runs.
 */
@ParameterizedClass(name = "Postgres {0}")
@ValueSource(strings = {"15", "17"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Apart
class ExistingSupabaseIT {

    private static final String OWNER = "sb_postgres";

    @Parameter
    String major = "";

    private ReleaseServer server;
    private String database = "";

    @BeforeParameterizedClassInvocation
    void start() throws Exception {
        server = ReleaseServer.start(major);
        try (Connection superuser = server.connect("postgres", "postgres")) {
            run(superuser, """
                    CREATE ROLE anon NOLOGIN NOINHERIT;
                    CREATE ROLE authenticated NOLOGIN NOINHERIT;
                    CREATE ROLE service_role NOLOGIN NOINHERIT BYPASSRLS;
                    CREATE ROLE supabase_auth_admin NOLOGIN NOINHERIT CREATEROLE;
                    CREATE ROLE sb_postgres LOGIN CREATEROLE CREATEDB REPLICATION BYPASSRLS;
                    GRANT anon, authenticated, service_role TO sb_postgres WITH ADMIN OPTION;
                    """);
        }
    }

    @AfterParameterizedClassInvocation
    void stop() {
        server.close();
    }

    @BeforeEach
    void prepare_a_database() throws Exception {
        database = "test_" + UUID.randomUUID().toString().substring(0, 8);
        server.createDatabase(database);
        try (Connection superuser = server.connect(database, "postgres")) {
            run(superuser, "ALTER DATABASE " + database + " OWNER TO sb_postgres");
            run(superuser, """
                    ALTER SCHEMA public OWNER TO sb_postgres;
                    CREATE SCHEMA auth AUTHORIZATION supabase_auth_admin;
                    GRANT USAGE ON SCHEMA auth TO sb_postgres, anon, authenticated, service_role;
                    SET ROLE supabase_auth_admin;
                    CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS
                      $$ select nullif(current_setting('request.jwt.claim.sub', true), '')::uuid $$;
                    CREATE FUNCTION auth.role() RETURNS text LANGUAGE sql STABLE AS
                      $$ select nullif(current_setting('request.jwt.claim.role', true), '') $$;
                    CREATE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql STABLE AS
                      $$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb $$;
                    RESET ROLE;
                    """);
        }
        asOwner("""
                ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO anon, authenticated, service_role;
                CREATE TABLE profiles (id bigint PRIMARY KEY, name text);
                CREATE PUBLICATION supabase_realtime FOR TABLE profiles;
                """);
    }

    @Test
    void functions_and_schema_of_another_owner_stay_as_they_are() throws Exception {
        String question = "SELECT string_agg(concat(oid, xmin, proowner, prosrc), ',' ORDER BY oid) FROM pg_proc"
                + " WHERE pronamespace = 'auth'::regnamespace";
        String before = value(question);

        apply();

        assertThat(value(question)).isEqualTo(before);
    }

    @Test
    void the_publication_keeps_its_tables_and_gets_ours() throws Exception {
        apply();

        assertThat(value("SELECT string_agg(prrelid::regclass::text, ',' ORDER BY prrelid::regclass::text)"
                        + " FROM pg_publication_rel"))
                .isEqualTo("conversations,messages,organization_members,profiles,realtime.messages");
    }

    @Test
    void a_second_run_writes_nothing() throws Exception {
        apply();
        try (Connection superuser = server.connect(database, "postgres")) {
            Catalogue before = Catalogue.read(superuser);

            apply();

            assertThat(Catalogue.read(superuser)).isEqualTo(before);
        }
    }

    @Test
    void the_tables_that_are_created_give_the_clients_no_more_than_they_need() throws Exception {
        apply();

        assertThat(value("SELECT has_table_privilege('anon', 'conversations', 'SELECT')"))
                .isEqualTo("t");
        assertThat(value("SELECT has_table_privilege('anon', 'conversations', 'TRUNCATE')"))
                .isEqualTo("f");
        assertThat(value("SELECT has_table_privilege('authenticated', 'organization_members', 'INSERT')"))
                .isEqualTo("f");
    }

    @Test
    void a_messages_table_of_another_shape_is_published_and_protected() throws Exception {
        asOwner("CREATE TABLE messages (id bigint PRIMARY KEY, organization_id uuid, body text)");

        List<String> notices = apply();

        assertThat(notices).anySatisfy(notice -> assertThat(notice).contains("messages.organization_id may be NULL"));
        assertThat(value("SELECT polname FROM pg_policy WHERE polrelid = 'messages'::regclass"))
                .isEqualTo("messages_bidirectional_access");
        assertThat(value("SELECT relreplident FROM pg_class WHERE oid = 'messages'::regclass"))
                .isEqualTo("f");
    }

    @Test
    void a_messages_table_without_an_organisation_is_skipped_and_said_so() throws Exception {
        asOwner("CREATE TABLE messages (id bigint PRIMARY KEY, body text)");

        List<String> notices = apply();

        assertThat(notices).anySatisfy(notice -> assertThat(notice)
                .contains("table public.messages has no column organization_id"));
        assertThat(value("SELECT relrowsecurity FROM pg_class WHERE oid = 'messages'::regclass"))
                .isEqualTo("f");
    }

    @Test
    void ids_of_another_type_make_the_policy_a_notice_and_no_failure() throws Exception {
        asOwner("CREATE TABLE messages (id bigint PRIMARY KEY, organization_id bigint NOT NULL)");

        assertThat(apply()).anySatisfy(notice -> assertThat(notice)
                .startsWith("the policy of public.messages is skipped: operator does not exist"));
    }

    @Test
    void a_conversations_table_with_another_key_leaves_messages_out() throws Exception {
        asOwner("CREATE TABLE conversations (id bigint PRIMARY KEY, organization_id uuid NOT NULL)");

        assertThat(apply()).anySatisfy(notice -> assertThat(notice).startsWith("table public.messages is not created"));
        assertThat(value("SELECT polname FROM pg_policy WHERE polrelid = 'conversations'::regclass"))
                .isEqualTo("conversations_bidirectional_access");
    }

    @Test
    void a_table_with_policies_of_its_own_is_not_opened_further() throws Exception {
        asOwner("""
                CREATE TABLE messages (id bigint PRIMARY KEY, organization_id uuid NOT NULL);
                REVOKE ALL ON messages FROM anon;
                ALTER TABLE messages ENABLE ROW LEVEL SECURITY;
                CREATE POLICY "mine" ON messages USING (false);
                """);

        List<String> notices = apply();

        assertThat(notices)
                .anySatisfy(notice -> assertThat(notice).contains("public.messages has policies of its own (mine)"));
        assertThat(value("SELECT string_agg(polname, ',') FROM pg_policy WHERE polrelid = 'messages'::regclass"))
                .isEqualTo("mine");
        assertThat(value("SELECT has_table_privilege('anon', 'messages', 'SELECT')"))
                .isEqualTo("f");
    }

    @Test
    void every_partition_of_a_partitioned_table_gets_full_identity() throws Exception {
        asOwner("""
                CREATE TABLE messages (id bigint, organization_id uuid NOT NULL, PRIMARY KEY (id)) PARTITION BY RANGE (id);
                CREATE TABLE messages_1 PARTITION OF messages FOR VALUES FROM (0) TO (1000);
                """);

        apply();

        assertThat(
                        value(
                                "SELECT string_agg(relreplident, '') FROM pg_class WHERE oid IN ('messages'::regclass, 'messages_1'::regclass)"))
                .isEqualTo("ff");
    }

    @Test
    void where_the_login_role_may_not_be_created_it_is_said_how_to_go_on() throws Exception {
        List<String> notices = apply();

        boolean created =
                value("SELECT to_regrole('campfire_realtime') IS NOT NULL").equals("t");
        // Until Postgres 15 only a superuser gives REPLICATION; since 16 whoever has it and CREATEROLE.
        assertThat(created).isEqualTo(Integer.parseInt(major) >= 16);
        if (!created) {
            assertThat(notices)
                    .anySatisfy(notice -> assertThat(notice).startsWith("role campfire_realtime is not created"));
        }
    }

    private List<String> apply() throws Exception {
        try (Connection owner = server.connect(database, OWNER)) {
            return DatabaseSetup.shipped().apply(owner).stream()
                    .map(Applied::notices)
                    .flatMap(List::stream)
                    .map(ServerNotice::text)
                    .toList();
        }
    }

    private void asOwner(String sql) throws SQLException {
        try (Connection owner = server.connect(database, OWNER)) {
            run(owner, sql);
        }
    }

    private String value(String sql) throws SQLException {
        try (Connection superuser = server.connect(database, "postgres");
                Statement statement = superuser.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return String.join("|", values);
        }
    }
}
