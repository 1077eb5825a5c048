package dev.campfire.realtime.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.campfire.realtime.capture.CaptureException.Problem;
import dev.campfire.realtime.capture.CaptureStatus.State;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CaptureSupervisorTest {

    private static final CaptureSettings SETTINGS = new CaptureSettings(
            new DatabaseSettings("nowhere", 1, "db", "user", "secret", Map.of()),
            "supabase_realtime",
            "campfire_realtime",
            Duration.ofMillis(1),
            Duration.ofMillis(4));

    private final List<FakeSource> sources = Collections.synchronizedList(new ArrayList<>());
    private final FakeReadiness readiness = new FakeReadiness();
    private final CaptureSupervisor supervisor = new CaptureSupervisor(
            SETTINGS, readiness, this::newSource, batch -> {}, InstantSource.system(), new Random(1));

    @AfterEach
    void close() {
        supervisor.close();
    }

    @Test
    void streams_once_the_source_does() {
        supervisor.start();

        await().until(() -> supervisor.status().isStreaming());
        assertThat(supervisor.status().problem()).isNull();
    }

    @Test
    void builds_a_new_source_when_one_fails() {
        supervisor.start();
        await().until(() -> supervisor.status().isStreaming());

        sources.getFirst().fail(new CaptureException(Problem.UNAVAILABLE, "cut", "wait", null));

        await().until(() -> sources.size() == 2 && supervisor.status().isStreaming());
    }

    @Test
    void says_what_is_wrong_and_what_to_do_until_it_is_mended() {
        readiness.problem = new CaptureException(Problem.MISCONFIGURED, "no publication", "make one", null);
        supervisor.start();
        await().until(() -> supervisor.status().state() == State.RETRYING);

        assertThat(supervisor.status().problem()).isEqualTo("no publication");
        assertThat(supervisor.status().remedy()).isEqualTo("make one");
        readiness.problem = null;
        await().until(() -> supervisor.status().isStreaming());
    }

    @Test
    void remembers_that_history_was_lost_when_the_slot_had_to_be_made_anew() {
        supervisor.start();
        await().until(() -> supervisor.status().isStreaming());
        assertThat(supervisor.status().historyLost()).isFalse();

        readiness.slot = new Preflight.Slot(1, 2, true, false);
        sources.getFirst().fail(new CaptureException(Problem.UNAVAILABLE, "slot gone", "wait", null));

        await().until(() -> sources.size() == 2 && supervisor.status().isStreaming());
        assertThat(supervisor.status().historyLost()).isTrue();
    }

    @Test
    void does_not_call_the_first_slot_a_loss() {
        readiness.slot = new Preflight.Slot(1, 2, true, false);
        supervisor.start();

        await().until(() -> supervisor.status().isStreaming());
        assertThat(supervisor.status().historyLost()).isFalse();
    }

    @Test
    void calls_the_first_slot_a_loss_when_postgres_had_lost_the_one_before_it() {
        readiness.slot = new Preflight.Slot(1, 2, true, true);
        supervisor.start();

        await().until(() -> supervisor.status().isStreaming());
        assertThat(supervisor.status().historyLost()).isTrue();
    }

    @Test
    void passes_acknowledgements_to_the_source_that_runs() {
        supervisor.start();
        await().until(() -> supervisor.status().isStreaming());

        supervisor.acknowledge(77);

        assertThat(sources.getFirst().acknowledged).isEqualTo(77);
    }

    @Test
    void ends_the_source_when_it_is_closed() {
        supervisor.start();
        await().until(() -> supervisor.status().isStreaming());

        supervisor.close();
        supervisor.close();

        assertThat(supervisor.status().state()).isEqualTo(State.STOPPED);
        assertThat(sources).hasSize(1);
    }

    private FakeSource newSource() {
        FakeSource source = new FakeSource();
        sources.add(source);
        return source;
    }

    private static final class FakeReadiness implements CaptureSupervisor.Readiness {
        private volatile CaptureException problem;
        private volatile Preflight.Slot slot = new Preflight.Slot(1, 2, false, false);

        @Override
        public Preflight.Slot check() throws CaptureException {
            if (problem != null) {
                throw problem;
            }
            return slot;
        }

        @Override
        public void afterFailure(CaptureException failure) {}
    }

    private static final class FakeSource implements ChangeSource {
        private final CountDownLatch end = new CountDownLatch(1);
        private volatile CaptureException failure;
        private volatile long acknowledged;

        @Override
        public void run(ChangeSink sink, IntConsumer streaming) throws CaptureException, InterruptedException {
            streaming.accept(7);
            end.await();
            if (failure != null) {
                throw failure;
            }
        }

        void fail(CaptureException cause) {
            failure = cause;
            end.countDown();
        }

        @Override
        public void acknowledge(long lsn) {
            acknowledged = lsn;
        }

        @Override
        public void close() {
            end.countDown();
        }
    }
}
