package dev.campfire.realtime.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the image copies out of the repository is there, and let through by {@code .dockerignore}, which lets nothing else. */
final class ImageContextTest {

    private static final Path ROOT = Path.of("..");

    @Test
    void all_that_is_copied_is_in_the_context() throws IOException {
        List<String> letThrough;
        try (Stream<String> lines = Files.lines(ROOT.resolve(".dockerignore"))) {
            letThrough = lines.filter(line -> line.startsWith("!"))
                    .map(line -> line.substring(1))
                    .toList();
        }
        List<String> copied;
        try (Stream<String> lines = Files.lines(ROOT.resolve("docker/Dockerfile"))) {
            copied = lines.filter(line -> line.startsWith("COPY ") && !line.contains("--from="))
                    .flatMap(line -> {
                        String[] words = line.split(" ");
                        return Arrays.stream(words, 1, words.length - 1);
                    })
                    .toList();
        }

        assertThat(copied).contains("docker/jlink.options").allSatisfy(path -> {
            assertThat(ROOT.resolve(path)).exists();
            assertThat(letThrough).anyMatch(allowed -> path.equals(allowed) || path.startsWith(allowed + "/"));
        });
    }
}
