package dev.campfire.realtime.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.mapping.rules.MappingRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The standard mapping, and what it makes of changes in a form that is easy to assert. */
final class MappedEvents {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final UnmappedChanges unmapped = new UnmappedChanges();
    private final Mapping mapping = new RuleMapping(MappingRules.builtIn(), unmapped);

    List<Event> of(Change change) {
        List<Event> events = new ArrayList<>();
        mapping.map(change, events::add);
        return events;
    }

    /** Each event as its name and, behind a blank, its channel; shortened by what all tests share. */
    List<String> namesAndChannels(Change change) {
        return of(change).stream()
                .map(event -> event.name() + " " + event.channel().replace("org:" + TestTable.ORG, "org"))
                .map(text -> text.replace("conv:" + TestTable.CONVERSATION, "conv"))
                .toList();
    }

    long count(UnmappedReason reason) {
        return unmapped.count(reason);
    }

    static String text(Event event) {
        return new String(event.payload(), StandardCharsets.UTF_8);
    }

    static JsonNode json(Event event) {
        try {
            return JSON.readTree(event.payload());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
