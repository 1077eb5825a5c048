package dev.campfire.realtime.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.operations.Finding.Level;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the checks make of answers that a test's own Postgres does not give. */
final class JudgementTest {

    private static final long MB = 1 << 20;

    @ParameterizedTest
    @CsvSource({"130016, FAIL", "140000, OK", "180006, OK"})
    void postgres_14_is_the_oldest_that_will_do(int version, Level level) {
        assertThat(ServerChecks.judgeVersion(version, "x", "database", "role").level())
                .isEqualTo(level);
    }

    @ParameterizedTest
    @CsvSource({"false, 140000, off, OK", "true, 150000, on, FAIL", "true, 160000, on, WARN", "true, 160000, off, WARN"
    })
    void a_standby_decodes_from_16_on(boolean inRecovery, int version, String feedback, Level level) {
        assertThat(ServerChecks.judgeRecovery(inRecovery, version, feedback).level())
                .isEqualTo(level);
    }

    @ParameterizedTest
    @CsvSource({"PT2S, OK", "PT2.001S, WARN", "PT-2S, OK", "PT-2.001S, WARN"})
    void clocks_may_be_two_seconds_apart_either_way(Duration serverAhead, Level level) {
        assertThat(ServerChecks.judgeClock(serverAhead).level()).isEqualTo(level);
    }

    @ParameterizedTest
    @CsvSource({
        "true, false, true, WARN",
        "false, false, false, FAIL",
        "false, true, true, WARN",
        "false, false, true, OK"
    })
    void the_login_has_replication_and_no_more(boolean superuser, boolean bypass, boolean replicates, Level level) {
        assertThat(RoleChecks.judgeLogin(superuser, bypass, replicates, "role", "remedy")
                        .level())
                .isEqualTo(level);
    }

    @ParameterizedTest
    @CsvSource({"50, 100, OK", "51, 100, WARN", "1024, -1, OK", "1025, -1, WARN", "0, 0, OK"})
    void wal_that_is_held_back_is_measured_against_the_limit(long retained, long limit, Level level) {
        long bytes = limit < 0 ? -1 : limit * MB;

        assertThat(SlotChecks.judgeLag(retained * MB, 0, bytes).level()).isEqualTo(level);
    }

    @Test
    void the_lag_is_told_in_megabytes() {
        assertThat(SlotChecks.judgeLag(3 * MB, MB / 2, 100 * MB).text())
                .isEqualTo("0.5 MB unread, 3.0 MB of WAL held back of 100.0 MB allowed");
    }
}
