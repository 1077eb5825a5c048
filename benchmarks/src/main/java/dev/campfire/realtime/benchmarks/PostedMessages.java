package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.client.DevelopmentToken;
import dev.campfire.realtime.benchmarks.client.MessagePoster;
import dev.campfire.realtime.benchmarks.client.Receiver;
import dev.campfire.realtime.benchmarks.client.Subscriber;
import dev.campfire.realtime.benchmarks.measure.Latencies;
import dev.campfire.realtime.benchmarks.postgres.NumberedMessages;
import dev.campfire.realtime.benchmarks.postgres.PublishedDatabase;
import dev.campfire.realtime.benchmarks.subject.ServiceProcess;
import dev.campfire.realtime.vocabulary.EventName;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * An agent's messages, posted to the API over several connections to several conversations, and subscribers that receive
 * them. Every message has its moment, whether or not those before it have been answered, and its times count from it.
 */
final class PostedMessages implements AutoCloseable, Receiver {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    private static final long NOT_YET = Long.MIN_VALUE;
    private static final int CREATED = 201;

    private final PublishedDatabase database;
    private final List<UUID> conversations = new ArrayList<>();
    private final List<MessagePoster> posters = new ArrayList<>();
    private final List<Subscriber> subscribers = new ArrayList<>();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().daemon().name("poster-", 0).factory());
    private final String padding;
    private volatile Run run = new Run(0, 0, 0);
    private int posted;

    /**
     * What one repetition found.
     *
     * @param rate messages answered with 201 in a second
     * @param received how many arrived, each once
     * @param repeated how many arrived more often
     * @param refused how many were not answered with 201
     */
    record Result(
            double rate, int received, int repeated, int refused, Latencies answers, Latencies arrivals, int sent) {}

    private static final class Run {
        final int first;
        final long start;
        final long interval;
        final long[] answered;
        final long[] arrived;
        int repeated;
        int count;

        Run(int first, int count, long interval) {
            this.first = first;
            this.interval = interval;
            this.count = count;
            this.answered = filled(count);
            this.arrived = filled(count);
            this.start = System.nanoTime() + Duration.ofMillis(50).toNanos();
        }

        private static long[] filled(int count) {
            long[] times = new long[count];
            Arrays.fill(times, NOT_YET);
            return times;
        }

        long due(int index) {
            return start + index * interval;
        }

        /** Subscribers call this from threads of their own. */
        synchronized void arrived(int index, long at) {
            if (arrived[index] == NOT_YET) {
                arrived[index] = at;
            } else {
                repeated++;
            }
        }

        synchronized int received() {
            return (int) Arrays.stream(arrived).filter(at -> at != NOT_YET).count();
        }
    }

    PostedMessages(
            PublishedDatabase database, ServiceProcess service, int conversations, int connections, int contentLength)
            throws Exception {
        this.database = database;
        this.padding =
                "x".repeat(Math.max(0, contentLength - NumberedMessages.text(0).length()));
        String token = new DevelopmentToken(InstantSource.system())
                .authenticated(addAgent().toString());
        try {
            for (int i = 0; i < conversations; i++) {
                UUID id = UUID.randomUUID();
                database.openConversation(id);
                this.conversations.add(id);
                subscribers.add(Subscriber.join(
                        service.port(), token, database.channel(id), EventName.MESSAGE_CREATED.text(), this));
            }
            for (int i = 0; i < connections; i++) {
                posters.add(MessagePoster.connect(service.port(), token));
            }
        } catch (IOException | SQLException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private UUID addAgent() throws SQLException {
        UUID agent = UUID.randomUUID();
        try (Connection connection = database.connect();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO public.organization_members (organization_id, user_id, role) VALUES (?, ?, 'agent')")) {
            insert.setObject(1, database.organization());
            insert.setObject(2, agent);
            insert.executeUpdate();
        }
        return agent;
    }

    @Override
    public void received(long at, byte[] buffer, int from, int to) {
        Run current = run;
        int index = NumberedMessages.find(buffer, from, to) - current.first;
        if (index >= 0 && index < current.count) {
            current.arrived(index, at);
        }
    }

    /** Posts at this rate for so long, and waits for what was posted. */
    Result post(double rate, Duration time, boolean withKeys) throws Exception {
        int count = (int) Math.round(rate * time.toNanos() / 1e9);
        Run current = new Run(posted, count, Math.round(1e9 / rate));
        posted += count;
        run = current;
        List<Future<Integer>> refused = new ArrayList<>();
        for (int i = 0; i < posters.size(); i++) {
            int connection = i;
            refused.add(threads.submit(() -> post(current, connection, withKeys)));
        }
        int notCreated = 0;
        for (Future<Integer> future : refused) {
            notCreated += future.get();
        }
        awaitArrivals(current, count - notCreated);
        return result(current, notCreated);
    }

    private int post(Run current, int connection, boolean withKeys) throws IOException {
        int refused = 0;
        for (int i = connection; i < current.count; i += posters.size()) {
            for (long left = current.due(i) - System.nanoTime(); left > 0; left = current.due(i) - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            int status = posters.get(connection)
                    .post(withKeys ? UUID.randomUUID().toString() : null, json(current.first + i));
            current.answered[i] = System.nanoTime();
            if (status != CREATED) {
                refused++;
            }
        }
        return refused;
    }

    private String json(int number) {
        return String.format(
                Locale.ROOT,
                "{\"conversation_id\":\"%s\",\"organization_id\":\"%s\",\"content\":\"%s%s\",\"sender_type\":\"agent\","
                        + "\"sender_name\":\"Load\"}",
                conversations.get(number % conversations.size()),
                database.organization(),
                NumberedMessages.text(number),
                padding);
    }

    private void awaitArrivals(Run current, int expected) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (current.received() < expected && System.nanoTime() < deadline) {
            subscribers.forEach(Subscriber::requireConnected);
            Thread.sleep(LOOK_AGAIN);
        }
    }

    private static Result result(Run run, int refused) {
        long[] answers = new long[run.count];
        long[] arrivals = new long[run.count];
        int arrived = 0;
        long last = run.start;
        for (int i = 0; i < run.count; i++) {
            answers[i] = run.answered[i] - run.due(i);
            last = Math.max(last, run.answered[i]);
            if (run.arrived[i] != NOT_YET) {
                arrivals[arrived++] = run.arrived[i] - run.due(i);
            }
        }
        double rate = (run.count - refused) * 1e9 / (last - run.start);
        return new Result(
                rate,
                arrived,
                run.repeated,
                refused,
                new Latencies(answers),
                new Latencies(Arrays.copyOf(arrivals, Math.max(1, arrived))),
                run.count);
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        for (MessagePoster poster : posters) {
            poster.close();
        }
        for (Subscriber subscriber : subscribers) {
            subscriber.close();
        }
    }
}
