package dev.campfire.realtime.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The README's table of settings has those that are read, and no others. */
final class SettingsInReadmeTest {

    private static final Path SOURCES = Path.of("src/main/java/dev/campfire/realtime/app");

    /** Whoever reads settings of the service. */
    private static final List<String> READERS =
            List.of("Settings", "DatabaseAddress", "LimitSettings", "MappingFile", "SignalSettings", "TokenSettings");

    private static final Pattern NAME = Pattern.compile("\"(PORT|[A-Z]+(?:_[A-Z0-9]+)+_?)\"");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[A-Z][^|]*) \\|");
    private static final Pattern QUOTED = Pattern.compile("`([A-Z][A-Z0-9_]+)`");

    private static Set<String> read() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String reader : READERS) {
            for (String name : all(NAME, Files.readString(SOURCES.resolve(reader + ".java")))) {
                if (name.endsWith("_PER_")) {
                    names.addAll(List.of(name + "SOCKET", name + "ADDRESS"));
                } else {
                    names.add(name);
                }
            }
        }
        // These two are read where it is said how to log.
        names.addAll(List.of("CAMPFIRE_LOG_LEVEL", "LOG_LEVEL"));
        return names;
    }

    private static Set<String> told() throws IOException {
        return all(ROW, Files.readString(Path.of("../README.md"))).stream()
                .flatMap(names -> all(QUOTED, names).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    @Test
    void each_that_is_read_is_told_and_each_that_is_told_is_read() throws IOException {
        assertThat(told()).isEqualTo(read());
    }
}
