package dev.campfire.realtime.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.operations.Finding;
import dev.campfire.realtime.operations.Finding.Level;
import dev.campfire.realtime.support.Apart;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.PostgresProvider;
import dev.campfire.realtime.support.PostgresServer;
import dev.campfire.realtime.support.SharedBackend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The doctor in front of a database that {@code init} has prepared and somebody then broke; its remedy mends it. */
@ExtendWith(SharedBackend.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Apart
class DoctorOfDatabaseIT {

    private final PostgresServer server;
    private Database database;

    DoctorOfDatabaseIT(PostgresProvider provider) {
        this.server = provider.start();
    }

    @AfterAll
    void close() {
        server.close();
    }

    @BeforeEach
    void make_a_database() {
        database = Database.create(server);
    }

    @AfterEach
    void drop_it() {
        database.close();
    }

    @Test
    void a_prepared_database_has_nothing_that_fails_and_one_warning() {
        Examination examination = Examination.of(database);

        assertThat(examination.diagnosis().exitStatus()).isZero();
        assertThat(examination.diagnosis().findings())
                .filteredOn(found -> found.level() != Level.OK)
                .extracting(Finding::name)
                .containsExactly("max_slot_wal_keep_size");
    }

    @Test
    void a_missing_publication_fails() {
        database.execute("DROP PUBLICATION supabase_realtime");

        Examination broken = Examination.of(database);
        assertThat(broken.diagnosis().exitStatus()).isEqualTo(1);
        assertThat(broken.finding("published tables").remedy()).isNull();
        assertThat(broken.finding("replica identity").text()).isEqualTo("no table is published");
        assertMends("publication", Level.FAIL, "supabase_realtime does not exist");
        assertThat(Examination.of(database).finding("published tables").level()).isEqualTo(Level.OK);
    }

    @Test
    void the_remedy_of_a_missing_publication_names_only_tables_that_exist() {
        database.execute(
                "DROP PUBLICATION supabase_realtime; DROP TABLE messages, conversations, organization_members CASCADE");

        assertMends("publication", Level.FAIL, "supabase_realtime does not exist");
    }

    @Test
    void a_domain_over_an_enum_fails_and_so_does_an_enum_without_values() {
        database.execute("CREATE SCHEMA \"Shop Floor\"; CREATE TYPE \"Shop Floor\".none_yet AS ENUM ();"
                + " CREATE TYPE size AS ENUM ('s', 'l'); CREATE DOMAIN \"Some Size\" AS size;"
                + " CREATE TABLE shirts (id int PRIMARY KEY, \"Size\" \"Some Size\", other \"Some Size\")");

        assertMends("types", Level.FAIL, "\"Shop Floor\".none_yet, \"Some Size\"");
    }

    @Test
    void a_publication_without_deletes_fails() {
        database.execute("ALTER PUBLICATION supabase_realtime SET (publish = 'insert, update')");

        assertMends("publication", Level.FAIL, "does not publish each of insert, update and delete");
    }

    @Test
    void a_publication_without_truncate_is_a_warning() {
        database.execute("ALTER PUBLICATION supabase_realtime SET (publish = 'insert, update, delete')");

        assertMends("publication", Level.WARN, "does not publish truncate");
    }

    @Test
    void an_unpublished_table_is_a_warning() {
        database.execute("ALTER PUBLICATION supabase_realtime DROP TABLE messages");

        assertMends(
                "published tables",
                Level.WARN,
                "public.conversations, public.organization_members; missing: public.messages");
    }

    @Test
    void a_table_that_does_not_exist_is_a_warning_without_a_statement() {
        database.execute("DROP TABLE messages");

        Finding found = Examination.of(database).finding("published tables");

        assertThat(found.level()).isEqualTo(Level.WARN);
        assertThat(found.text()).endsWith("missing: public.messages (does not exist)");
        assertThat(found.remedy()).isNull();
    }

    @Test
    void a_partitioned_table_counts_as_published_through_its_partitions() {
        database.execute("DROP TABLE messages");
        database.execute("CREATE TABLE messages (id int PRIMARY KEY) PARTITION BY RANGE (id);"
                + " CREATE TABLE messages_1 PARTITION OF messages FOR VALUES FROM (0) TO (9);"
                + " ALTER PUBLICATION supabase_realtime ADD TABLE messages");

        assertThat(Examination.of(database).finding("published tables").text())
                .isEqualTo("public.conversations, public.messages_1, public.organization_members");
    }

    @Test
    void a_table_without_full_identity_is_a_warning_with_its_name_quoted() {
        database.execute("CREATE TABLE \"Odd name\" (id int PRIMARY KEY);"
                + " ALTER TABLE \"Odd name\" ENABLE ROW LEVEL SECURITY;"
                + " ALTER PUBLICATION supabase_realtime ADD TABLE \"Odd name\";"
                + " ALTER TABLE messages REPLICA IDENTITY DEFAULT");

        assertThat(Examination.of(database).remedy("replica identity"))
                .isEqualTo("ALTER TABLE public.\"Odd name\" REPLICA IDENTITY FULL;\n"
                        + "ALTER TABLE public.messages REPLICA IDENTITY FULL;");
        assertMends("replica identity", Level.WARN, "not FULL");
    }

    @Test
    void a_table_without_row_security_is_a_warning() {
        database.execute("ALTER TABLE messages DISABLE ROW LEVEL SECURITY");

        assertMends("row security", Level.WARN, "public.messages");
    }

    @Test
    void a_missing_claim_function_fails() {
        database.execute("DROP FUNCTION auth.jwt() CASCADE");

        Finding found = Examination.of(database).finding("claims");

        assertThat(found.level()).isEqualTo(Level.FAIL);
        assertThat(found.text()).startsWith("missing: auth.jwt()");
    }

    @Test
    void a_schema_that_a_client_may_not_use_is_a_warning() {
        database.execute("REVOKE USAGE ON SCHEMA auth FROM anon");

        assertMends("privileges", Level.WARN, "anon has no USAGE on schema auth");
    }

    @Test
    void a_policy_that_calls_what_is_in_a_schema_that_its_role_may_not_use_is_a_warning() {
        database.execute(
                "CREATE SCHEMA internal; CREATE FUNCTION internal.is_staff() RETURNS bool LANGUAGE sql AS 'SELECT true';"
                        + " CREATE POLICY staff ON messages FOR SELECT TO authenticated USING (internal.is_staff());"
                        + " CREATE POLICY writers ON messages FOR INSERT TO anon WITH CHECK (internal.is_staff())");

        assertThat(Examination.of(database).remedy("policies"))
                .isEqualTo("GRANT USAGE ON SCHEMA internal TO authenticated;");
        assertMends("policies", Level.WARN, "public.messages (internal, for authenticated)");
    }

    @Test
    void a_policy_for_everybody_on_a_column_of_a_type_that_no_client_may_name_is_a_warning() {
        database.execute("CREATE SCHEMA internal; CREATE TYPE internal.mood AS ENUM ('calm', 'busy');"
                + " ALTER TABLE messages ADD COLUMN mood internal.mood;"
                + " CREATE POLICY calm ON messages USING (mood::text = 'calm')");

        assertThat(Examination.of(database).remedy("policies"))
                .isEqualTo("GRANT USAGE ON SCHEMA internal TO anon;\nGRANT USAGE ON SCHEMA internal TO authenticated;");
        assertMends("policies", Level.WARN, "public.messages (internal, for anon)");
    }

    @Test
    void a_table_that_no_client_may_read_is_a_warning() {
        database.execute("CREATE SCHEMA hidden; CREATE TABLE hidden.notes (id int);"
                + " ALTER PUBLICATION supabase_realtime ADD TABLE hidden.notes");

        assertMends("privileges", Level.WARN, "no client may SELECT hidden.notes");
    }

    @Test
    void a_table_that_service_role_may_not_read_can_t_be_backfilled() {
        database.execute("REVOKE SELECT ON messages FROM service_role");

        assertMends("backfill", Level.WARN, "service_role may not SELECT public.messages");
    }

    @Test
    void who_may_not_write_messages_into_the_wal_can_t_backfill() {
        database.execute("DO $$ DECLARE emit regprocedure; BEGIN FOR emit IN SELECT oid FROM pg_proc"
                + " WHERE proname = 'pg_logical_emit_message' LOOP"
                + " EXECUTE 'REVOKE EXECUTE ON FUNCTION ' || emit || ' FROM PUBLIC'; END LOOP; END $$");

        assertMends("backfill", Level.WARN, "campfire_realtime may not write messages into the WAL");
    }

    @Test
    void commits_that_are_not_waited_for_are_a_warning() {
        database.execute("ALTER DATABASE " + database.name() + " SET synchronous_commit = off");

        assertThat(Examination.of(database).finding("synchronous_commit").level())
                .isEqualTo(Level.WARN);
    }

    /** The check complains, its remedy can be run as it stands, and then the check is satisfied. */
    private void assertMends(String check, Level level, String text) {
        Examination broken = Examination.of(database);
        assertThat(broken.finding(check).level()).isEqualTo(level);
        assertThat(broken.finding(check).text()).contains(text);

        database.execute(broken.remedy(check));

        assertThat(Examination.of(database).finding(check)).returns(Level.OK, Finding::level);
    }
}
