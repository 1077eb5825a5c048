package dev.campfire.realtime.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The tests' own ground: a server that loses rows when it is killed would hide what the service loses. */
@ExtendWith(SharedBackend.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Apart
class PostgresServerIT {

    private final PostgresServer server;
    private final Database database;

    PostgresServerIT(PostgresProvider provider) {
        this.server = provider.start();
        this.database = Database.existing(server, "postgres");
    }

    @BeforeAll
    void make_a_table_a_role_and_a_slot() {
        database.execute("CREATE TABLE support_test (content text)");
        database.execute("CREATE ROLE support_role LOGIN PASSWORD 'right'");
        database.column("SELECT pg_create_logical_replication_slot('support_test', 'pgoutput')");
    }

    @AfterAll
    void close() {
        server.close();
    }

    @Test
    void committed_rows_and_slots_outlive_a_kill_of_the_postmaster() {
        database.update("INSERT INTO support_test VALUES ('before the kill')");

        server.kill();
        server.start();

        assertThat(database.column("SELECT content FROM support_test")).contains("before the kill");
        assertThat(database.column("SELECT slot_name FROM pg_replication_slots"))
                .containsExactly("support_test");
    }

    @Test
    void a_stopped_server_refuses_connections_until_it_is_started() {
        server.stop();
        assertThatThrownBy(() -> server.connect("postgres")).isInstanceOf(SQLException.class);

        server.start();

        assertThat(database.value("SELECT 1")).isEqualTo("1");
    }

    @Test
    void only_the_superuser_comes_in_without_the_right_password() {
        assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl("postgres"), "support_role", "wrong"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
    }
}
