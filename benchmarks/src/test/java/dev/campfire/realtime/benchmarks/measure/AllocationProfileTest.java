package dev.campfire.realtime.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AllocationProfileTest {

    @Test
    void adds_up_what_one_place_allocates_of_one_class() {
        AllocationProfile profile = new AllocationProfile();
        profile.add("byte[]", "a", 30);
        profile.add("byte[]", "b", 10);
        profile.add("byte[]", "a", 60);

        assertThat(profile.greatest(1)).containsExactly(new AllocationProfile.Site("byte[]", "a", 0.9));
        assertThat(profile.greatest(5)).hasSize(2);
    }

    @Test
    void finds_who_allocates_in_a_recording(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("some.jfr");
        long made = 0;
        try (Recording recording = new Recording()) {
            recording.enable("jdk.ObjectAllocationSample").with("throttle", "1000/s");
            recording.start();
            for (int i = 0; i < 200; i++) {
                made += allocate();
            }
            recording.dump(file);
        }

        assertThat(made).isPositive();
        assertThat(AllocationProfile.read(file, Instant.MAX).greatest(3)).isEmpty();
        assertThat(AllocationProfile.read(file, Instant.EPOCH).greatest(3)).anySatisfy(site -> assertThat(site.place())
                .isEqualTo(getClass().getName() + ".allocate"));
    }

    private static long allocate() {
        byte[][] blocks = new byte[10][];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = new byte[1024 * 1024];
        }
        return blocks[3].length;
    }
}
