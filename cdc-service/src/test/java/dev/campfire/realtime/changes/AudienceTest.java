package dev.campfire.realtime.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.campfire.realtime.access.Panel;
import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.channel.ChannelKey;
import dev.campfire.realtime.channel.Dispatch;
import dev.campfire.realtime.channel.FrameEncoder;
import dev.campfire.realtime.channel.FrameFormat;
import dev.campfire.realtime.channel.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Everybody gets what is theirs, once and in the order of the changes, whoever of them has to wait for what. */
final class AudienceTest {

    private static final ChannelKey KEY = ChannelKey.joined("audience", false);
    private static final int ROUNDS = 120;

    private final Executor loop = Runnable::run;
    private final ChannelHub hub = new ChannelHub(new UnpooledByteBufAllocator(false), 1_000_000);
    private final Audience audience = new Audience(KEY);
    private final Map<Viewer, Listener> listeners = new LinkedHashMap<>();
    private final Map<Viewer, Listener> gone = new LinkedHashMap<>();
    private long sequence;

    /** One who listens, and what should have come to them. */
    private final class Listener {
        final LinesOutlet outlet = new LinesOutlet();
        final List<String> due = new ArrayList<>();
        final Consumer<String> member = text -> {};
        final Seat seat;

        Listener(Viewer viewer) {
            this(viewer, hub, loop);
        }

        Listener(Viewer viewer, ChannelHub hub, Executor loop) {
            FrameFormat format = topic -> new FrameEncoder() {
                @Override
                public void encode(Message message, ByteBuf out) {
                    out.writeBytes(((Message.Push) message).payload()).writeByte('\n');
                }

                @Override
                public int overhead() {
                    return 64;
                }
            };
            hub.on(loop).join(KEY, outlet, format, "realtime:audience", viewer);
            seat = audience.enter(viewer, member);
        }
    }

    /** A change that some wait for. */
    private record Waiting(List<Seat> seats, Seat.Slot slot, List<Portion> portions) {}

    private void come() {
        Viewer viewer = new Viewer("anon", "{\"sub\":\"" + (listeners.size() + gone.size()) + "\"}");
        listeners.put(viewer, new Listener(viewer));
    }

    /** What waits for them is sent all the same. */
    private void go(Random random) {
        Viewer viewer = List.copyOf(listeners.keySet()).get(random.nextInt(listeners.size()));
        Listener listener = listeners.remove(viewer);
        audience.leave(listener.seat, listener.member);
        gone.put(viewer, listener);
    }

    private static Message message(String text) {
        return new Message.Push("test", text.getBytes(StandardCharsets.UTF_8), 0, null);
    }

    @RepeatedTest(100)
    void what_is_judged_late_comes_once_and_in_order() throws Exception {
        long seed = Long.getLong("audience.seed", System.nanoTime());
        System.out.println("audience.seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 4; i++) {
            come();
        }
        List<Waiting> waiting = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            switch (random.nextInt(10)) {
                case 0 -> follow();
                case 1, 2, 3 -> change(random, waiting);
                // More often than something is waited for: it begins anew from where nothing is.
                case 4, 5, 6, 7, 8 -> answer(random, waiting);
                default -> {
                    if (listeners.size() > 3 && random.nextBoolean()) {
                        go(random);
                    } else {
                        come();
                    }
                }
            }
        }
        while (!waiting.isEmpty()) {
            answer(random, waiting);
        }
        assertThat(audience.isIdle()).isTrue();
        listeners.forEach((viewer, listener) -> assertThat(listener.outlet.got)
                .as(viewer.claims() + ", audience.seed=" + seed)
                .isEqualTo(listener.due));
        // Their sockets are still there: what is for everybody on the channel comes behind what was theirs.
        gone.forEach((viewer, listener) -> assertThat(
                        listener.outlet.got.stream().limit(listener.due.size()).toList())
                .as(viewer.claims() + ", who has gone, audience.seed=" + seed)
                .isEqualTo(listener.due));
    }

    private void follow() throws Exception {
        String text = ++sequence + " for everybody";
        List<Dispatch> ready = new ArrayList<>();
        audience.follow(message(text), sequence, ready);
        hub.dispatch(ready);
        listeners.values().forEach(listener -> listener.due.add(text));
    }

    /** A change of which some see one form, some another and some nothing, and which is known of all, of some or of none. */
    private void change(Random random, List<Waiting> waiting) throws Exception {
        Audience.Everybody all = audience.everybody();
        List<Viewer> viewers = all.seats().stream().map(Seat::viewer).toList();
        long number = ++sequence;
        List<Set<Viewer>> parts = List.of(new HashSet<>(), new HashSet<>(), new HashSet<>());
        boolean isForAll = random.nextBoolean();
        for (Viewer viewer : viewers) {
            parts.get(isForAll ? 0 : random.nextInt(3)).add(viewer);
        }
        List<Portion> portions = new ArrayList<>();
        for (int form = 0; form < 2; form++) {
            String text = number + " form " + form;
            portions.add(new Portion(parts.get(form), List.of(message(text))));
            parts.get(form).forEach(viewer -> listeners.get(viewer).due.add(text));
        }
        int known = random.nextInt(4);
        List<Viewer> unknown = known == 0
                ? List.of()
                : known > 1
                        ? viewers
                        : viewers.stream()
                                .filter(viewer -> random.nextBoolean())
                                .toList();
        List<Seat> seats = unknown == viewers ? all.seats() : audience.waiting(all, Panel.of(unknown));
        Set<Viewer> left = new HashSet<>();
        seats.forEach(seat -> left.add(seat.viewer()));
        for (Portion portion : portions) {
            Set<Viewer> now = new HashSet<>(portion.viewers());
            now.removeAll(left);
            for (Message message : portion.messages()) {
                hub.dispatch(List.of(new Dispatch(KEY, message, now)));
            }
        }
        if (!seats.isEmpty()) {
            waiting.add(new Waiting(seats, audience.await(all, seats, number), portions));
        }
    }

    private void answer(Random random, List<Waiting> waiting) throws Exception {
        if (!waiting.isEmpty()) {
            Waiting one = waiting.remove(random.nextInt(waiting.size()));
            audience.fill(one.slot(), one.portions());
            audience.send(one.seats(), hub);
            assertThat(audience.isIdle())
                    .as("nothing waits when everything is answered")
                    .isEqualTo(waiting.isEmpty());
        }
    }

    /** Event loops come and go here: one that had to wait for whoever waits for its room would wait for ever. */
    @Test
    void nobody_who_comes_or_goes_waits_for_room_in_the_hub() throws Exception {
        Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        ChannelHub full = new ChannelHub(new UnpooledByteBufAllocator(false), 1);
        Listener listener = new Listener(new Viewer("anon", "{}"), full, tasks::add);
        full.send(List.of(new Dispatch(KEY, message("first"))));
        assertThat(full.isCongested()).isTrue();
        Audience.Everybody all = audience.everybody();
        Seat.Slot slot = audience.await(all, all.seats(), 1);
        audience.fill(slot, List.of(new Portion(all.set(), List.of(message("second")))));
        Thread sending = Thread.ofPlatform().start(() -> {
            try {
                audience.send(all.seats(), full);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        await().until(() -> sending.getState() != Thread.State.RUNNABLE && sending.getState() != Thread.State.NEW);

        CompletableFuture<Void> coming =
                CompletableFuture.runAsync(() -> audience.enter(new Viewer("anon", "{\"sub\":\"1\"}"), text -> {}));

        assertThat(coming).succeedsWithin(Duration.ofSeconds(10));
        assertThat(sending.isAlive()).isTrue();
        await().until(() -> {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
            return !sending.isAlive() && tasks.isEmpty();
        });
        assertThat(listener.outlet.got).containsExactly("first", "second");
    }
}
