package dev.campfire.realtime.server;

import java.util.Optional;

/** How the service is. Asked on event loops: answers at once, from what is known already. */
public interface Health {

    /** Why the service is not ready, in one line; empty when it is. */
    Optional<String> notReadyBecause();

    /** The details, as a JSON object. */
    String details();
}
