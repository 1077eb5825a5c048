package dev.campfire.realtime.app;

import dev.campfire.realtime.access.ChannelUser;
import dev.campfire.realtime.access.LegacyChannels;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.identity.Claims;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.signals.TypingBridge;
import dev.campfire.realtime.signals.TypingReport;
import dev.campfire.realtime.signals.TypingRoom;
import dev.campfire.realtime.signals.Utterance;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * Takes out of the stream what the database says of typing: it is told to both parts of its room and kept nowhere. The
 * database may speak everywhere. What it said too long ago is not told, for nobody types any more. For one thread.
 */
final class TypingTap implements Predicate<Event> {

    private static final String DATABASE = "service_role";

    /** As whom old names are looked up. */
    private static final Claims CLAIMS =
            new Claims(DATABASE, Instant.MAX, null, Map.of("role", DATABASE), "{\"role\":\"" + DATABASE + "\"}");

    private final TypingBridge typing;
    private final LegacyChannels legacyChannels;
    private final InstantSource clock;

    TypingTap(TypingBridge typing, LegacyChannels legacyChannels, InstantSource clock) {
        this.typing = typing;
        this.legacyChannels = legacyChannels;
        this.clock = clock;
    }

    /** Whether the event was taken. */
    @Override
    public boolean test(Event event) {
        boolean isLegacy = legacyChannels.covers(event.channel());
        if (event.row() != null || event.isRaw() || !isLegacy && TypingRoom.of(event.channel()) == null) {
            return false;
        }
        // Without the event's id: nobody can go on behind what is not kept.
        TypingReport report =
                typing.read(new Message.Broadcast(event.name(), Message.Encoding.JSON, null, event.payload()));
        if (report == null) {
            return false;
        }
        Duration age = Duration.between(event.commitTime(), clock.instant());
        if (age.compareTo(TypingBridge.SILENCE) < 0) {
            tell(event.channel(), report, legacyChannels.judgedName(new ChannelUser(CLAIMS, event.channel(), "{}")));
        }
        return true;
    }

    private void tell(String channel, TypingReport report, CompletionStage<Optional<String>> judged) {
        judged.thenAccept(name -> name.map(TypingRoom::of).ifPresent(room -> {
            Utterance said = typing.hear(room, report, DATABASE, channel);
            for (TypingRoom.Part part : TypingRoom.Part.values()) {
                said.tell(part, List.of());
            }
        }));
    }
}
