package dev.campfire.realtime.operations;

import java.util.List;

/**
 * A script that has been applied and committed.
 *
 * @param notices what Postgres had to say, in its order: mostly what the script left undone, and why
 */
public record Applied(Script script, List<ServerNotice> notices) {

    public Applied {
        notices = List.copyOf(notices);
    }
}
