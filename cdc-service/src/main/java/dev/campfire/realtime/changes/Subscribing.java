package dev.campfire.realtime.changes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.access.Viewer;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a join asks of {@code postgres_changes}.
 *
 * @param bindings the objects of the join's {@code postgres_changes}, as they were sent, at least one
 * @param viewer whose rows they are
 * @param form what the messages look like
 * @param explains whether the viewer, who is of service_role, wants to be told what is withheld from others
 * @param leaves whether they want to be told, with the key alone, of rows that an UPDATE takes out of their sight
 * @param onFailure told, by any thread, that changes could not be judged and were withheld: the channel is then to be
 *     ended with this text, so that its client comes again
 */
public record Subscribing(
        List<JsonNode> bindings,
        Viewer viewer,
        Form form,
        boolean explains,
        boolean leaves,
        Consumer<String> onFailure) {

    /** What messages look like. */
    public enum Form {
        /** The event {@code postgres_changes}, with ids and data. */
        CURRENT,
        /** The event named as the operation, with the data alone: what joins without a config get. */
        LEGACY
    }

    public Subscribing {
        bindings = List.copyOf(bindings);
    }
}
