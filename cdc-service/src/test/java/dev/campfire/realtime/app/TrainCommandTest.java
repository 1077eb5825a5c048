package dev.campfire.realtime.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class TrainCommandTest {

    @Test
    void runs_a_service_with_a_postgres_of_its_own_and_ends() {
        assertThat(CampfireCommand.commandLine().execute("train")).isZero();
    }

    @Test
    void fails_when_the_postgres_that_it_is_told_of_is_not_there() {
        CommandLine campfire = CampfireCommand.commandLine();
        campfire.setErr(new PrintWriter(new StringWriter()));

        assertThat(campfire.execute("train", "--pg-port", "1")).isNotZero();
    }
}
