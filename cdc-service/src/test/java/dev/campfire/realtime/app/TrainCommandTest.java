package dev.campfire.realtime.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TrainCommandTest {

    @Test
    void runs_a_service_without_a_database_and_ends() {
        assertThat(Campfire.commandLine().execute("train")).isZero();
    }
}
