package dev.campfire.realtime.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ChannelDirectoryTest {

    private final ChannelDirectory directory = new ChannelDirectory();

    private static ChannelKey key(String name) {
        return new ChannelKey(name, ChannelKey.Side.PUBLIC);
    }

    /** Names of which many have one hash: of "Aa" and "BB" it is the same. */
    private static String name(Random random) {
        StringBuilder name = new StringBuilder();
        for (int i = random.nextInt(8); i >= 0; i--) {
            name.append(random.nextBoolean() ? "Aa" : "BB");
        }
        return random.nextBoolean() ? name.toString() : "room:" + random.nextInt(3000);
    }

    @Test
    void finds_what_was_added_and_is_not_gone_one_by_one_and_many_together() {
        long seed = Long.getLong("directory.seed", System.nanoTime());
        System.out.println("directory.seed=" + seed);
        Random random = new Random(seed);
        Map<ChannelKey, List<LocalChannel>> expected = new HashMap<>();
        List<LocalChannel> all = new ArrayList<>();
        for (int i = 0; i < 40_000; i++) {
            // It grows, and then shrinks.
            if (all.isEmpty() || random.nextInt(10) < (i < 20_000 ? 7 : 2)) {
                LocalChannel channel = new LocalChannel(key(name(random)), null);
                directory.add(channel);
                all.add(channel);
                expected.computeIfAbsent(channel.key(), any -> new ArrayList<>())
                        .add(channel);
            } else {
                int place = random.nextInt(all.size());
                LocalChannel channel = all.get(place);
                all.set(place, all.getLast());
                all.removeLast();
                directory.remove(channel);
                directory.remove(channel);
                expected.get(channel.key()).remove(channel);
                expected.remove(channel.key(), List.of());
            }
            ChannelKey asked = key(name(random));
            assertThat(directory.channels(asked))
                    .containsExactlyInAnyOrderElementsOf(expected.getOrDefault(asked, List.of()));
            if (i % 100 == 0) {
                ChannelKey[] keys = IntStream.range(0, random.nextInt(100))
                        .mapToObj(any -> key(name(random)))
                        .toArray(ChannelKey[]::new);
                boolean[] found = directory.haveSubscribers(keys);
                for (int at = 0; at < keys.length; at++) {
                    assertThat(found[at]).as(keys[at].name()).isEqualTo(expected.containsKey(keys[at]));
                }
            }
            assertThat(directory.size()).isEqualTo(expected.size());
        }
    }

    @Test
    void one_name_s_sides_are_channels_of_their_own() {
        LocalChannel channel = new LocalChannel(new ChannelKey("room", ChannelKey.Side.PRIVATE), null);
        directory.add(channel);

        assertThat(directory.channels(new ChannelKey("room", ChannelKey.Side.PRIVATE)))
                .containsExactly(channel);
        assertThat(directory.channels(key("room"))).isEmpty();
        assertThat(directory.haveSubscribers(new ChannelKey[] {key("room"), channel.key()}))
                .containsExactly(false, true);
    }

    @Test
    void who_is_there_is_found_while_others_come_and_go() throws Exception {
        List<LocalChannel> staying = IntStream.range(0, 500)
                .mapToObj(i -> new LocalChannel(key("staying:" + i), null))
                .toList();
        staying.forEach(directory::add);
        ChannelKey[] keys = staying.stream().map(LocalChannel::key).toArray(ChannelKey[]::new);
        CountDownLatch hasBegun = new CountDownLatch(1);
        CompletableFuture<Void> others = CompletableFuture.runAsync(() -> {
            hasBegun.countDown();
            List<LocalChannel> going = new ArrayList<>();
            for (int round = 0; round < 30; round++) {
                for (int i = 0; i < 3000; i++) {
                    going.add(new LocalChannel(key("going:" + round + ":" + i), null));
                    directory.add(going.getLast());
                }
                going.forEach(directory::remove);
                going.clear();
            }
        });
        hasBegun.await();
        do {
            assertThat(directory.haveSubscribers(keys)).doesNotContain(false);
            for (LocalChannel channel : staying) {
                assertThat(directory.channels(channel.key())).containsExactly(channel);
            }
        } while (!others.isDone());
        others.join();
        assertThat(directory.size()).isEqualTo(500);
    }
}
