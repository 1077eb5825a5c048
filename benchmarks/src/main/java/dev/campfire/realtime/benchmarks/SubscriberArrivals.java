package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.client.Receiver;
import dev.campfire.realtime.benchmarks.client.Subscriber;
import dev.campfire.realtime.benchmarks.client.Tally;
import dev.campfire.realtime.benchmarks.postgres.NumberedMessages;
import dev.campfire.realtime.benchmarks.postgres.PublishedDatabase;
import dev.campfire.realtime.benchmarks.subject.ServiceProcess;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a subscriber of the service receives: the messages 1 to N, each once and in this order, or the measurement is
 * void.
 */
final class SubscriberArrivals implements Arrivals, Receiver {

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final Tally tally = new Tally();
    private final Subscriber subscriber;
    private Tally.@Nullable Expectation expectation;
    private volatile int last;
    private volatile int firstWrong = NumberedMessages.NONE;

    SubscriberArrivals(Workbench workbench, ServiceProcess service, PublishedDatabase database) throws Exception {
        this.subscriber = workbench.subscriber(service, database, this);
    }

    @Override
    public void expect(int count) {
        last = 0;
        expectation = tally.expect(count);
    }

    @Override
    public void received(long at, byte[] buffer, int from, int to) {
        int number = NumberedMessages.find(buffer, from, to);
        if (number != last + 1 && firstWrong == NumberedMessages.NONE) {
            firstWrong = number;
        }
        last = number;
        tally.arrived(at, 1);
    }

    @Override
    public long awaitLast(Duration patience) throws Exception {
        if (expectation == null) {
            throw new IllegalStateException("nothing is expected");
        }
        long deadline = System.nanoTime() + patience.toNanos();
        while (!expectation.await(LOOK_AGAIN)) {
            subscriber.requireConnected();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not everything was received, message " + last + " is the last");
            }
        }
        if (firstWrong != NumberedMessages.NONE) {
            throw new IllegalStateException("message " + firstWrong + " was received out of order");
        }
        return expectation.completedAt();
    }
}
