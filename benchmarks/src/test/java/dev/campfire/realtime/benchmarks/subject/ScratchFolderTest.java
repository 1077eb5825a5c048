package dev.campfire.realtime.benchmarks.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchFolderTest {

    @TempDir
    Path parent;

    @Test
    void leavesNothingBehindButItsParent() throws Exception {
        Path made;
        try (ScratchFolder scratch = ScratchFolder.in(parent.resolve("out"))) {
            made = scratch.path();
            Files.createDirectories(made.resolve("a/b"));
            Files.writeString(made.resolve("a/b/c"), "x");
        }
        assertThat(made).doesNotExist();
        assertThat(parent.resolve("out")).isEmptyDirectory();
    }

    @Test
    void belongsToOneOwner() throws Exception {
        try (ScratchFolder one = ScratchFolder.in(parent);
                ScratchFolder other = ScratchFolder.in(parent)) {
            assertThat(one.path()).isNotEqualTo(other.path());
        }
    }
}
