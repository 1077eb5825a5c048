package dev.campfire.realtime.signals;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.channel.ChannelKey;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.channel.PresenceObserver;
import dev.campfire.realtime.vocabulary.EventName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Says who comes and goes in the standard's words: on channels for presence {@code presence:*}, of agents their status, and
 * on a visitor's channels {@code visitor:*}. Told to those who may know who is present there. Whoever has several tabs
 * comes once and goes once; whose connection breaks has a while to come back before they are gone, who takes their leave is
 * gone at once. Safe for use by several threads.
 */
public final class PresenceEvents implements PresenceObserver {

    /** So many people are waited for at a time; whoever else is lost is gone at once. */
    private static final int MOST_AWAITED = 50_000;

    private static final JsonMapper JSON = new JsonMapper(JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build());

    private final ChannelHub hub;
    private final InstantSource clock;
    private final Duration grace;
    private final Later later;
    private final ConcurrentMap<ChannelKey, Attendance> places = new ConcurrentHashMap<>();
    private final AtomicInteger awaited = new AtomicInteger();

    /** @param grace how long those who were lost are waited for; zero for not at all */
    public PresenceEvents(ChannelHub hub, InstantSource clock, Duration grace, Later later) {
        this.hub = hub;
        this.clock = clock;
        this.grace = grace;
        this.later = later;
    }

    /** What the last word of is enough: whether somebody is there, in what state, and where. */
    private record Subject(Person person, Aspect aspect) {}

    private enum Aspect {
        PRESENCE,
        STATUS,
        PAGE;

        static Aspect of(EventName event) {
            return switch (event) {
                case VISITOR_ACTIVE, VISITOR_IDLE -> STATUS;
                case VISITOR_PAGE_VIEW -> PAGE;
                default -> event.group() == EventName.Group.AGENT ? STATUS : PRESENCE;
            };
        }
    }

    /** Whether anything is told on a channel. */
    public static boolean areToldOn(ChannelKey key) {
        return key.side() == ChannelKey.Side.PROTECTED && PresencePlace.of(key.name()) != null;
    }

    @Override
    public boolean watches(ChannelKey key) {
        return areToldOn(key);
    }

    @Override
    public void changed(ChannelKey key, List<Change> changes) {
        places.compute(key, (same, known) -> {
            PresencePlace place = PresencePlace.of(key.name());
            if (place == null) {
                return known;
            }
            Attendance attendance = known == null ? new Attendance(place) : known;
            Instant now = clock.instant();
            List<Attendance.Told> told = new ArrayList<>();
            // Who comes first: a tab that takes another's place leaves nobody gone.
            for (Change change : changes) {
                if (change.meta() != null) {
                    told.addAll(attendance.come(change.member(), meta(change.meta()), now));
                }
            }
            for (Change change : changes) {
                if (change.meta() == null) {
                    Person gone = attendance.go(change.member(), now, told);
                    if (gone != null && !(change.isLost() && await(key, gone))) {
                        told.addAll(attendance.end(gone, now));
                    }
                }
            }
            tell(key, told);
            return attendance.isEmpty() ? null : attendance;
        });
    }

    /** Waits for somebody to come back; false when they are not waited for. */
    private boolean await(ChannelKey key, Person person) {
        if (grace.isZero() || awaited.incrementAndGet() > MOST_AWAITED) {
            if (!grace.isZero()) {
                awaited.decrementAndGet();
            }
            return false;
        }
        int departure = person.departures;
        later.run(
                () -> {
                    awaited.decrementAndGet();
                    places.computeIfPresent(key, (same, attendance) -> {
                        if (person.metas.isEmpty() && person.departures == departure) {
                            tell(key, attendance.end(person, clock.instant()));
                        }
                        return attendance.isEmpty() ? null : attendance;
                    });
                },
                grace);
        return true;
    }

    private void tell(ChannelKey key, List<Attendance.Told> told) {
        for (Attendance.Told event : told) {
            byte[] payload = event.payload().toString().getBytes(StandardCharsets.UTF_8);
            hub.broadcastLatest(
                    key.presenceEvents(),
                    new Message.Broadcast(event.event().text(), Message.Encoding.JSON, null, payload),
                    List.of(),
                    new Subject(event.person(), Aspect.of(event.event())));
        }
    }

    /** What was said of a member, without what was added to it. */
    private static ObjectNode meta(byte[] json) {
        try {
            if (JSON.readTree(json) instanceof ObjectNode meta) {
                meta.remove(List.of("phx_ref", "phx_ref_prev"));
                return meta;
            }
        } catch (IOException e) {
            // It was read before it was tracked; told without it.
            return JsonNodeFactory.instance.objectNode();
        }
        return JsonNodeFactory.instance.objectNode();
    }
}
