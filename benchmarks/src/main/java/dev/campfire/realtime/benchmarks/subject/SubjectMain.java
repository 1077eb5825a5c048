package dev.campfire.realtime.benchmarks.subject;

import dev.campfire.realtime.benchmarks.client.Tally;
import dev.campfire.realtime.capture.CaptureSettings;
import dev.campfire.realtime.capture.CaptureSupervisor;
import dev.campfire.realtime.capture.ChangeBatch;
import dev.campfire.realtime.capture.DatabaseSettings;
import dev.campfire.realtime.capture.Operation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The process of a {@link ComparedReader}. On its standard input it is told how many changes to expect; it prints a line
 * when they are expected and another when the last has come. It ends with its input.
 */
final class SubjectMain {

    static final String EXPECTING = "expecting";
    static final String COMPLETE = "complete";

    private static final String INCOMPLETE = "incomplete";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final int port;
    private final String database;
    private final String user;
    private final Tally tally = new Tally();

    private SubjectMain(int port, String database, String user) {
        this.port = port;
        this.database = database;
        this.user = user;
    }

    public static void main(String[] arguments) throws Exception {
        ComparedReader kind = ComparedReader.valueOf(arguments[0]);
        SubjectMain subject = new SubjectMain(Integer.parseInt(arguments[1]), arguments[2], arguments[3]);
        switch (kind) {
            case BARE -> subject.readBarely(kind.id());
            case DEBEZIUM -> subject.runDebezium(kind.id());
            case CAPTURE -> subject.capture(kind.id());
        }
        subject.obey();
        System.exit(0);
    }

    private void readBarely(String slot) throws Exception {
        BareReader reader =
                BareReader.start(port, database, user, slot, (at, buffer, from, to) -> tally.arrived(at, 1));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                reader.close();
            } catch (java.sql.SQLException e) {
                System.err.println("The bare reader did not close: " + e.getMessage());
            }
        }));
    }

    private void runDebezium(String slot) {
        StockDebezium debezium =
                new StockDebezium(port, database, user, slot, count -> tally.arrived(System.nanoTime(), count));
        Thread.ofPlatform().daemon().name("debezium").start(debezium::run);
    }

    private void capture(String slot) {
        DatabaseSettings place = new DatabaseSettings("127.0.0.1", port, database, user, "trusted", Map.of());
        CaptureSettings settings = CaptureSettings.of(place);
        AtomicReference<@Nullable CaptureSupervisor> running = new AtomicReference<>();
        CaptureSupervisor supervisor = new CaptureSupervisor(
                new CaptureSettings(
                        place, settings.publication(), slot, settings.firstRetry(), settings.longestRetry()),
                batch -> count(batch, running.get()),
                InstantSource.system(),
                new SplittableRandom());
        running.set(supervisor);
        supervisor.start();
    }

    private void count(ChangeBatch batch, @Nullable CaptureSupervisor supervisor) {
        long rows = batch.changes().stream()
                .filter(change -> change.operation() == Operation.INSERT)
                .count();
        tally.arrived(System.nanoTime(), rows);
        if (supervisor != null && batch.completeThrough() != 0) {
            supervisor.acknowledge(batch.completeThrough());
        }
    }

    private void obey() throws IOException, InterruptedException {
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            Tally.Expectation expectation = tally.expect(Long.parseLong(line));
            System.out.println(EXPECTING);
            System.out.println(expectation.await(PATIENCE) ? COMPLETE : INCOMPLETE);
        }
    }
}
