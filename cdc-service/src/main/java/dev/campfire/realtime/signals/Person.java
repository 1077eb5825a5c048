package dev.campfire.realtime.signals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.channel.PresenceMember;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Somebody at a place, with as many presences as they have tabs. Guarded by the place's attendance. */
final class Person {

    /** The key under which this one came first. */
    private final String key;

    /** By what this one is known again: keys, and users that tokens name. */
    final Set<String> names = new HashSet<>(2);

    final Map<PresenceMember, ObjectNode> metas = new LinkedHashMap<>(1);

    private @Nullable String user;
    private ObjectNode meta;

    /** What was told last of what this one says; null before the first time. */
    @Nullable
    PresenceStatus status;

    /** Where this one was told to be last. */
    @Nullable
    JsonNode page;

    /** Counts departures, so that one that was waited out is not taken for a later one. */
    int departures;

    Person(PresenceMember first, ObjectNode meta) {
        this.key = first.key();
        this.meta = meta;
    }

    void put(PresenceMember member, ObjectNode now) {
        metas.put(member, now);
        meta = now;
        if (member.user() != null) {
            user = member.user();
        }
    }

    String key() {
        return key;
    }

    /** What was said last of this one. */
    ObjectNode meta() {
        return meta;
    }

    /** Who this is: as the token says, or else as they say themselves, or else by the key. */
    String id() {
        if (user != null) {
            return user;
        }
        JsonNode own = TypingSpelling.field(meta, "userId");
        return own.isTextual() && !own.textValue().isEmpty() ? own.textValue() : key;
    }
}
