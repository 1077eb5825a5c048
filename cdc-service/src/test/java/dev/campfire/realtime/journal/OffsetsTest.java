package dev.campfire.realtime.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class OffsetsTest {

    private static final Logger LOG = LoggerFactory.getLogger(OffsetsTest.class);

    @Test
    void places_are_ascending_and_there_once_in_whatever_order_they_come() {
        long seed = Long.getLong("campfire.seed", new Random().nextLong());
        LOG.info("seed {}", seed);
        Random random = new Random(seed);
        Offsets offsets = new Offsets();
        for (int i = 0; i < 1000; i++) {
            TreeSet<Integer> expected = new TreeSet<>();
            offsets.clear();
            int count = random.nextInt(200);
            for (int j = 0; j < count; j++) {
                int place = random.nextInt(300);
                expected.add(place);
                offsets.add(place);
            }

            assertThat(IntStream.range(0, offsets.count()).map(offsets::at).boxed())
                    .as("seed %d, round %d", seed, i)
                    .containsExactlyElementsOf(expected);
        }
    }
}
