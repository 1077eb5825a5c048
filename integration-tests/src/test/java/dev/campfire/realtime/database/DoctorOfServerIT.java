package dev.campfire.realtime.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.operations.Finding;
import dev.campfire.realtime.operations.Finding.Level;
import dev.campfire.realtime.support.Apart;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.PostgresProvider;
import dev.campfire.realtime.support.PostgresServer;
import dev.campfire.realtime.support.SharedBackend;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The doctor in front of a server, roles or a slot that are not as they should be. */
@ExtendWith(SharedBackend.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Apart
class DoctorOfServerIT {

    private static final String SLOT = Examination.NAMES.slot();

    private final PostgresProvider provider;
    private final PostgresServer server;
    private final Database database;

    DoctorOfServerIT(PostgresProvider provider) {
        this.provider = provider;
        this.server = provider.start(Map.of("max_replication_slots", "2"));
        this.database = Database.create(server);
    }

    @AfterAll
    void close() {
        server.close();
    }

    @AfterEach
    void mend() {
        database.column("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
        database.execute("ALTER ROLE campfire_realtime REPLICATION NOBYPASSRLS");
        database.execute("ALTER ROLE service_role BYPASSRLS");
        database.execute("GRANT anon TO campfire_realtime");
        database.execute("ALTER SYSTEM RESET max_slot_wal_keep_size");
        database.column("SELECT pg_reload_conf()");
    }

    @Test
    void a_server_that_does_not_log_for_decoding_fails() {
        try (PostgresServer replica = provider.start(Map.of("wal_level", "replica"))) {
            Examination examination = Examination.of(Database.create(replica));

            assertThat(examination.finding("wal_level"))
                    .returns(Level.FAIL, Finding::level)
                    .returns("ALTER SYSTEM SET wal_level = 'logical'; -- then restart the server", Finding::remedy);
            assertThat(examination.diagnosis().exitStatus()).isEqualTo(1);
        }
    }

    @Test
    void a_server_without_walsenders_fails() {
        try (PostgresServer without = provider.start(Map.of("wal_level", "logical", "max_wal_senders", "0"))) {
            Finding found = Examination.of(Database.create(without)).finding("wal senders");

            assertThat(found.level()).isEqualTo(Level.FAIL);
            assertThat(found.text()).isEqualTo("0 of 0 used, none is free");
        }
    }

    @Test
    void a_standby_is_a_warning_where_it_can_decode() {
        try (ReleaseServer standby = ReleaseServer.start("17", DoctorOfServerIT::makeStandby)) {
            Examination examination = Examination.of(() -> standby.connect("postgres", "postgres"));

            assertThat(examination.finding("standby")).returns(Level.WARN, Finding::level);
            // What pg_current_wal_lsn() would refuse here still gets its answer.
            assertThat(examination.finding("slot lag")).returns(Level.OK, Finding::level);
        }
    }

    private static void makeStandby(File data) {
        try {
            Files.createFile(data.toPath().resolve("standby.signal"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void an_unreachable_server_is_the_one_failure() {
        Examination examination = Examination.of(
                () -> DriverManager.getConnection("jdbc:postgresql://127.0.0.1:1/postgres", "postgres", ""));

        assertThat(examination.diagnosis().exitStatus()).isEqualTo(1);
        assertThat(examination.diagnosis().findings())
                .singleElement()
                .returns(Level.FAIL, Finding::level)
                .satisfies(found ->
                        assertThat(found.text()).contains("127.0.0.1:1").contains("DATABASE_URL"));
    }

    @Test
    void a_wrong_password_is_said_without_the_password() {
        Examination examination = Examination.of(() ->
                DriverManager.getConnection(server.jdbcUrl(database.name()), Database.SERVICE_ROLE, "this-is-wrong"));

        assertThat(examination.finding("server").text())
                .contains("password authentication failed")
                .doesNotContain("this-is-wrong");
    }

    @Test
    void a_missing_database_fails() {
        Examination examination = Examination.of(() -> server.connect("nowhere"));

        assertThat(examination.finding("server").text())
                .contains("\"nowhere\" does not exist")
                .contains("DB_NAME");
    }

    @Test
    void a_clock_that_is_off_is_a_warning() {
        Finding found = Examination.of(
                        database::connectAsService, () -> Instant.now().minusSeconds(10))
                .finding("clock");

        assertThat(found.level()).isEqualTo(Level.WARN);
        assertThat(found.text()).contains("ahead of this machine");
    }

    @Test
    void no_room_for_the_slot_fails_and_idle_slots_are_named() {
        database.column("SELECT pg_create_logical_replication_slot('first', 'pgoutput')");
        database.column("SELECT pg_create_logical_replication_slot('second', 'pgoutput')");

        Finding found = Examination.of(database).finding("replication slots");

        assertThat(found.level()).isEqualTo(Level.FAIL);
        assertThat(found.text()).contains("2 of 2 used").endsWith("first, second");
        assertThat(found.remedy()).isEqualTo("ALTER SYSTEM SET max_replication_slots = 12; -- then restart the server");
    }

    @Test
    void no_room_is_no_matter_when_the_slot_is_there() {
        database.column("SELECT pg_create_logical_replication_slot('first', 'pgoutput')");
        database.column("SELECT pg_create_logical_replication_slot(?, 'pgoutput')", SLOT);

        assertThat(Examination.of(database).finding("replication slots").level())
                .isEqualTo(Level.OK);
    }

    @Test
    void a_slot_of_this_database_is_fine() {
        database.column("SELECT pg_create_logical_replication_slot(?, 'pgoutput')", SLOT);

        Examination examination = Examination.of(database);

        assertThat(examination.finding("slot").text()).isEqualTo(SLOT + " is not in use, pgoutput, WAL reserved");
        assertThat(examination.finding("slot lag").level()).isEqualTo(Level.OK);
    }

    @Test
    void a_physical_slot_of_that_name_fails() {
        database.column("SELECT pg_create_physical_replication_slot(?)", SLOT);

        Examination broken = Examination.of(database);
        assertThat(broken.finding("slot")).returns(Level.FAIL, Finding::level);

        database.column(broken.remedy("slot"));

        assertThat(Examination.of(database).finding("slot").level()).isEqualTo(Level.OK);
    }

    @Test
    void a_slot_of_another_database_fails() {
        try (Database other = Database.create(server)) {
            other.column("SELECT pg_create_logical_replication_slot(?, 'pgoutput')", SLOT);

            assertThat(Examination.of(database).finding("slot"))
                    .returns(Level.FAIL, Finding::level)
                    .satisfies(found -> assertThat(found.text()).contains("belongs to database " + other.name()));
        }
    }

    @Test
    void a_slot_whose_wal_is_gone_fails() {
        database.column("SELECT pg_create_logical_replication_slot(?, 'pgoutput')", SLOT);
        database.execute("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'");
        database.column("SELECT pg_reload_conf()");
        for (int i = 0; i < 4; i++) {
            database.column("SELECT pg_logical_emit_message(true, 'test', 'x')");
            database.column("SELECT pg_switch_wal()");
        }
        database.execute("CHECKPOINT");

        Examination examination = Examination.of(database);

        assertThat(examination.finding("slot"))
                .returns(Level.FAIL, Finding::level)
                .satisfies(found -> assertThat(found.text()).contains("is lost"));
        assertThat(examination.finding("max_slot_wal_keep_size").level()).isEqualTo(Level.OK);
    }

    @Test
    void a_service_role_without_replication_fails() {
        database.execute("ALTER ROLE campfire_realtime NOREPLICATION");

        assertMends("service role", Level.FAIL);
    }

    @Test
    void a_superuser_is_more_than_needed() {
        assertThat(Examination.of(database::connect).finding("service role"))
                .returns(Level.WARN, Finding::level)
                .satisfies(found -> assertThat(found.text()).contains("superuser, more than needed"));
    }

    @Test
    void a_role_that_the_service_may_not_become_fails() {
        database.execute("REVOKE anon FROM campfire_realtime");

        assertMends("client roles", Level.FAIL);
    }

    @Test
    void a_missing_client_role_fails() {
        database.execute("ALTER ROLE anon RENAME TO anon_away");
        try {
            assertMends("client roles", Level.FAIL);
        } finally {
            database.execute("DROP ROLE anon; ALTER ROLE anon_away RENAME TO anon");
        }
    }

    @Test
    void a_service_role_that_policies_bind_is_a_warning() {
        database.execute("ALTER ROLE service_role NOBYPASSRLS");

        assertMends("client roles", Level.WARN);
    }

    /** The check complains, its remedy can be run as it stands, and then the check is satisfied. */
    private void assertMends(String check, Level level) {
        Examination broken = Examination.of(database);
        assertThat(broken.finding(check).level()).isEqualTo(level);

        database.execute(broken.remedy(check));

        assertThat(Examination.of(database).finding(check)).returns(Level.OK, Finding::level);
    }
}
