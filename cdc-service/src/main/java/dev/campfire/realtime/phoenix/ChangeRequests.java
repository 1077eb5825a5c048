package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.changes.Subscribing;
import dev.campfire.realtime.identity.Claims;
import java.util.function.Consumer;

/** What a topic asks of {@code postgres_changes}. */
final class ChangeRequests {

    /** The only role that may ask what is withheld from others. */
    private static final String EXPLAINED_TO = "service_role";

    private ChangeRequests() {}

    static Subscribing of(JoinAttempt attempt, JoinRequest.Changes changes, Consumer<String> onFailure) {
        return of(attempt.claims(), changes, onFailure);
    }

    static Subscribing of(Claims claims, JoinRequest.Changes changes, Consumer<String> onFailure) {
        return new Subscribing(
                changes.entries(),
                Viewer.of(claims),
                changes.isLegacy() ? Subscribing.Form.LEGACY : Subscribing.Form.CURRENT,
                changes.explains() && claims.role().equals(EXPLAINED_TO),
                changes.leaves(),
                onFailure);
    }
}
