package dev.campfire.realtime.changes;

import dev.campfire.realtime.changes.Subscribing.Form;
import dev.campfire.realtime.channel.ChannelKey;
import java.util.List;

/**
 * Those who have asked for the same of {@code postgres_changes}.
 *
 * @param bindings in the order of the join
 */
record Subscribers(Audience audience, Form form, boolean explains, boolean leaves, List<ActiveBinding> bindings) {

    Subscribers(ChannelKey key, Subscribing first, List<ActiveBinding> bindings) {
        this(new Audience(key), first.form(), first.explains(), first.leaves(), List.copyOf(bindings));
    }

    /** Each is itself and no other. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
