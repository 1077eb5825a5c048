package dev.campfire.realtime.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.campfire.realtime.support.Apart;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.FaultProxy;
import dev.campfire.realtime.support.Follower;
import dev.campfire.realtime.support.Follower.Received;
import dev.campfire.realtime.support.PostgresProvider;
import dev.campfire.realtime.support.PostgresServer;
import dev.campfire.realtime.support.ResumingClient;
import dev.campfire.realtime.support.ServiceProcess;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.StreamFollower;
import dev.campfire.realtime.support.Tokens;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A journal that ends before what its clients have, as it may after a power failure: the rest comes again from the slot. */
@ExtendWith(SharedBackend.class)
@Apart
class LostTailIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** What comes again takes some seconds on its way. */
    private static final int LARGE = 600_000;

    private static final long BYTES_PER_SECOND = 200_000;

    @TempDir
    Path journal;

    private final PostgresServer server;
    private final Database database;
    private final FaultProxy proxy;
    private ServiceProcess service;
    private Connection holder;

    LostTailIT(PostgresProvider provider) throws Exception {
        server = provider.start();
        database = Database.create(server);
        proxy = new FaultProxy(server.host(), server.port());
    }

    @AfterEach
    void close() {
        if (service != null) {
            service.close();
        }
        proxy.close();
        server.close();
    }

    /**
     * What the slot is told from here on it forgets when Postgres is killed. Postgres writes it only where the slot's restart
     * position moves on, and that stays at the first record of a transaction that is open.
     */
    private void holdBackSlot(Conversation conversation) throws SQLException {
        holder = database.connect();
        holder.setAutoCommit(false);
        try (Statement statement = holder.createStatement()) {
            statement.execute("SELECT pg_logical_emit_message(true, 'held', 'back')");
        }
        // Up to there it moves, at the next word after a snapshot of what is running.
        database.execute("CHECKPOINT");
        conversation.say("before");
        database.awaitConfirmed(PATIENCE);
    }

    private Path newestLog() throws IOException {
        try (var files = Files.list(journal)) {
            return files.filter(path -> path.toString().endsWith(".log"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    @Test
    void what_a_client_has_does_not_come_twice_though_the_journal_has_lost_it_and_the_slot_takes_its_time()
            throws Exception {
        ServiceProcess.Settings settings = ServiceProcess.forDatabase(database)
                .with("DB_PORT", Integer.toString(proxy.port()))
                .with("CAMPFIRE_JOURNAL", journal.toString());
        service = settings.startHealthy();
        Conversation conversation = Conversation.open(database, service);
        String token = Tokens.authenticated(conversation.agent().toString());
        try (Follower socket = new ResumingClient(() -> service.port(), conversation.channel(), token);
                Follower stream = new StreamFollower(() -> service.port(), conversation.channel(), token)) {
            List<Follower> clients = List.of(socket, stream);
            await().atMost(PATIENCE).until(() -> clients.stream().allMatch(client -> client.joins() == 1));
            holdBackSlot(conversation);
            await().atMost(PATIENCE).until(() -> clients.stream().allMatch(client -> client.count() == 1));
            Path log = newestLog();
            long length = Files.size(log);
            conversation.say("large" + "x".repeat(LARGE));
            conversation.say("lost");
            await().atMost(PATIENCE).until(() -> clients.stream().allMatch(client -> client.count() == 3));
            // A journal that loses only what was not durable yet has nothing to complain about.
            database.awaitConfirmed(PATIENCE);
            service.kill();
            server.kill();
            holder.close();
            try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
                file.setLength(length);
            }
            server.start();

            proxy.limit(BYTES_PER_SECOND);
            service = settings.startHealthy();
            await().atMost(PATIENCE).until(() -> clients.stream().allMatch(client -> client.joins() > 1));
            conversation.say("after");
            await().atMost(PATIENCE).until(() -> clients.stream()
                    .allMatch(client -> client.received().getLast().content().equals("after")));

            service.awaitLog("damaged tail");
            for (Follower client : clients) {
                assertThat(client.received())
                        .extracting(received -> received.content().substring(0, 4))
                        .containsExactly("befo", "larg", "lost", "afte");
                long first = client.received().getFirst().sequence();
                assertThat(client.received())
                        .extracting(Received::sequence)
                        .containsExactly(first, first + 1, first + 2, first + 3);
                assertThat(client.unrecovered()).isEmpty();
            }
        }
    }
}
