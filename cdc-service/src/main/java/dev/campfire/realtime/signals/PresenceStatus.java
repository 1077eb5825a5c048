package dev.campfire.realtime.signals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.vocabulary.EventName;
import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What somebody says of themselves in the {@code status} of their presence; of several tabs the first one counts. */
enum PresenceStatus {
    BUSY(EventName.AGENT_STATUS_BUSY, null),
    ONLINE(EventName.AGENT_STATUS_ONLINE, EventName.VISITOR_ACTIVE),
    AWAY(EventName.AGENT_STATUS_AWAY, EventName.VISITOR_IDLE),
    OFFLINE(EventName.AGENT_STATUS_OFFLINE, null);

    private final EventName ofAgent;
    private final @Nullable EventName ofVisitor;

    PresenceStatus(EventName ofAgent, @Nullable EventName ofVisitor) {
        this.ofAgent = ofAgent;
        this.ofVisitor = ofVisitor;
    }

    /** Who is there and says nothing, or something that is not known, is online. */
    private static PresenceStatus of(JsonNode meta) {
        return switch (meta.path("status").asText("").toLowerCase(Locale.ROOT)) {
            case "busy" -> BUSY;
            case "away", "idle" -> AWAY;
            case "offline" -> OFFLINE;
            default -> ONLINE;
        };
    }

    /** Of somebody who has these presences. */
    static PresenceStatus of(Collection<? extends JsonNode> metas) {
        return metas.stream()
                .map(PresenceStatus::of)
                .min(PresenceStatus::compareTo)
                .orElse(OFFLINE);
    }

    EventName ofAgent() {
        return ofAgent;
    }

    /** Null for what is not told of visitors. */
    @Nullable
    EventName ofVisitor() {
        return ofVisitor;
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
