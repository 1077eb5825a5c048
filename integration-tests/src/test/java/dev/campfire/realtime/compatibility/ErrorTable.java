package dev.campfire.realtime.compatibility;

import dev.campfire.realtime.support.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The table of {@code docs/errors.md}, so that what it says is what is tested. */
final class ErrorTable {

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** The words that stand for what supabase-js reports. */
    private static final List<String> STATUSES = List.of("SUBSCRIBED", "CHANNEL_ERROR", "TIMED_OUT", "CLOSED");

    private final Map<String, Row> rows = new TreeMap<>();

    /**
     * One case.
     *
     * @param text what the service says; empty where it says nothing
     * @param statuses what supabase-js reports, in order
     */
    record Row(String text, List<String> statuses) {}

    static ErrorTable read() {
        ErrorTable table = new ErrorTable();
        try {
            for (String line : Files.readAllLines(Repository.root().resolve("docs/errors.md"))) {
                String[] cells = line.split("\\|");
                if (cells.length == 6 && cells[1].strip().endsWith("_ERROR")) {
                    table.rows.put(cells[2].strip(), row(cells[3], cells[4]));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return table;
    }

    private static Row row(String sent, String reported) {
        List<String> texts = codes(sent);
        return new Row(
                texts.isEmpty() ? "" : texts.getLast(),
                codes(reported).stream().filter(STATUSES::contains).toList());
    }

    private static List<String> codes(String cell) {
        return CODE.matcher(cell)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    Row row(String name) {
        Row row = rows.get(name);
        if (row == null) {
            throw new AssertionError("docs/errors.md has no row for: " + name);
        }
        return row;
    }

    int size() {
        return rows.size();
    }
}
