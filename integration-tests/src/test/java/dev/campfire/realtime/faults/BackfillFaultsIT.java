package dev.campfire.realtime.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.campfire.realtime.support.Apart;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.Launcher;
import dev.campfire.realtime.support.PostgresProvider;
import dev.campfire.realtime.support.PostgresServer;
import dev.campfire.realtime.support.ResumingClient;
import dev.campfire.realtime.support.RowHistory;
import dev.campfire.realtime.support.ServiceProcess;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.Tokens;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Rows are backfilled while others insert, update and delete the same rows, and while the tool, the service and Postgres are
 * killed; then what each client knows is compared with the table. {@code -Dbackfill.rows=200000} for a long run,
 * {@code -Dbackfill.seed} to repeat one.
 */
@ExtendWith(SharedBackend.class)
@Apart
class BackfillFaultsIT {

    private static final int CONVERSATIONS = 2;
    private static final int WRITERS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(180);

    private final long seed = Long.getLong("backfill.seed", System.nanoTime());
    private final int rows = Integer.getInteger("backfill.rows", 20_000);
    private final Random random = new Random(seed);
    private final PostgresServer server;
    private final Database database;
    private final ServiceProcess.Settings settings;
    private final List<Conversation> conversations = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();
    private final List<ResumingClient> clients = new ArrayList<>();
    private final List<Thread> writers = new ArrayList<>();
    private final AtomicBoolean isWriting = new AtomicBoolean(true);
    private volatile ServiceProcess service;
    private Launcher tool;

    BackfillFaultsIT(PostgresProvider provider) {
        server = provider.start();
        database = Database.create(server);
        settings = ServiceProcess.forDatabase(database);
        for (int i = 0; i < CONVERSATIONS; i++) {
            Conversation conversation = Conversation.open(database);
            conversations.add(conversation);
            database.update(
                    "INSERT INTO messages (conversation_id, organization_id, content, sender_type)"
                            + " SELECT ?, ?, 'row' || n || ':0', 'customer' FROM generate_series(1, ?) n",
                    conversation.id(),
                    conversation.organization(),
                    rows / CONVERSATIONS);
        }
        ids.addAll(database.column("SELECT id FROM messages"));
        service = settings.startHealthy();
        tool = backfill();
    }

    private Launcher backfill() {
        return Launcher.run("backfill", "--table", "public.messages", "--rate", "3000", "--url", service.url());
    }

    @BeforeEach
    void begin() {
        System.out.println("backfill.seed=" + seed + " backfill.rows=" + rows);
        for (Conversation conversation : conversations) {
            for (int i = 0; i < 2; i++) {
                clients.add(new ResumingClient(
                        () -> service.port(),
                        conversation.channel(),
                        Tokens.authenticated(conversation.agent().toString())));
            }
        }
        await().atMost(PATIENCE).until(() -> clients.stream().allMatch(client -> client.joins() > 0));
        for (int i = 0; i < WRITERS; i++) {
            long ownSeed = random.nextLong();
            writers.add(Thread.ofVirtual().start(() -> write(new Random(ownSeed))));
        }
    }

    @AfterEach
    void close() {
        isWriting.set(false);
        clients.forEach(ResumingClient::close);
        tool.kill();
        service.close();
        server.close();
    }

    /** Changes of rows that were there and of new ones, in transactions of all lengths, some of them rolled back. */
    private void write(Random own) {
        while (isWriting.get()) {
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                for (int i = own.nextInt(4); i >= 0; i--) {
                    statement.execute(change(own));
                }
                if (own.nextInt(20) == 0) {
                    statement.execute("SELECT pg_sleep(" + own.nextDouble() + ")");
                }
                if (own.nextInt(8) == 0) {
                    connection.rollback();
                } else {
                    connection.commit();
                }
            } catch (SQLException e) {
                // A deadlock, or Postgres is away.
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
            LockSupport.parkNanos(Duration.ofMillis(own.nextInt(10)).toNanos());
        }
    }

    private String change(Random own) {
        String row = "'" + ids.get(own.nextInt(ids.size())) + "'";
        Conversation conversation = conversations.get(own.nextInt(CONVERSATIONS));
        return switch (own.nextInt(8)) {
            case 0 -> "DELETE FROM messages WHERE id = " + row;
            case 1, 2 ->
                "INSERT INTO messages (conversation_id, organization_id, content, sender_type) SELECT '"
                        + conversation.id() + "', '" + conversation.organization() + "', 'new" + own.nextInt()
                        + "-' || n || ':0', 'agent' FROM generate_series(1, " + (1 + own.nextInt(5)) + ") n";
            case 3 ->
                // Some that may be new, by the order in which they lie.
                "UPDATE messages SET " + nextVersion()
                        + " WHERE id IN (SELECT id FROM messages WHERE content LIKE 'new%'" + " LIMIT 3)";
            default ->
                "UPDATE messages SET " + nextVersion() + " WHERE id IN (" + row + ", '"
                        + ids.get(own.nextInt(ids.size())) + "')";
        };
    }

    private static String nextVersion() {
        return "content = split_part(content, ':', 1) || ':' || split_part(content, ':', 2)::int + 1";
    }

    @Test
    void every_row_is_told_once_and_never_in_an_older_state_whatever_is_killed() throws Exception {
        killSome();
        finish();
        isWriting.set(false);
        for (Thread writer : writers) {
            writer.join(PATIENCE);
        }
        for (int i = 0; i < conversations.size(); i++) {
            Map<String, String> committed = committed(conversations.get(i));
            compare(clients.get(2 * i), committed);
            compare(clients.get(2 * i + 1), committed);
        }
    }

    private void killSome() {
        for (int round = 0; round < 4; round++) {
            LockSupport.parkNanos(Duration.ofMillis(300 + random.nextInt(700)).toNanos());
            switch (round % 4) {
                case 0 -> {
                    service.kill();
                    service = settings.startHealthy();
                }
                case 1 -> {
                    tool.kill();
                    tool = backfill();
                }
                case 2 -> {
                    server.kill();
                    server.start();
                }
                default -> clients.get(random.nextInt(clients.size())).cut();
            }
        }
    }

    /** Whatever happened to the tool, the same command leads to the end. */
    private void finish() {
        service.awaitHealthy();
        tool.kill();
        tool = backfill();
        assertThat(tool.awaitExit(PATIENCE)).as(String.join("\n", tool.lines())).isZero();
        System.out.println(tool.lines().getLast());
    }

    private Map<String, String> committed(Conversation conversation) {
        Map<String, String> committed = new HashMap<>();
        for (String row : database.column(
                "SELECT id || '=' || content FROM messages WHERE conversation_id = ?", conversation.id())) {
            String[] parts = row.split("=", 2);
            committed.put(parts[0], parts[1]);
        }
        return committed;
    }

    private void compare(ResumingClient client, Map<String, String> committed) {
        String hint = "backfill.seed=" + seed;
        try {
            await().atMost(PATIENCE).until(() -> isUpToDate(client));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(hint + "; " + service.logTail(), e);
        }
        assertThat(client.unrecovered()).as(hint).isEmpty();
        RowHistory history = RowHistory.of(client.received(), hint);
        assertThat(history.rows()).as(hint).isEqualTo(committed);
        assertThat(history.backfilled()).as(hint).isPositive();
        assertThat(history.created()).as(hint).containsAll(committed.keySet());
        System.out.println(committed.size() + " rows, " + history.backfilled() + " of them backfilled, in "
                + client.received().size() + " events over " + client.joins() + " joins");
    }

    /** Whether it has heard of the last thing that was said, which is said now. */
    private boolean isUpToDate(ResumingClient client) {
        String last = UUID.randomUUID() + ":0";
        int place = clients.indexOf(client) / 2;
        UUID row = conversations.get(place).say(last);
        await().atMost(PATIENCE).until(() -> client.received().stream()
                .anyMatch(event -> event.content().equals(last)));
        conversations.get(place).delete(row);
        await().atMost(PATIENCE).until(() -> client.received().stream()
                .anyMatch(event ->
                        event.event().equals("message:deleted") && event.row().equals(row.toString())));
        return true;
    }
}
