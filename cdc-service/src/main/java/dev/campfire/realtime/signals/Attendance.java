package dev.campfire.realtime.signals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.channel.PresenceMember;
import dev.campfire.realtime.vocabulary.EventName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Who is at one place, person by person, and what is to be told of that. Guarded by its {@link PresenceEvents}. */
final class Attendance {

    /** By what the visitor of a channel is known: all who are there are that one. */
    private static final String VISITOR = "visitor";

    private final PresencePlace place;
    private final Map<PresenceMember, Person> persons = new IdentityHashMap<>();
    private final Map<String, Person> byName = new HashMap<>();

    /** An event that is to be told. */
    record Told(Person person, EventName event, ObjectNode payload) {}

    Attendance(PresencePlace place) {
        this.place = place;
    }

    boolean isEmpty() {
        return byName.isEmpty();
    }

    /** A member is present, or says something else of itself. */
    List<Told> come(PresenceMember member, ObjectNode meta, Instant now) {
        if (place.kind() == PresencePlace.Kind.VISITOR && isAgent(meta)) {
            return List.of();
        }
        List<Told> told = new ArrayList<>(2);
        Person known = persons.get(member);
        if (known != null) {
            ObjectNode before = known.metas.get(member);
            known.put(member, meta);
            if (place.kind() != PresencePlace.Kind.VISITOR && !meta.equals(before)) {
                told.add(told(EventName.PRESENCE_UPDATE, known, now));
            }
            tellWhatIsNew(known, now, told);
            return told;
        }
        Person person = find(member);
        if (person == null) {
            person = new Person(member, meta);
            person.put(member, meta);
            boolean isVisitor = place.kind() == PresencePlace.Kind.VISITOR;
            told.add(told(isVisitor ? EventName.VISITOR_JOINED : EventName.PRESENCE_JOIN, person, now));
        } else {
            person.put(member, meta);
        }
        persons.put(member, person);
        for (String name : names(member)) {
            person.names.add(name);
            byName.putIfAbsent(name, person);
        }
        tellWhatIsNew(person, now, told);
        return told;
    }

    /** Who only watches a visitor is none. */
    private static boolean isAgent(ObjectNode meta) {
        return TypingSpelling.field(meta, "userType").asText().equals("agent");
    }

    private @Nullable Person find(PresenceMember member) {
        for (String name : names(member)) {
            Person person = byName.get(name);
            if (person != null) {
                return person;
            }
        }
        return null;
    }

    private List<String> names(PresenceMember member) {
        if (place.kind() == PresencePlace.Kind.VISITOR) {
            return List.of(VISITOR);
        }
        return member.user() == null
                ? List.of("key:" + member.key())
                : List.of("user:" + member.user(), "key:" + member.key());
    }

    /** A member is not present any more; gives the person who has nothing left here, null when somebody remains. */
    @Nullable
    Person go(PresenceMember member, Instant now, List<Told> told) {
        Person person = persons.remove(member);
        if (person == null) {
            return null;
        }
        person.metas.remove(member);
        if (person.metas.isEmpty()) {
            person.departures++;
            return person;
        }
        tellWhatIsNew(person, now, told);
        return null;
    }

    /** Somebody is gone for good. */
    List<Told> end(Person person, Instant now) {
        person.names.forEach(name -> byName.remove(name, person));
        List<Told> told = new ArrayList<>(2);
        boolean isVisitor = place.kind() == PresencePlace.Kind.VISITOR;
        told.add(told(isVisitor ? EventName.VISITOR_LEFT : EventName.PRESENCE_LEAVE, person, now));
        if (!isVisitor) {
            tellWhatIsNew(person, now, told);
        }
        return told;
    }

    private void tellWhatIsNew(Person person, Instant now, List<Told> told) {
        switch (place.kind()) {
            case PEOPLE -> {}
            case AGENTS -> {
                PresenceStatus status = PresenceStatus.of(person.metas.values());
                if (status != person.status) {
                    person.status = status;
                    Told change = told(status.ofAgent(), person, now);
                    change.payload().put("agentId", person.id()).put("status", status.text());
                    told.add(change);
                }
            }
            case VISITOR -> tellOfVisitor(person, now, told);
        }
    }

    private void tellOfVisitor(Person person, Instant now, List<Told> told) {
        JsonNode page = page(person.meta());
        if (page != null && !page.equals(person.page)) {
            person.page = page;
            Told view = told(EventName.VISITOR_PAGE_VIEW, person, now);
            view.payload().set("page", page);
            told.add(view);
        }
        PresenceStatus status = PresenceStatus.of(person.metas.values());
        // Who has just come is active: that need not be said.
        PresenceStatus before = Objects.requireNonNullElse(person.status, PresenceStatus.ONLINE);
        EventName event = status.ofVisitor();
        if (status != before && event != null) {
            person.status = status;
            told.add(told(event, person, now));
        }
    }

    private static @Nullable JsonNode page(ObjectNode meta) {
        for (String name : List.of("page", "url")) {
            if (meta.hasNonNull(name)) {
                return meta.path(name);
            }
        }
        return null;
    }

    private Told told(EventName event, Person person, Instant now) {
        ObjectNode payload = place.ids().put("userId", person.id()).put("key", person.key());
        payload.set("meta", person.meta());
        return new Told(person, event, payload.put("timestamp", now.toString()));
    }
}
