package dev.campfire.realtime.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.campfire.realtime.benchmarks.subject.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The load in C, where there is a compiler, and the one in Java promise the same. */
final class LoadClientTest {

    private static final String WITHOUT_COMPILER = "a-compiler-that-is-nowhere";

    @TempDir
    Path folder;

    private LoadProgram program(String compiler) throws Exception {
        assumeTrue(
                compiler.equals(WITHOUT_COMPILER) || Programs.find(compiler).isPresent(),
                "no compiler of C on this machine");
        return LoadProgram.prepare(folder, compiler);
    }

    private LoadClient load(String compiler, int port) throws Exception {
        return load(compiler, new LoadTarget("raw", port, Map.of("path", "/sub", "publish", "/pub")));
    }

    private LoadClient load(String compiler, LoadTarget target) throws Exception {
        return program(compiler).start(target, "the server", folder.resolve("load.log"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cc", WITHOUT_COMPILER})
    void counts_each_message_once_for_each_subscriber(String compiler) throws Exception {
        try (BroadcastServer server = new BroadcastServer(0);
                LoadClient load = load(compiler, server.port())) {
            assertThat(load.connect(3).subscribers()).isEqualTo(3);
            assertThat(load.connect(5).subscribers()).isEqualTo(5);

            LoadRun run = load.openLoop(200, Duration.ofMillis(500));

            assertThat(run.sent()).isEqualTo(100);
            assertThat(run.lost()).isZero();
            assertThat(run.dead()).isZero();
            assertThat(run.delivered()).isBetween(1L, 500L);
            assertThat(run.p50()).isPositive().isLessThanOrEqualTo(run.p99());
            assertThat(run.p99()).isLessThanOrEqualTo(run.max() * 1.02);
            assertThat(run.cpu()).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cc", WITHOUT_COMPILER})
    void keeps_no_more_than_the_window_on_the_way_in_a_closed_loop(String compiler) throws Exception {
        try (BroadcastServer server = new BroadcastServer(0);
                LoadClient load = load(compiler, server.port())) {
            load.connect(4);

            LoadRun run = load.closedLoop(8, Duration.ofMillis(500));

            assertThat(run.sent()).isGreaterThan(8);
            // One more is sent as soon as there is room for a part of it.
            assertThat(run.delivered()).isGreaterThan((run.sent() - 8 - 1) * 4);
            assertThat(run.lost()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cc", WITHOUT_COMPILER})
    void says_how_many_messages_were_lost(String compiler) throws Exception {
        try (BroadcastServer server = new BroadcastServer(10);
                LoadClient load = load(
                        compiler,
                        new LoadTarget(
                                "raw", server.port(), Map.of("path", "/sub", "publish", "/pub", "patience", "500")))) {
            load.connect(3);
            load.expect();

            // Nobody else publishes: what is awaited does not come.
            assertThat(load.await(7, Duration.ofMillis(50)).lost()).isEqualTo(7);
            assertThat(load.openLoop(100, Duration.ofMillis(200)).lost()).isEqualTo(2 * 3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cc", WITHOUT_COMPILER})
    void sends_heartbeats_before_it_measures_when_the_last_ones_are_long_ago(String compiler) throws Exception {
        try (BroadcastServer server = new BroadcastServer(0);
                LoadClient load = load(compiler, new LoadTarget("phoenix", server.port(), Map.of("beat", "0")))) {
            load.connect(3);
            load.stall(1);
            load.expect();

            assertThat(server.heartbeats()).as("of those who read").isEqualTo(2);
            assertThat(load.openLoop(100, Duration.ofMillis(100)).lost()).isZero();
            assertThat(server.heartbeats()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cc", WITHOUT_COMPILER})
    void sends_none_when_the_last_ones_are_not_long_ago(String compiler) throws Exception {
        try (BroadcastServer server = new BroadcastServer(0);
                LoadClient load = load(compiler, new LoadTarget("phoenix", server.port(), Map.of()))) {
            load.connect(3);
            load.openLoop(100, Duration.ofMillis(100));

            assertThat(server.heartbeats()).isZero();
        }
    }

    @Test
    void fails_when_subscribers_are_not_let_in() throws Exception {
        try (BroadcastServer server = new BroadcastServer(0);
                LoadClient load =
                        load(WITHOUT_COMPILER, new LoadTarget("phoenix", server.port(), Map.of("path", "/pub")))) {
            server.close();

            assertThatThrownBy(() -> load.connect(1)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void says_that_it_is_java_for_want_of_a_compiler() throws Exception {
        assertThat(program(WITHOUT_COMPILER).title()).contains("Java", WITHOUT_COMPILER);
    }
}
