package dev.campfire.realtime.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/**
 * How far a backfill is, for people: a bar on a terminal, and elsewhere a line every few seconds; or JSON, a line for each
 * change. For one thread.
 */
final class BackfillProgress {

    private static final int BAR = 24;
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

    private final PrintWriter out;
    private final boolean isJson;
    private final boolean isTerminal;
    private final long began = System.nanoTime();
    private long readBefore = -1;
    private long shown;
    private String last = "";

    BackfillProgress(PrintWriter out, boolean isJson) {
        this.out = out;
        this.isJson = isJson;
        this.isTerminal = System.console() != null && System.console().isTerminal();
    }

    /** Shows where it is now. */
    void show(JsonNode state) {
        if (readBefore < 0) {
            readBefore = state.path("rows_read").asLong();
        }
        if (isJson) {
            json(state);
        } else if (isTerminal) {
            out.print("\r\033[K" + bar(state));
            out.flush();
        } else {
            String text = text(state);
            boolean isNews = shown == 0 || !state.path("note").asText("").equals(last);
            if (isNews || System.nanoTime() - shown > BETWEEN_LINES.toNanos()) {
                last = state.path("note").asText("");
                shown = System.nanoTime();
                out.println(text);
                out.flush();
            }
        }
    }

    private void json(JsonNode state) {
        String text = state.toString();
        if (!text.equals(last)) {
            last = text;
            out.println(text);
            out.flush();
        }
    }

    private String bar(JsonNode state) {
        long read = state.path("rows_read").asLong();
        long all = Math.max(state.path("rows_estimated").asLong(), read);
        int full = all == 0 ? 0 : (int) (BAR * read / all);
        return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "] " + text(state);
    }

    private String text(JsonNode state) {
        long read = state.path("rows_read").asLong();
        long all = Math.max(state.path("rows_estimated").asLong(), read);
        double seconds = Math.max(0.001, (System.nanoTime() - began) / 1e9);
        double rate = (read - Math.max(0, readBefore)) / seconds;
        StringBuilder text = new StringBuilder();
        if (state.path("state").asText().equals("counting")) {
            return text.append("counting the rows of ")
                    .append(state.path("table").asText())
                    .append(", about ")
                    .append(number(state.path("rows_estimated").asLong()))
                    .toString();
        }
        text.append(number(read)).append(" of about ").append(number(all)).append(" rows");
        if (rate > 0) {
            text.append(String.format(Locale.ROOT, ", %,.0f rows/s", rate));
            text.append(", ").append(left((all - read) / rate)).append(" left");
        }
        String note = state.path("note").asText("");
        return note.isEmpty() || note.equals("null")
                ? text.toString()
                : text.append("; ").append(note).toString();
    }

    private static String left(double seconds) {
        long whole = Math.round(seconds);
        return whole < 60
                ? whole + " s"
                : whole < 3600
                        ? whole / 60 + " min " + whole % 60 + " s"
                        : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** The service does not answer. */
    void away(String reason) {
        if (!isJson) {
            out.print(isTerminal ? "\r\033[K" : "");
            out.print("the service does not answer (" + reason + "); it goes on when it is back");
            out.print(isTerminal ? "" : System.lineSeparator());
            out.flush();
        }
    }

    /** It is over. */
    void end(JsonNode state, boolean wasCounted) {
        if (isTerminal && !isJson) {
            out.print("\r\033[K");
        }
        if (isJson) {
            json(state);
        } else if (wasCounted && state.path("state").asText().equals("done")) {
            out.println(number(state.path("rows_read").asLong()) + " rows of "
                    + state.path("table").asText() + " would be told of");
        } else {
            line(state);
        }
        out.flush();
    }

    /** It was over before. */
    void wasOver(JsonNode state) {
        line(state);
        if (!isJson) {
            out.println("It is not done a second time; --again begins anew.");
        }
        out.flush();
    }

    /** One backfill in a line. */
    void line(JsonNode state) {
        if (isJson) {
            out.println(state);
        } else {
            String where = state.path("where").isTextual()
                    ? " where " + state.path("where").asText()
                    : "";
            String note =
                    state.path("note").isTextual() ? ": " + state.path("note").asText() : "";
            out.println(state.path("id").asText() + "  " + state.path("table").asText() + where + "  "
                    + state.path("state").asText() + note + "  "
                    + number(state.path("rows_read").asLong()) + " rows read, "
                    + number(state.path("rows_told").asLong()) + " told");
        }
        out.flush();
    }
}
