package dev.campfire.realtime.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.FaultProxy;
import dev.campfire.realtime.support.Follower;
import dev.campfire.realtime.support.PostgresProvider;
import dev.campfire.realtime.support.PostgresServer;
import dev.campfire.realtime.support.ServiceProcess;
import dev.campfire.realtime.support.SmallDisk;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** A Postgres, a service and a network between them, and everything that can be done to them. For one thread. */
final class FaultInjector implements AutoCloseable {

    private static final Duration STOPPING = Duration.ofSeconds(20);
    private static final int DISK = 192;

    private final Random random;
    private final PostgresServer server;
    private final Database database;
    private final FaultProxy proxy;
    private final SmallDisk disk;
    private final ServiceProcess.Settings settings;
    private volatile ServiceProcess service;

    FaultInjector(PostgresProvider provider, Random random) throws Exception {
        this.random = random;
        server = provider.start();
        database = Database.create(server);
        proxy = new FaultProxy(server.host(), server.port());
        disk = SmallDisk.mount(DISK);
        settings = ServiceProcess.forDatabase(database)
                .with("DB_PORT", Integer.toString(proxy.port()))
                .with("CAMPFIRE_JOURNAL", disk.folder().resolve("journal").toString());
        try {
            service = settings.startHealthy();
        } catch (AssertionError e) {
            disk.close();
            throw e;
        }
    }

    Database database() {
        return database;
    }

    ServiceProcess service() {
        return service;
    }

    /** Where the service listens. */
    int port() {
        return service.port();
    }

    /** Does it; false when that is not possible here, which is printed. */
    boolean inflict(Fault fault, List<NumberedWriter> writers, List<Follower> clients) throws Exception {
        switch (fault) {
            case KILL_SERVICE -> {
                service.kill();
                service = settings.start();
            }
            case STOP_SERVICE -> {
                // 143 is the Java that has not come to listening for signals yet.
                assertThat(service.terminate(STOPPING)).isIn(0, 143);
                service = settings.start();
            }
            case KILL_POSTGRES -> {
                server.kill();
                pause(500);
                server.start();
            }
            case STOP_POSTGRES -> {
                server.stop();
                pause(200);
                server.start();
            }
            case TERMINATE_WALSENDER -> terminateWalsender();
            case CUT_NETWORK -> proxy.cut();
            case SILENT_NETWORK -> {
                proxy.goSilent();
                pause(3000);
                proxy.restore();
            }
            case SLOW_NETWORK -> {
                proxy.limit(200_000);
                pause(1000);
                proxy.limit(Long.MAX_VALUE);
            }
            case CUT_CLIENTS ->
                clients.stream().filter(any -> random.nextBoolean()).forEach(Follower::cut);
            case KILL_WHILE_RESUMING -> {
                service.awaitHealthy();
                clients.forEach(Follower::cut);
                pause(300);
                service.kill();
                service = settings.start();
            }
            case LARGE_TRANSACTION -> anyOf(writers).next(NumberedWriter.Special.LARGE_TRANSACTION);
            case LARGE_ROW -> {
                anyOf(writers).next(NumberedWriter.Special.LARGE_ROW);
                pause(100);
                clients.forEach(Follower::cut);
            }
            case TERMINATE_IN_LARGE_TRANSACTION -> {
                anyOf(writers).next(NumberedWriter.Special.LARGE_TRANSACTION);
                pause(1500);
                terminateWalsender();
            }
            default -> {
                return inflictOnDatabase(fault, writers, clients);
            }
        }
        return true;
    }

    private boolean inflictOnDatabase(Fault fault, List<NumberedWriter> writers, List<Follower> clients)
            throws Exception {
        switch (fault) {
            case ADD_AND_DROP_COLUMN -> {
                retry("ALTER TABLE messages ADD COLUMN IF NOT EXISTS mood text DEFAULT 'calm'");
                pause(200);
                retry("ALTER TABLE messages DROP COLUMN IF EXISTS mood");
            }
            case RENAME_TABLE -> {
                // Whoever writes meanwhile fails, and tries again.
                retry("ALTER TABLE IF EXISTS messages RENAME TO letters");
                pause(200);
                retry("ALTER TABLE IF EXISTS letters RENAME TO messages");
            }
            case ALTER_PUBLICATION -> {
                writers.forEach(NumberedWriter::pause);
                retry("ALTER PUBLICATION supabase_realtime DROP TABLE messages");
                pause(200);
                retry("ALTER PUBLICATION supabase_realtime ADD TABLE messages");
                writers.forEach(NumberedWriter::resume);
            }
            case DROP_SLOT -> {
                service.awaitHealthy();
                database.dropSlots();
            }
            case FULL_DISK -> {
                service.awaitHealthy();
                return fillDisk();
            }
            case SWITCH_WAL -> {
                retry("CHECKPOINT");
                retry("SELECT pg_switch_wal()");
                clients.stream().filter(any -> random.nextBoolean()).forEach(Follower::cut);
            }
            default -> throw new IllegalArgumentException(fault.name());
        }
        return true;
    }

    private boolean fillDisk() throws Exception {
        if (!disk.isSmall()) {
            System.out.println("NOT TESTED: a full disk, for mount needs to be allowed");
            return false;
        }
        disk.fill();
        pause(3000);
        disk.empty();
        service.awaitHealthy();
        return true;
    }

    private NumberedWriter anyOf(List<NumberedWriter> writers) {
        return writers.get(random.nextInt(writers.size()));
    }

    private void pause(int most) {
        LockSupport.parkNanos(Duration.ofMillis(random.nextInt(most)).toNanos());
    }

    /** Runs statements as soon as Postgres is there. */
    private void retry(String sql) {
        for (int i = 0; ; i++) {
            try {
                database.execute(sql);
                return;
            } catch (IllegalStateException e) {
                if (i > 200) {
                    throw e;
                }
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
        }
    }

    private void terminateWalsender() {
        retry("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots"
                + " WHERE database = current_database() AND active");
    }

    @Override
    public void close() {
        service.close();
        proxy.close();
        server.close();
        disk.close();
    }
}
