package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.access.ChannelUser;
import dev.campfire.realtime.access.Extension;
import dev.campfire.realtime.channel.ChannelKey.Side;
import dev.campfire.realtime.signals.PresenceEvents;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Asks what of a channel somebody who joins it may read. Safe for use by several threads. */
final class JoinPermission {

    private final ChannelServices services;

    JoinPermission(ChannelServices services) {
        this.services = services;
    }

    /**
     * What came of it.
     *
     * @param attempt the join, with the name that its client is judged by
     * @param readable what its client may hear; empty for nothing
     */
    record Granted(JoinAttempt attempt, Set<Extension> readable) {}

    /** @param headers the {@code x-*} headers of the client's request, as a JSON object */
    CompletionStage<Granted> ask(JoinAttempt attempt, String headers) {
        if (!attempt.isJudged()) {
            return CompletableFuture.completedStage(new Granted(attempt, EnumSet.allOf(Extension.class)));
        }
        return services.legacyChannels()
                .judgedName(attempt.user(headers))
                .thenCompose(name -> name.isEmpty()
                        ? CompletableFuture.completedStage(new Granted(attempt, Set.of()))
                        : judge(attempt.judgedAs(name.get()), headers));
    }

    private CompletionStage<Granted> judge(JoinAttempt attempt, String headers) {
        boolean isLegacy = services.legacyChannels().covers(attempt.name());
        if (isLegacy && !services.protectedChannels().covers(attempt.judgedName())) {
            return CompletableFuture.completedStage(new Granted(attempt.open(), EnumSet.allOf(Extension.class)));
        }
        ChannelUser user = attempt.user(headers);
        Set<Extension> asked = EnumSet.of(Extension.BROADCAST);
        // On a channel's public side there is no telling one from the other: who may not have both gets neither.
        boolean isWhole = isLegacy && attempt.key().side() == Side.PUBLIC;
        if (isWhole || attempt.request().presence().isEnabled() || PresenceEvents.areToldOn(attempt.key())) {
            asked.add(Extension.PRESENCE);
        }
        return services.authority()
                .readable(user, asked)
                .thenApply(readable ->
                        new Granted(attempt, isWhole && !readable.containsAll(asked) ? Set.of() : readable));
    }
}
