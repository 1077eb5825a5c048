package dev.campfire.realtime.app;

import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.Explanation;
import dev.campfire.realtime.mapping.RowPayload;
import dev.campfire.realtime.mapping.rules.CompiledRule;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** An explanation for people. */
final class ExplanationText {

    private final StringBuilder out = new StringBuilder();

    static String of(Explanation explanation) {
        ExplanationText text = new ExplanationText();
        explanation.sides().forEach(text::side);
        explanation.flaws().forEach(flaw -> text.line("It belongs nowhere: " + flaw.text() + "."));
        text.events(explanation.events());
        return text.out.toString();
    }

    private void side(Explanation.Side side) {
        line(
                switch (side.form()) {
                    case AS_IS -> side.operation() + ":";
                    case DEPARTURE -> "The row leaves; where it was it is a DELETE:";
                    case ARRIVAL -> "The row comes; where it is now it is an INSERT:";
                });
        int longest = side.outcomes().stream()
                .mapToInt(outcome -> outcome.rule().event().length())
                .max()
                .orElse(0);
        for (Explanation.Outcome outcome : side.outcomes()) {
            CompiledRule rule = outcome.rule();
            line("  " + (outcome.result() == Explanation.Result.MATCHES ? "+ " : "- ") + rule.event()
                    + " ".repeat(longest - rule.event().length())
                    + "  line " + rule.at().line() + ": " + reason(outcome));
        }
    }

    private static String reason(Explanation.Outcome outcome) {
        CompiledRule rule = outcome.rule();
        String condition = rule.condition();
        return switch (outcome.result()) {
            case MATCHES -> condition == null ? "matches" : "matches, for " + oneLine(condition);
            case OFF -> "is off: " + rule.mistakes().getFirst();
            case OTHER_OPERATION ->
                "is for " + rule.operations().stream().map(Enum::name).sorted().collect(Collectors.joining(", "));
            case CONDITION_DOES_NOT_HOLD -> "does not hold: " + oneLine(String.valueOf(condition));
            case CONDITION_NOT_KNOWN ->
                "rests on a value that is not logged (REPLICA IDENTITY FULL logs it): "
                        + oneLine(String.valueOf(condition));
            case CONDITION_FAILS -> "can't be asked of these values: " + oneLine(String.valueOf(condition));
        };
    }

    private static String oneLine(String condition) {
        return condition.strip().replaceAll("\\s+", " ");
    }

    private void events(List<Event> events) {
        if (events.isEmpty()) {
            line("No event.");
            return;
        }
        line(events.size() == 1 ? "1 event:" : events.size() + " events:");
        String shown = "";
        for (Event event : events) {
            line("  " + event.name() + "  on  " + event.channel());
            RowPayload row = event.row();
            String payload = row == null ? "" : payload(row);
            if (!payload.equals(shown)) {
                line("    " + payload);
                shown = payload;
            }
        }
    }

    /** Without what only a real change has: its id and time. */
    private static String payload(RowPayload row) {
        String json = new String(row.render(), StandardCharsets.UTF_8);
        int operation = json.indexOf("\"operation\":");
        int time = json.indexOf("\"commit_timestamp\":");
        int record = json.indexOf("\"record\":", time);
        return "{" + json.substring(operation, time) + json.substring(record);
    }

    private void line(String text) {
        out.append(text).append(System.lineSeparator());
    }
}
