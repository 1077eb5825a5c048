package dev.campfire.realtime.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class DatabaseSetupTest {

    @Test
    void the_shipped_scripts_come_in_the_order_in_which_they_build_on_each_other() {
        assertThat(DatabaseSetup.shipped().scripts())
                .extracting(Script::name)
                .containsExactly("publication.sql", "rls-policies.sql", "realtime.sql");
    }

    @Test
    void the_dry_run_prints_every_script_whole() {
        DatabaseSetup setup =
                new DatabaseSetup(List.of(new Script("a.sql", "SELECT 1;\n"), new Script("b.sql", "SELECT 2;\n")));

        assertThat(setup.dryRun()).isEqualTo("-- a.sql\n\nSELECT 1;\n\n-- b.sql\n\nSELECT 2;\n");
    }

    @Test
    void the_shipped_scripts_hold_no_command_of_psql_and_no_transaction_control() {
        for (Script script : DatabaseSetup.shipped().scripts()) {
            assertThat(script.sql().lines())
                    .noneMatch(line -> line.startsWith("\\"))
                    .noneMatch(line -> line.matches("(?i)(begin|commit|rollback|start transaction)\\s*;.*"));
        }
    }
}
