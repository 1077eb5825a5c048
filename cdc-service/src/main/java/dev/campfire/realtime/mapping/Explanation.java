package dev.campfire.realtime.mapping;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.mapping.rules.CompiledRule;
import dev.campfire.realtime.mapping.rules.CompiledTable;
import java.util.ArrayList;
import java.util.List;

/**
 * Why a change becomes the events that it becomes.
 *
 * @param sides what is told to whom: two sides when a row moves, none when it belongs nowhere
 * @param flaws why a side is told nothing
 * @param events what comes of it, in order
 */
public record Explanation(List<Side> sides, List<UnmappedReason> flaws, List<Event> events) {

    /**
     * What those are told who are at one place.
     *
     * @param operation what was done, as they see it
     * @param outcomes for each rule of the table, in the order of the file
     */
    public record Side(Operation operation, RowPayload.Form form, List<Outcome> outcomes) {}

    /** What came of one rule. */
    public record Outcome(CompiledRule rule, Result result) {}

    /** Whether a rule makes its event, and why not. */
    public enum Result {
        MATCHES,
        OFF,
        OTHER_OPERATION,
        CONDITION_DOES_NOT_HOLD,
        /** The condition rests on a value that is not logged. */
        CONDITION_NOT_KNOWN,
        CONDITION_FAILS
    }

    /** Explains a change of the table for which the rules were compiled. */
    public static Explanation of(CompiledTable table, Change change) {
        List<Side> sides = new ArrayList<>(2);
        List<UnmappedReason> flaws = new ArrayList<>();
        List<Event> events = new ArrayList<>();
        UnmappedChanges unmapped = new UnmappedChanges();
        RowRouting routing = new RowRouting(table, change, unmapped);
        routing.sides(telling -> sides.add(side(table, telling)), flaws::add);
        routing.route(new ChangeEvents(change, table.relation(), events::add));
        return new Explanation(sides, flaws, events);
    }

    private static Side side(CompiledTable table, RowRouting.Telling telling) {
        List<Outcome> outcomes = table.rules().stream()
                .map(rule -> new Outcome(rule, result(rule, telling)))
                .toList();
        return new Side(telling.images().operation(), telling.form(), outcomes);
    }

    private static Result result(CompiledRule rule, RowRouting.Telling telling) {
        if (!rule.mistakes().isEmpty()) {
            return Result.OFF;
        }
        if (!rule.operations().contains(telling.images().operation())) {
            return Result.OTHER_OPERATION;
        }
        return switch (rule.judge(telling.images())) {
            case HOLDS -> Result.MATCHES;
            case HOLDS_NOT -> Result.CONDITION_DOES_NOT_HOLD;
            case NOT_KNOWN -> Result.CONDITION_NOT_KNOWN;
            case FAILS -> Result.CONDITION_FAILS;
        };
    }
}
