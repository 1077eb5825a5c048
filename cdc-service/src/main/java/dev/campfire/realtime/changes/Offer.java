package dev.campfire.realtime.changes;

import dev.campfire.realtime.access.Sight;
import dev.campfire.realtime.channel.Message;
import java.util.List;
import java.util.Set;

/** What an audience is offered of a change. */
interface Offer {

    /** The conditions that Postgres has yet to decide. */
    Set<FilterQuestion.Case> undecided();

    /** What those get who see this of the change, when of those conditions these hold. */
    List<Message> messages(Sight sight, Set<FilterQuestion.Case> holding);

    /** Whether they get what is said of those who get nothing. */
    default boolean explains() {
        return false;
    }
}
