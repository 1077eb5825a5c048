package dev.campfire.realtime.operations;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A diagnosis for the terminal: one line for each finding, {@code ok|warn|FAIL  name  what was found}, and below it,
 * indented, the statements that mend it.
 */
public final class DiagnosisText {

    private static final int LEVEL_WIDTH = 4;
    private static final String GAP = "  ";

    /** Ends with a line break, unless there is nothing to say. */
    public String render(Diagnosis diagnosis) {
        List<Finding> findings = diagnosis.findings();
        int nameWidth =
                findings.stream().mapToInt(found -> found.name().length()).max().orElse(0);
        return findings.stream().map(found -> line(found, nameWidth)).collect(Collectors.joining());
    }

    private static String line(Finding found, int nameWidth) {
        return padded(label(found.level()), LEVEL_WIDTH) + GAP + padded(found.name(), nameWidth) + GAP + found.text()
                + "\n" + remedy(found.remedy());
    }

    private static String remedy(@Nullable String sql) {
        String indentation = " ".repeat(LEVEL_WIDTH) + GAP;
        return sql == null
                ? ""
                : sql.lines().map(statement -> indentation + statement + "\n").collect(Collectors.joining());
    }

    private static String label(Finding.Level level) {
        return switch (level) {
            case OK -> "ok";
            case WARN -> "warn";
            case FAIL -> "FAIL";
        };
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
