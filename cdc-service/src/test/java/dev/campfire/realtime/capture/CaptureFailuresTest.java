package dev.campfire.realtime.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.capture.CaptureException.Problem;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is made of the failures that Postgres reports. */
final class CaptureFailuresTest {

    private static final CaptureSettings SETTINGS =
            CaptureSettings.of(new DatabaseSettings("localhost", 5432, "app", "campfire_realtime", "", Map.of()));

    @ParameterizedTest
    @CsvSource({
        "'publication \"supabase_realtime\" does not exist', UNDECODABLE",
        "'Publikation »supabase_realtime« existiert nicht', UNDECODABLE",
        "'replication slot \"campfire_realtime\" does not exist', MISCONFIGURED",
        "'Replikations-Slot »campfire_realtime« existiert nicht', MISCONFIGURED"
    })
    void a_missing_publication_is_told_from_a_missing_slot_in_any_language_of_the_server(
            String message, Problem problem) {
        CaptureException explained = CaptureFailures.explain(new SQLException(message, "42704"), SETTINGS);

        assertThat(explained.problem()).isEqualTo(problem);
    }
}
