package dev.campfire.realtime.database;

import static dev.campfire.realtime.database.ReleaseServer.run;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.campfire.realtime.operations.DatabaseSetup;
import dev.campfire.realtime.support.Apart;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.postgresql.PGConnection;
import org.postgresql.replication.PGReplicationStream;

/** The login role that {@code rls-policies.sql} creates can do the service's work, and reads no row as itself. */
@ParameterizedClass(autoCloseArguments = false)
@ArgumentsSource(EveryRelease.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Apart
class ServiceRoleIT {

    private static final String DATABASE = "service_role_test";
    private static final String ROLE = "campfire_realtime";

    @Parameter
    ReleaseServer server;

    @BeforeParameterizedClassInvocation
    void prepare_a_database() throws Exception {
        server.createDatabase(DATABASE);
        try (Connection superuser = server.connect(DATABASE, "postgres")) {
            DatabaseSetup.shipped().apply(superuser);
        }
    }

    @Test
    @Timeout(30)
    void reads_changes_from_a_slot_of_its_own() throws Exception {
        try (Connection service = server.connect(DATABASE, ROLE);
                Connection replication = server.replicate(DATABASE, ROLE);
                Connection superuser = server.connect(DATABASE, "postgres")) {
            run(service, "SELECT pg_create_logical_replication_slot('own', 'pgoutput')");
            PGReplicationStream stream = replication
                    .unwrap(PGConnection.class)
                    .getReplicationAPI()
                    .replicationStream()
                    .logical()
                    .withSlotName("own")
                    .withSlotOption("proto_version", 1)
                    .withSlotOption("publication_names", "supabase_realtime")
                    .withStatusInterval(1, TimeUnit.SECONDS)
                    .start();
            run(
                    superuser,
                    "INSERT INTO conversations (organization_id, subject)"
                            + " VALUES (gen_random_uuid(), 'seen through the slot')");

            assertThat(readUntilInsert(stream)).contains("seen through the slot");

            stream.close();
        }
    }

    @Test
    void emits_the_heartbeat_that_moves_an_idle_slot() throws Exception {
        try (Connection service = server.connect(DATABASE, ROLE)) {
            run(service, "SELECT pg_logical_emit_message(false, 'hb', 'x')");
        }
    }

    @Test
    void reads_no_row_as_itself() throws Exception {
        for (String table : new String[] {"messages", "conversations", "organization_members"}) {
            try (Connection service = server.connect(DATABASE, ROLE)) {
                assertThatThrownBy(() -> run(service, "SELECT id FROM " + table))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("permission denied for table " + table);
            }
        }
    }

    @Test
    void becomes_each_of_the_clients_roles_and_no_other() throws Exception {
        try (Connection service = server.connect(DATABASE, ROLE)) {
            for (String role : new String[] {"anon", "authenticated", "service_role"}) {
                run(service, "SET ROLE " + role);
                run(service, "SELECT id FROM messages");
                run(service, "RESET ROLE");
            }
            assertThatThrownBy(() -> run(service, "SET ROLE postgres")).hasMessageContaining("permission denied");
        }
    }

    private static String readUntilInsert(PGReplicationStream stream) throws SQLException {
        while (true) {
            ByteBuffer message = stream.read();
            String text = UTF_8.decode(message.duplicate()).toString();
            if (text.startsWith("I")) {
                return text;
            }
        }
    }
}
