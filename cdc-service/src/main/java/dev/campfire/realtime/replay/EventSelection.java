package dev.campfire.realtime.replay;

import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.journal.EventFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which events are played: those on one of the channels, with one of the names, of a row of one of the tables. Where nothing
 * is listed, any will do.
 */
public record EventSelection(List<NamePattern> channels, List<NamePattern> events, List<Table> tables)
        implements EventFilter {

    /** So many of each may be listed. */
    static final int MOST = 1000;

    /** Every event. */
    public static final EventSelection ALL = new EventSelection(List.of(), List.of(), List.of());

    /** A table by its names. */
    public record Table(String schema, String name) {

        /** A name, with its schema and a dot before it unless that is {@code public}. */
        static Table parse(String text) throws MalformedRequestException {
            int dot = text.indexOf('.');
            Table table =
                    dot < 0 ? new Table("public", text) : new Table(text.substring(0, dot), text.substring(dot + 1));
            if (table.schema.isEmpty() || table.name.isEmpty()) {
                throw new MalformedRequestException("\"" + text + "\" is no table: public.messages is one");
            }
            return table;
        }
    }

    public EventSelection {
        channels = List.copyOf(channels);
        events = List.copyOf(events);
        tables = List.copyOf(tables);
    }

    /** Reads what is listed. */
    public static EventSelection parse(List<String> channels, List<String> events, List<String> tables)
            throws MalformedRequestException {
        if (Math.max(channels.size(), Math.max(events.size(), tables.size())) > MOST) {
            throw new MalformedRequestException("more than " + MOST + " channels, events or tables are listed");
        }
        List<Table> ofTables = new ArrayList<>();
        for (String table : tables) {
            ofTables.add(Table.parse(table));
        }
        return new EventSelection(patterns(channels), patterns(events), ofTables);
    }

    private static List<NamePattern> patterns(List<String> texts) throws MalformedRequestException {
        List<NamePattern> patterns = new ArrayList<>();
        for (String text : texts) {
            patterns.add(NamePattern.parse(text));
        }
        return patterns;
    }

    @Override
    public boolean wants(String channel, boolean isPrivate, String name, @Nullable Relation table) {
        return fits(channels, channel) && fits(events, name) && isOfTable(table);
    }

    private static boolean fits(List<NamePattern> patterns, String name) {
        if (patterns.isEmpty()) {
            return true;
        }
        for (NamePattern pattern : patterns) {
            if (pattern.matches(name)) {
                return true;
            }
        }
        return false;
    }

    private boolean isOfTable(@Nullable Relation table) {
        return tables.isEmpty() || table != null && tables.contains(new Table(table.schema(), table.table()));
    }

    @Override
    public Set<String> namedChannels() {
        return channels.stream().allMatch(NamePattern::isName)
                ? channels.stream().map(NamePattern::toString).collect(Collectors.toUnmodifiableSet())
                : Set.of();
    }
}
