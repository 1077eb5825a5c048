package dev.campfire.realtime.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.SharedBackend;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The role that the service logs in as, as it runs. */
@ExtendWith(SharedBackend.class)
class LeastPrivilegeIT {

    private final Database database;

    LeastPrivilegeIT(Backend backend) {
        this.database = backend.database();
    }

    @Test
    void the_service_streams_as_a_role_that_is_no_superuser() {
        List<String> users = database.column("SELECT DISTINCT s.usename || ' ' || r.rolsuper FROM pg_stat_replication s"
                + " JOIN pg_replication_slots p ON p.active_pid = s.pid"
                + " JOIN pg_roles r ON r.rolname = s.usename WHERE p.database = current_database()");

        assertThat(users).containsExactly(Database.SERVICE_ROLE + " false");
    }

    @Test
    void that_role_bypasses_no_policy_and_makes_neither_roles_nor_databases() {
        assertThat(database.value(
                        "SELECT rolbypassrls OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = ?",
                        Database.SERVICE_ROLE))
                .isEqualTo("f");
    }
}
