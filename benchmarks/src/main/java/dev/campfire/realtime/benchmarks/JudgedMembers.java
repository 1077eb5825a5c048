package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.client.DevelopmentToken;
import dev.campfire.realtime.benchmarks.client.MemberChannels;
import dev.campfire.realtime.benchmarks.measure.ProcessCpu;
import dev.campfire.realtime.benchmarks.postgres.Organization;
import dev.campfire.realtime.benchmarks.postgres.PublishedDatabase;
import dev.campfire.realtime.benchmarks.postgres.Walsender;
import dev.campfire.realtime.benchmarks.subject.ServiceProcess;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Users who subscribe to messages, some of them members of the organisation that these are of. For one thread. */
final class JudgedMembers {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration SETTLING = Duration.ofMillis(300);

    private final int members;
    private final List<UUID> users = new ArrayList<>();
    private final PublishedDatabase database;
    private final Organization organization;
    private final MemberChannels channels;
    private final ServiceProcess process;
    private final ProcessCpu service;

    /** What a drain took. */
    interface Drained {

        /**
         * @param rate changes per second
         * @param service processor time of the service, in microseconds per change
         * @param questions processor time of the database's answers, the same
         */
        void measured(double rate, double service, double questions);
    }

    JudgedMembers(Workbench workbench, int subscribers, int members) throws Exception {
        this.members = members;
        this.database = workbench.database("service");
        for (int i = 0; i < subscribers; i++) {
            users.add(UUID.randomUUID());
        }
        this.organization = workbench.owned(new Organization(database, users.subList(0, members)));
        this.process = workbench.service(database);
        this.service = new ProcessCpu(process.pid());
        DevelopmentToken tokens = new DevelopmentToken(InstantSource.system());
        workbench.say("joining %,d channels", subscribers);
        this.channels = workbench.owned(MemberChannels.join(
                process.port(),
                "messages",
                users.stream()
                        .map(user -> tokens.authenticated(user.toString()))
                        .toList(),
                PATIENCE));
    }

    /** Fills the slot while its walsender stands still, lets it go on, and waits until every member has every change. */
    void drain(int changes, Drained drained) throws Exception {
        say(1);
        Walsender walsender = database.awaitReader();
        long wanted = channels.total() + (long) changes * members;
        walsender.suspend();
        Duration before;
        Duration asked;
        long start;
        try {
            for (int i = 0; i < changes; i++) {
                organization.say(1);
            }
            walsender.awaitOthersIdle();
            before = service.used();
            asked = questionTime();
            start = System.nanoTime();
        } finally {
            walsender.resume();
        }
        channels.awaitTotal(wanted, PATIENCE);
        double seconds = (System.nanoTime() - start) / 1e9;
        drained.measured(
                changes / seconds,
                service.used().minus(before).toNanos() / 1e3 / changes,
                questionTime().minus(asked).toNanos() / 1e3 / changes);
    }

    /** In steps of ten milliseconds for each process. */
    private Duration questionTime() throws SQLException {
        Duration sum = Duration.ZERO;
        for (long pid : organization.questionBackends()) {
            sum = sum.plus(new ProcessCpu(pid).used());
        }
        return sum;
    }

    /** Commits messages, and returns when all members have them. */
    private void say(int messages) throws SQLException {
        long wanted = channels.total() + (long) messages * members;
        organization.say(messages);
        channels.awaitTotal(wanted, PATIENCE);
    }

    /** Changes per second when Postgres has to be asked about everybody for each transaction. */
    double cold(int perTransaction, int transactions) throws SQLException {
        say(1);
        long judging = 0;
        for (int i = 0; i < transactions; i++) {
            organization.member(users.getFirst(), "active");
            // The change of the membership is not what is measured.
            LockSupport.parkNanos(2_000_000);
            long start = System.nanoTime();
            say(perTransaction);
            judging += System.nanoTime() - start;
        }
        return (double) perTransaction * transactions / judging * 1e9;
    }

    /** Milliseconds from the return of the commit that suspends a member to the last message that the member gets. */
    double remove(int member) throws Exception {
        AtomicBoolean isOver = new AtomicBoolean();
        double millis;
        try (Organization writer = new Organization(database, List.of())) {
            Thread writing = Thread.ofPlatform().start(() -> {
                try {
                    while (!isOver.get()) {
                        writer.say(1);
                        LockSupport.parkNanos(1_000_000);
                    }
                } catch (SQLException e) {
                    isOver.set(true);
                }
            });
            LockSupport.parkNanos(SETTLING.toNanos());
            organization.member(users.get(member), "suspended");
            long removed = System.nanoTime();
            LockSupport.parkNanos(SETTLING.toNanos());
            if (isOver.getAndSet(true)) {
                throw new IllegalStateException("the writer failed");
            }
            writing.join();
            millis = Math.max(0, (channels.lastAt(member) - removed) / 1e6);
        }
        LockSupport.parkNanos(SETTLING.toNanos());
        organization.member(users.get(member), "active");
        return millis;
    }

    /** Ends the service, so that what comes next has its processor. */
    void end() throws Exception {
        channels.close();
        process.close();
    }
}
