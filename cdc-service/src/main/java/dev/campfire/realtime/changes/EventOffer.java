package dev.campfire.realtime.changes;

import dev.campfire.realtime.access.Sight;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.RowPayload;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The events of one row's change that those on a channel are offered.
 *
 * @param events in their order; each tells of the row
 * @param form how they go out
 * @param whole beside the events, what those get who see all of them
 */
record EventOffer(List<Event> events, Function<Event, Message> form, List<Message> whole) implements Offer {

    EventOffer(List<Event> events, Function<Event, Message> form) {
        this(events, form, all(events, form));
    }

    private static List<Message> all(List<Event> events, Function<Event, Message> form) {
        if (events.size() == 1) {
            return List.of(form.apply(events.getFirst()));
        }
        List<Message> messages = new ArrayList<>(events.size());
        for (Event event : events) {
            messages.add(form.apply(event));
        }
        return messages;
    }

    @Override
    public Set<FilterQuestion.Case> undecided() {
        return Set.of();
    }

    @Override
    public List<Message> messages(Sight sight, Set<FilterQuestion.Case> holding) {
        List<Message> messages = new ArrayList<>(events.size());
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i);
            RowPayload row = event.row();
            if (row != null) {
                switch (Need.of(row).share(sight)) {
                    case NOTHING -> {}
                    case ALL -> messages.add(whole.get(i));
                    case PART ->
                        messages.add(form.apply(event.withPayload(row.render(sight.columns(), sight.seesOld()))));
                }
            }
        }
        return messages;
    }
}
