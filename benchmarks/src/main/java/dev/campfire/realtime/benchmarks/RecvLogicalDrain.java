package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.postgres.NumberedMessages;
import dev.campfire.realtime.benchmarks.postgres.PublishedDatabase;
import dev.campfire.realtime.benchmarks.subject.PgRecvLogical;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A backlog in a slot that Postgres's own program reads, again and again. For one thread. */
final class RecvLogicalDrain {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final PgRecvLogical program;
    private final PublishedDatabase database;
    private final NumberedMessages messages;
    private final List<Double> rates = new ArrayList<>();

    RecvLogicalDrain(PgRecvLogical program, Workbench workbench, int contentLength) throws Exception {
        this.program = program;
        this.database = workbench.database("recvlogical");
        this.messages = workbench.owned(new NumberedMessages(database, contentLength));
    }

    String title() {
        return "pg_recvlogical";
    }

    /** Commits the changes, and has them read. */
    void repeat(int changes, int perTransaction) throws Exception {
        program.prepare(database);
        for (int first = 1; first <= changes; first += perTransaction) {
            messages.commitMany(first, Math.min(changes, first + perTransaction - 1));
        }
        rates.add(changes / (program.drain(database, PATIENCE).toNanos() / 1e9));
    }

    /** Changes per second, by repetition. */
    double[] rates() {
        return rates.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
