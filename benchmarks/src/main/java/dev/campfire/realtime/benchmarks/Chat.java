package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.client.SupabaseClients;
import dev.campfire.realtime.benchmarks.postgres.PublishedDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * The writers of conversations whose readers are supabase-js clients. Messages are inserted by one thread, each in its own
 * transaction, and awaited by it; what the clients received comes from another.
 */
final class Chat implements AutoCloseable, SupabaseClients.Listener {

    private final Connection connection;
    private final PreparedStatement insert;

    /** When each message of the running exchange was about to be inserted, by its content. */
    private final Map<String, Sent> sent = new HashMap<>();

    private final List<Long> deliveries = new ArrayList<>();
    private final Map<String, Long> subscriptions = new HashMap<>();
    private int number;
    private int strays;
    private long lastArrival;
    private long lastSubscription;

    private record Sent(long at, UUID conversation) {}

    /**
     * What an exchange of messages took.
     *
     * @param averageDeliveryMillis from before the insert to the arrival
     * @param averageInsertMillis of the insert, with its commit
     * @param totalMillis from before the first insert to the last arrival
     */
    record Exchange(double averageDeliveryMillis, double averageInsertMillis, double totalMillis) {}

    Chat(PublishedDatabase database) throws SQLException {
        connection = database.connect();
        insert = connection.prepareStatement("INSERT INTO public.messages"
                + " (conversation_id, organization_id, content, sender_type) VALUES (?, ?, ?, 'customer')");
        insert.setObject(2, database.organization());
    }

    /**
     * Inserts messages, in turns into the conversations, and waits for their arrivals.
     *
     * @param arrivals how many there will be: one per message and subscriber
     * @param pause between two inserts
     */
    Exchange exchange(List<UUID> conversations, int messages, int arrivals, Duration pause, Duration patience)
            throws SQLException, InterruptedException {
        begin();
        long start = System.nanoTime();
        long inserting = 0;
        for (int i = 0; i < messages; i++) {
            if (!pause.isZero()) {
                Thread.sleep(pause);
            }
            UUID conversation = conversations.get(i % conversations.size());
            String content = "message " + ++number;
            long before = System.nanoTime();
            note(content, new Sent(before, conversation));
            insert.setObject(1, conversation);
            insert.setString(3, content);
            insert.executeUpdate();
            inserting += System.nanoTime() - before;
        }
        return end(arrivals, patience, start, inserting / 1e6 / messages);
    }

    private synchronized void begin() {
        sent.clear();
        deliveries.clear();
        strays = 0;
    }

    private synchronized void note(String content, Sent when) {
        sent.put(content, when);
    }

    private synchronized Exchange end(int arrivals, Duration patience, long start, double averageInsert)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (deliveries.size() < arrivals) {
            waitUntil(deadline, () -> deliveries.size() + " of " + arrivals + " messages arrived");
        }
        if (strays > 0 || deliveries.size() > arrivals) {
            throw new IllegalStateException(strays + " messages arrived where they do not belong, and "
                    + (deliveries.size() - arrivals) + " too many");
        }
        double average =
                deliveries.stream().mapToLong(Long::longValue).average().orElseThrow() / 1e6;
        return new Exchange(average, averageInsert, (lastArrival - start) / 1e6);
    }

    @Override
    public synchronized void message(long at, String client, String conversation, String content) {
        Sent message = sent.get(content);
        if (message == null || !message.conversation().toString().equals(conversation)) {
            strays++;
        } else {
            deliveries.add(at - message.at());
            lastArrival = at;
        }
        notifyAll();
    }

    @Override
    public synchronized void status(long at, String client, String status) {
        if (status.equals("SUBSCRIBED")) {
            subscriptions.merge(client, 1L, Long::sum);
            lastSubscription = at;
            notifyAll();
        }
    }

    /** How often a client has been subscribed so far. */
    synchronized long subscriptions(String client) {
        return subscriptions.getOrDefault(client, 0L);
    }

    /** Waits until a client has been subscribed so often, and returns the moment. */
    synchronized long awaitSubscription(String client, long times, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (subscriptions(client) < times) {
            waitUntil(deadline, () -> client + " was not subscribed again");
        }
        return lastSubscription;
    }

    private synchronized void waitUntil(long deadline, java.util.function.Supplier<String> otherwise)
            throws InterruptedException {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
            throw new IllegalStateException(otherwise.get());
        }
        wait(left);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
