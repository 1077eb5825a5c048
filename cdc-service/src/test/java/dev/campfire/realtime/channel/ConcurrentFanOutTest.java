package dev.campfire.realtime.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.LeakCheck;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several loops, several publishers, subscribers that come and go: what holds for every one of them. */
@ExtendWith(LeakCheck.class)
final class ConcurrentFanOutTest {

    private static final int PUBLISHERS = 4;
    private static final int MESSAGES = 1_000;
    private static final int VISITS = 100;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final ChannelHub hub = new ChannelHub(allocator, Long.MAX_VALUE);
    private final ChannelKey room = ChannelKey.joined("room", false);
    private final long seed = System.nanoTime();

    /** A loop with a subscriber who stays from beginning to end, and others who come and go meanwhile. */
    private final class Party {
        final ExecutorService loop = Executors.newSingleThreadExecutor();
        final Ear stayer = new Ear(0);
        final List<Ear> visitors = new ArrayList<>();
        final CompletableFuture<Void> isOver = new CompletableFuture<>();
        final Random random;

        Party(long seed) throws Exception {
            this.random = new Random(seed);
            loop.submit(() -> join(stayer)).get();
            loop.execute(() -> visit(VISITS));
        }

        Subscription join(Ear ear) {
            return hub.on(loop).join(room, ear, new TextFormat(), "realtime:room");
        }

        void visit(int times) {
            if (times == 0) {
                isOver.complete(null);
                return;
            }
            Ear visitor = new Ear(Ear.ANYWHERE);
            visitors.add(visitor);
            Subscription subscription = join(visitor);
            loop.execute(() -> {
                if (random.nextInt(10) > 0) {
                    hub.on(loop).leave(subscription);
                }
                visit(times - 1);
            });
        }

        /** Waits until the visitors are through and everything that was published has been written. */
        void end() throws Exception {
            isOver.get();
            loop.submit(() -> {}).get();
            loop.close();
        }
    }

    @Test
    void each_subscriber_hears_each_publisher_without_gap_or_repetition() throws Exception {
        List<Party> parties = List.of(new Party(seed), new Party(seed + 1), new Party(seed + 2));

        publishAll();
        for (Party party : parties) {
            party.end();
        }

        assertThat(parties).as("seed %d", seed).allSatisfy(party -> {
            assertThat(party.stayer.next).containsOnly(MESSAGES);
            assertThat(party.stayer.fault).isEmpty();
            assertThat(party.visitors)
                    .allSatisfy(visitor -> assertThat(visitor.fault).isEmpty());
        });
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    private void publishAll() throws Exception {
        try (ExecutorService publishers = Executors.newFixedThreadPool(PUBLISHERS)) {
            List<Future<?>> done = new ArrayList<>();
            for (int p = 0; p < PUBLISHERS; p++) {
                String publisher = p + ":";
                done.add(publishers.submit(() -> publish(publisher)));
            }
            for (Future<?> future : done) {
                future.get();
            }
        }
    }

    private void publish(String publisher) {
        for (int i = 0; i < MESSAGES; i++) {
            byte[] payload = (publisher + i).getBytes(StandardCharsets.UTF_8);
            hub.broadcast(room, new Message.Push("broadcast", payload), null);
        }
    }

    /** Checks that what one publisher says goes on where it was. */
    private static final class Ear implements Outlet {
        static final int ANYWHERE = -1;

        final int[] next = new int[PUBLISHERS];
        String fault = "";

        Ear(int first) {
            Arrays.fill(next, first);
        }

        @Override
        public boolean write(ByteBuf frames) {
            for (String frame : frames.toString(StandardCharsets.UTF_8).split(";")) {
                int colon = frame.indexOf(':');
                int publisher = Integer.parseInt(frame, 0, colon, 10);
                int number = Integer.parseInt(frame, colon + 1, frame.length(), 10);
                if (next[publisher] != ANYWHERE && next[publisher] != number) {
                    fault = "publisher " + publisher + ": " + number + " instead of " + next[publisher];
                }
                next[publisher] = number + 1;
            }
            frames.release();
            return true;
        }

        @Override
        public void flush() {}

        @Override
        public long waiting() {
            return 0;
        }

        @Override
        public long taken() {
            return 0;
        }

        @Override
        public void fail(Throwable cause) {
            fault = cause.toString();
        }
    }
}
