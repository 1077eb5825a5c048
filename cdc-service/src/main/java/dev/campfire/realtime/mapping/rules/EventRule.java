package dev.campfire.realtime.mapping.rules;

import dev.campfire.realtime.capture.Operation;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which changes of a table become an event of this name.
 *
 * @param at where the rule begins
 * @param event the event's name
 * @param operations what must have been done
 * @param condition what must hold besides; null for nothing
 * @param channels where it goes, by their place among the table's
 * @param payload the columns that it tells of; null for all
 */
record EventRule(
        Place at,
        String event,
        Set<Operation> operations,
        @Nullable ScalarText condition,
        List<Integer> channels,
        @Nullable List<ColumnText> payload) {

    EventRule {
        operations = Set.copyOf(operations);
        channels = List.copyOf(channels);
        payload = payload == null ? null : List.copyOf(payload);
    }
}
