package dev.campfire.realtime.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.FaultProxy;
import dev.campfire.realtime.support.Health;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.PostgresProvider;
import dev.campfire.realtime.support.PostgresServer;
import dev.campfire.realtime.support.ServiceProcess;
import dev.campfire.realtime.support.SharedBackend;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Whatever is wrong when the service starts is said in one line with its remedy, in the log and in the health check; the
 * process stays, and recovers by itself once the remedy has been applied.
 */
@ExtendWith(SharedBackend.class)
class BadStartIT {

    private final Backend backend;
    private final PostgresProvider postgres;

    BadStartIT(Backend backend, PostgresProvider postgres) {
        this.backend = backend;
        this.postgres = postgres;
    }

    @Test
    void an_unreachable_server() {
        PostgresServer server = backend.server();
        try (Database database = Database.create(server);
                FaultProxy network = new FaultProxy(server.host(), server.port())) {
            network.refuse();
            try (ServiceProcess service = ServiceProcess.forDatabase(database)
                    .with("DB_HOST", "127.0.0.1")
                    .with("DB_PORT", Integer.toString(network.port()))
                    .start()) {
                assertSays(service, "can't be reached|connection", "DB_HOST.*DB_PORT");

                network.restore();

                assertRecovers(service, database);
            }
        }
    }

    @Test
    void a_wrong_password() {
        try (Database database = Database.create(backend.server())) {
            String role = "login_of_" + database.name();
            database.execute("CREATE ROLE " + role
                    + " LOGIN REPLICATION PASSWORD 'right'; GRANT anon, authenticated, service_role TO " + role);
            try (ServiceProcess service = ServiceProcess.forDatabase(database)
                    .with("DB_USER", role)
                    .with("DB_PASSWORD", "wrong-and-secret")
                    .start()) {
                assertSays(service, "password authentication failed", "DB_PASSWORD");
                assertThat(service.log()).noneMatch(line -> line.contains("wrong-and-secret"));

                database.execute("ALTER ROLE " + role + " PASSWORD 'wrong-and-secret'");

                assertRecovers(service, database);
            }
        }
    }

    @Test
    void a_role_that_may_not_replicate() {
        try (Database database = Database.create(backend.server())) {
            String role = "login_of_" + database.name();
            database.execute("CREATE ROLE " + role
                    + " LOGIN PASSWORD 'right'; GRANT anon, authenticated, service_role TO " + role);
            try (ServiceProcess service = ServiceProcess.forDatabase(database)
                    .with("DB_USER", role)
                    .with("DB_PASSWORD", "right")
                    .start()) {
                assertSays(service, "permission denied|may not", "ALTER ROLE \"" + role + "\" .*REPLICATION");

                database.execute("ALTER ROLE " + role + " REPLICATION");

                assertRecovers(service, database);
            }
        }
    }

    @Test
    void a_missing_publication() {
        try (Database database = Database.create(backend.server())) {
            database.execute("DROP PUBLICATION supabase_realtime");
            try (ServiceProcess service = ServiceProcess.forDatabase(database).start()) {
                assertSays(service, "no publication supabase_realtime", "campfire init");

                database.execute(
                        "CREATE PUBLICATION supabase_realtime FOR TABLE messages, conversations, organization_members");

                assertRecovers(service, database);
            }
        }
    }

    @Test
    void an_enum_without_values_or_a_domain_over_one_which_debezium_cannot_read() {
        try (Database database = Database.create(backend.server())) {
            database.execute("CREATE TYPE none_yet AS ENUM (); CREATE TYPE size AS ENUM ('s', 'l');"
                    + " CREATE DOMAIN some_size AS size; CREATE TABLE shirts (id int PRIMARY KEY, \"Size\" some_size)");
            try (ServiceProcess service = ServiceProcess.forDatabase(database).start()) {
                assertSays(
                        service,
                        "enums without values or domains over enums.*: none_yet, some_size",
                        "campfire doctor");

                database.execute("ALTER TYPE none_yet ADD VALUE 'unused'");
                database.execute("ALTER TABLE shirts ALTER COLUMN \"Size\" TYPE size; DROP DOMAIN some_size");

                assertRecovers(service, database);
            }
        }
    }

    @Test
    void a_publication_that_is_dropped_while_the_service_runs() {
        try (Database database = Database.create(backend.server());
                ServiceProcess service = ServiceProcess.forDatabase(database).startHealthy()) {
            database.execute("DROP PUBLICATION supabase_realtime");
            Conversation.open(database);
            assertSays(service, "publication supabase_realtime|publication \"supabase_realtime\"", "campfire init");

            database.execute(
                    "CREATE PUBLICATION supabase_realtime FOR TABLE messages, conversations, organization_members");

            assertRecovers(service, database);
        }
    }

    @Test
    void a_server_without_logical_wal() {
        try (PostgresServer server = postgres.startAsInstalled()) {
            Database database = Database.create(server);
            try (ServiceProcess service = ServiceProcess.forDatabase(database).start()) {
                assertSays(service, "wal_level=replica", "ALTER SYSTEM SET wal_level = 'logical'");

                database.execute("ALTER SYSTEM SET wal_level = 'logical'");
                server.stop();
                server.start();

                assertRecovers(service, database);
            }
        }
    }

    @Test
    void a_slot_that_another_service_reads() {
        try (Database database = Database.create(backend.server())) {
            ServiceProcess first = ServiceProcess.forDatabase(database).startHealthy();
            try (ServiceProcess second = ServiceProcess.forDatabase(database).start()) {
                assertSays(second, "slot campfire_realtime\\S* is in use", "Stop the other|SLOT_NAME_SUFFIX");
                assertThat(first.health().good()).isTrue();

                first.close();

                assertRecovers(second, database);
            } finally {
                first.close();
            }
        }
    }

    @Test
    void a_slot_of_another_plugin() {
        try (Database database = Database.create(backend.server())) {
            String slot;
            try (ServiceProcess service = ServiceProcess.forDatabase(database).startHealthy()) {
                slot = database.value("SELECT slot_name FROM pg_replication_slots WHERE database = current_database()");
                assertThat(service.alive()).isTrue();
            }
            database.dropSlots();
            database.column("SELECT pg_create_logical_replication_slot(?, 'test_decoding')", slot);
            try (ServiceProcess service = ServiceProcess.forDatabase(database).start()) {
                assertSays(service, "slot " + slot + " .*test_decoding", "SLOT_NAME_SUFFIX");

                database.dropSlots();

                assertRecovers(service, database);
            }
        }
    }

    @Test
    void a_server_without_a_free_slot() {
        try (PostgresServer server = postgres.start(Map.of("max_replication_slots", "1"))) {
            Database database = Database.create(server);
            database.column("SELECT pg_create_physical_replication_slot('of_somebody')");
            try (ServiceProcess service = ServiceProcess.forDatabase(database).start()) {
                assertSays(service, "slot", "max_replication_slots|pg_drop_replication_slot");

                database.column("SELECT pg_drop_replication_slot('of_somebody')");

                assertRecovers(service, database);
            }
        }
    }

    @Test
    void a_database_that_does_not_exist() {
        try (ServiceProcess service = ServiceProcess.forDatabase(backend.database())
                .with("DB_NAME", "nowhere")
                .start()) {
            assertSays(service, "no database nowhere", "DB_NAME");
        }
    }

    /** One line of the log has problem and remedy, the health check has the problem, and there is no bare stack trace. */
    private static void assertSays(ServiceProcess service, String problem, String remedy) {
        String line = service.awaitLog("(?i)(WARN|ERROR).*(" + problem + ")");
        assertThat(line).containsPattern("(?i)(" + remedy + ")");
        Health health = service.awaitUnhealthy();
        assertThat(health.body()).containsPattern("(?i)(" + problem + ")");
        assertThat(service.alive()).isTrue();
        List<String> trace =
                service.log().stream().filter(text -> text.startsWith("\tat ")).toList();
        assertThat(trace).as("stack traces in the log").isEmpty();
    }

    private static void assertRecovers(ServiceProcess service, Database database) {
        service.awaitHealthy();
        Conversation conversation = Conversation.open(database, service);
        try (PhoenixSocket socket = PhoenixSocket.open(service.port(), "2.0.0")) {
            socket.join(conversation.channel());
            conversation.say("after the recovery");
            socket.awaitBroadcast("message:created");
        }
    }
}
