package dev.campfire.realtime.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.campfire.realtime.support.Apart;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.Follower;
import dev.campfire.realtime.support.PollingFollower;
import dev.campfire.realtime.support.PostgresProvider;
import dev.campfire.realtime.support.ResumingClient;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.StreamFollower;
import dev.campfire.realtime.support.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Everything breaks, at random moments and in a random order, while rows are written and clients go on where they stopped:
 * over websockets, over server-sent events, and page by page. Then what each client received is compared with what Postgres
 * committed. {@code -Dfaults.rounds=200} for a long run, {@code -Dfaults.seed} to repeat one.
 */
@ExtendWith(SharedBackend.class)
@Apart
class FaultScheduleIT {

    private static final int CONVERSATIONS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final long seed = Long.getLong("faults.seed", System.nanoTime());
    private final int rounds = Integer.getInteger("faults.rounds", Fault.values().length);
    private final Random random = new Random(seed);
    private final FaultInjector injector;
    private final Database database;
    private final List<Conversation> conversations = new ArrayList<>();
    private final List<Follower> clients = new ArrayList<>();
    private final List<NumberedWriter> writers = new ArrayList<>();
    private final FaultReport report = new FaultReport();

    FaultScheduleIT(PostgresProvider provider) throws Exception {
        injector = new FaultInjector(provider, random);
        database = injector.database();
    }

    @BeforeEach
    void begin() {
        System.out.println("faults.seed=" + seed + " faults.rounds=" + rounds);
        for (int i = 0; i < CONVERSATIONS; i++) {
            Conversation conversation = Conversation.open(database, injector.service());
            conversations.add(conversation);
            String token = Tokens.authenticated(conversation.agent().toString());
            clients.add(new ResumingClient(injector::port, conversation.channel(), token));
            clients.add(new StreamFollower(injector::port, conversation.channel(), token));
            clients.add(new PollingFollower(injector::port, conversation.channel(), token));
        }
        await().atMost(PATIENCE).until(() -> clients.stream().allMatch(client -> client.joins() > 0));
        startWriting();
    }

    private void startWriting() {
        conversations.forEach(
                conversation -> writers.add(new NumberedWriter(database, conversation, new Random(random.nextLong()))));
    }

    @AfterEach
    void close() {
        writers.forEach(NumberedWriter::close);
        clients.forEach(Follower::close);
        injector.close();
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.DAYS)
    void every_client_gets_every_committed_row_once_and_in_order_whatever_breaks() throws Exception {
        int dropped = 0;
        for (int round = 0; round < rounds; round++) {
            // The first rounds have each fault once; what follows is by chance.
            Fault fault = round < Fault.values().length
                    ? Fault.values()[round]
                    : Fault.values()[random.nextInt(Fault.values().length)];
            LockSupport.parkNanos(Duration.ofMillis(random.nextInt(400)).toNanos());
            boolean isCalm = fault == Fault.DROP_SLOT || fault == Fault.FULL_DISK;
            if (fault == Fault.DROP_SLOT) {
                // What is written before the new slot is there would be lost: nobody could say which rows those are.
                writers.forEach(NumberedWriter::pause);
            }
            if (isCalm) {
                awaitEverything(fault);
            }
            report.begin(fault, numbers());
            long begun = System.nanoTime();
            boolean isInflicted = injector.inflict(fault, writers, clients);
            if (fault == Fault.DROP_SLOT) {
                dropped++;
                awaitTold(dropped);
                writers.forEach(NumberedWriter::resume);
            }
            if (isInflicted && (isCalm || random.nextBoolean())) {
                awaitEverything(fault);
                report.recovered(fault, Duration.ofNanos(System.nanoTime() - begun));
            }
        }
        injector.service().awaitHealthy();
        writers.forEach(NumberedWriter::close);
        conclude(dropped);
    }

    private List<Integer> numbers() {
        return writers.stream().map(NumberedWriter::committed).toList();
    }

    /** Returns when everybody has what is committed by now. */
    private void awaitEverything(Fault fault) {
        List<Integer> committed = numbers();
        for (int i = 0; i < clients.size(); i++) {
            Follower client = clients.get(i);
            int wanted = committed.get(i / 3);
            awaitCount(fault + ": " + name(i), client, wanted);
        }
    }

    private void awaitCount(String who, Follower client, int wanted) {
        try {
            await().atMost(PATIENCE).until(() -> client.count() >= wanted);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    "faults.seed=" + seed + ", " + who + ": " + client.count() + " of " + wanted + " came; "
                            + injector.service().logTail(),
                    e);
        }
    }

    /** Everybody has to be told of each slot that was dropped, also who has nothing to miss. */
    private void awaitTold(int times) {
        await().atMost(PATIENCE).until(() -> clients.stream()
                .allMatch(client -> client.unrecovered().size() >= times));
    }

    private void conclude(int dropped) throws Exception {
        int rows = 0;
        for (int i = 0; i < clients.size(); i++) {
            Follower client = clients.get(i);
            int committed = Integer.parseInt(database.value(
                    "SELECT count(*) FROM messages WHERE conversation_id = ?",
                    conversations.get(i / 3).id()));
            if (i % 3 == 0) {
                rows += committed;
                report.committed(i / 3, committed);
            }
            awaitCount(name(i), client, committed);
            report.compare(name(i), i / 3, committed, client.received());
            if (client.unrecovered().size() != dropped) {
                report.find(name(i) + " was told " + client.unrecovered().size() + " times that something is missing");
            }
        }
        System.out.print(report.text());
        int joins = clients.stream().mapToInt(Follower::joins).sum();
        System.out.println(
                rows + " rows to " + clients.size() + " clients of " + CONVERSATIONS + " channels, which came again "
                        + joins + " times; " + dropped + " slots dropped; faults.seed=" + seed);
        assertThat(report.findings()).as("faults.seed=" + seed).isEmpty();
    }

    private static String name(int client) {
        String way = List.of("socket", "event stream", "poll").get(client % 3);
        return "the " + way + " of conversation " + client / 3;
    }
}
