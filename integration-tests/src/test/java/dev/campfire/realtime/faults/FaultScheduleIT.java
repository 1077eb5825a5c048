package dev.campfire.realtime.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.FaultProxy;
import dev.campfire.realtime.support.PostgresProvider;
import dev.campfire.realtime.support.PostgresServer;
import dev.campfire.realtime.support.ResumingClient;
import dev.campfire.realtime.support.ServiceProcess;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.Tokens;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Everything breaks, at random moments and in a random order, while rows are written and clients resume; then what each client
 * received is compared with what Postgres committed. {@code -Dfaults.rounds=200} for a long run, {@code -Dfaults.seed} to
 * repeat one.
 */
@ExtendWith(SharedBackend.class)
class FaultScheduleIT {

    private static final int CONVERSATIONS = 3;
    private static final int CLIENTS_OF_EACH = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final long seed = Long.getLong("faults.seed", System.nanoTime());
    private final int rounds = Integer.getInteger("faults.rounds", 14);
    private final Random random = new Random(seed);
    private final PostgresServer server;
    private final Database database;
    private final FaultProxy proxy;
    private final ServiceProcess.Settings settings;
    private final List<Conversation> conversations = new ArrayList<>();
    private final List<ResumingClient> clients = new ArrayList<>();
    private final List<Thread> writers = new ArrayList<>();
    private final AtomicBoolean isWriting = new AtomicBoolean(true);
    private volatile ServiceProcess service;

    private enum Fault {
        KILL_SERVICE,
        STOP_SERVICE,
        KILL_POSTGRES,
        TERMINATE_WALSENDER,
        CUT_NETWORK,
        SILENT_NETWORK,
        SLOW_NETWORK,
        CUT_CLIENTS
    }

    FaultScheduleIT(PostgresProvider provider) {
        server = provider.start();
        database = Database.create(server);
        proxy = new FaultProxy(server.host(), server.port());
        settings = ServiceProcess.forDatabase(database).with("DB_PORT", Integer.toString(proxy.port()));
        service = settings.startHealthy();
    }

    @BeforeEach
    void begin() {
        System.out.println("faults.seed=" + seed + " faults.rounds=" + rounds);
        for (int i = 0; i < CONVERSATIONS; i++) {
            Conversation conversation = Conversation.open(database, service);
            conversations.add(conversation);
            for (int j = 0; j < CLIENTS_OF_EACH; j++) {
                clients.add(new ResumingClient(
                        () -> service.port(),
                        conversation.channel(),
                        Tokens.authenticated(conversation.agent().toString())));
            }
        }
        await().atMost(PATIENCE).until(() -> clients.stream().allMatch(client -> client.joins() > 0));
        conversations.forEach(conversation -> {
            long ownSeed = random.nextLong();
            writers.add(Thread.ofVirtual().start(() -> write(conversation, new Random(ownSeed))));
        });
    }

    @AfterEach
    void close() {
        isWriting.set(false);
        clients.forEach(ResumingClient::close);
        service.close();
        proxy.close();
        server.close();
    }

    /** Numbered messages in transactions of all sizes; what fails is tried again, whether it was committed or not. */
    private void write(Conversation conversation, Random own) {
        int next = 0;
        while (isWriting.get()) {
            int count = own.nextInt(10) == 0 ? own.nextInt(400) : 1 + own.nextInt(5);
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute(
                        "INSERT INTO messages (conversation_id, organization_id, content, sender_type) SELECT '"
                                + conversation.id() + "', '" + conversation.organization() + "', n, 'customer'"
                                + " FROM generate_series(" + next + ", " + (next + count - 1) + ") n");
                if (own.nextInt(5) == 0) {
                    connection.rollback();
                } else {
                    connection.commit();
                    next += count;
                }
            } catch (SQLException e) {
                next = committed(conversation, next);
            }
            LockSupport.parkNanos(Duration.ofMillis(own.nextInt(20)).toNanos());
        }
    }

    /** How many there are, as soon as Postgres can say; the given number while nobody wants to know any more. */
    private int committed(Conversation conversation, int otherwise) {
        while (isWriting.get()) {
            try {
                return Integer.parseInt(
                        database.value("SELECT count(*) FROM messages WHERE conversation_id = ?", conversation.id()));
            } catch (IllegalStateException e) {
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        }
        return otherwise;
    }

    @Test
    void every_client_gets_every_committed_row_once_and_in_order_whatever_breaks() throws Exception {
        Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
        for (int round = 0; round < rounds; round++) {
            // The first rounds have each fault once; what follows is by chance.
            Fault fault = round < Fault.values().length
                    ? Fault.values()[round]
                    : Fault.values()[random.nextInt(Fault.values().length)];
            LockSupport.parkNanos(Duration.ofMillis(random.nextInt(400)).toNanos());
            inflict(fault);
            counts.merge(fault, 1, Integer::sum);
            if (random.nextBoolean()) {
                service.awaitHealthy();
            }
        }
        service.awaitHealthy();
        isWriting.set(false);
        for (Thread writer : writers) {
            writer.join(PATIENCE);
        }
        int rows = 0;
        for (int i = 0; i < conversations.size(); i++) {
            List<String> committed = database.column(
                    "SELECT content FROM messages WHERE conversation_id = ? ORDER BY content::int",
                    conversations.get(i).id());
            rows += committed.size();
            for (int j = 0; j < CLIENTS_OF_EACH; j++) {
                compare(clients.get(i * CLIENTS_OF_EACH + j), committed);
            }
        }
        System.out.printf("%-22s %s%n", "fault", "times");
        counts.forEach((fault, times) -> System.out.printf("%-22s %d%n", fault, times));
        int joins = clients.stream().mapToInt(ResumingClient::joins).sum();
        System.out.println(rows + " rows, each once and in order for " + CLIENTS_OF_EACH + " clients of each of "
                + CONVERSATIONS + " channels, which joined " + joins + " times");
    }

    private void compare(ResumingClient client, List<String> committed) {
        try {
            await().atMost(PATIENCE).until(() -> client.count() >= committed.size());
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            throw new AssertionError(
                    "faults.seed=" + seed + ": " + client.count() + " of " + committed.size() + " came; "
                            + service.logTail(),
                    e);
        }
        assertThat(client.unrecovered()).as("faults.seed=" + seed).isEmpty();
        List<ResumingClient.Received> received = client.received();
        assertThat(received.stream().map(ResumingClient.Received::content).toList())
                .as("faults.seed=" + seed)
                .isEqualTo(committed);
        for (int i = 1; i < received.size(); i++) {
            assertThat(received.get(i).id())
                    .as("faults.seed=" + seed)
                    .isGreaterThan(received.get(i - 1).id());
            assertThat(received.get(i).sequence())
                    .as("faults.seed=" + seed)
                    .isEqualTo(received.get(i - 1).sequence() + 1);
        }
    }

    private void inflict(Fault fault) {
        switch (fault) {
            case KILL_SERVICE -> {
                service.kill();
                service = settings.start();
            }
            case STOP_SERVICE -> {
                // 143 is the Java that has not come to listening for signals yet.
                assertThat(service.terminate(Duration.ofSeconds(10))).isIn(0, 143);
                service = settings.start();
            }
            case KILL_POSTGRES -> {
                server.kill();
                LockSupport.parkNanos(Duration.ofMillis(random.nextInt(500)).toNanos());
                server.start();
            }
            case TERMINATE_WALSENDER -> terminateWalsender();
            case CUT_NETWORK -> proxy.cut();
            case SILENT_NETWORK -> {
                proxy.goSilent();
                LockSupport.parkNanos(Duration.ofMillis(random.nextInt(3000)).toNanos());
                proxy.restore();
            }
            case SLOW_NETWORK -> {
                proxy.limit(200_000);
                LockSupport.parkNanos(Duration.ofMillis(random.nextInt(1000)).toNanos());
                proxy.limit(Long.MAX_VALUE);
            }
            case CUT_CLIENTS ->
                clients.stream().filter(any -> random.nextBoolean()).forEach(ResumingClient::cut);
        }
    }

    private void terminateWalsender() {
        @Nullable Integer ended = null;
        while (ended == null) {
            try {
                ended = database.terminateWalsender();
            } catch (IllegalStateException e) {
                // Postgres is just starting.
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        }
    }
}
