package dev.campfire.realtime.journal;

import java.util.HashSet;
import java.util.Set;

/**
 * What is read of a journal: the events of some channels and the changes of some tables, or everything.
 *
 * @param channels whose events are read
 * @param tables whose changes are read, events or not
 * @param isEverything whether all is read, whatever else is said
 */
public record Selection(Set<Channel> channels, Set<Table> tables, boolean isEverything) {

    /** One side of a channel. */
    public record Channel(String name, boolean isPrivate) {}

    /** A table by its names. */
    public record Table(String schema, String table) {}

    /** Every change and every event. */
    public static final Selection EVERYTHING = new Selection(Set.of(), Set.of(), true);

    public Selection {
        channels = Set.copyOf(channels);
        tables = Set.copyOf(tables);
    }

    /** The events of one channel. */
    public static Selection channel(String name, boolean isPrivate) {
        return new Selection(Set.of(new Channel(name, isPrivate)), Set.of(), false);
    }

    /** The changes of one table. */
    public static Selection table(String schema, String table) {
        return new Selection(Set.of(), Set.of(new Table(schema, table)), false);
    }

    boolean hasChannel(String name, boolean isPrivate) {
        return isEverything || channels.contains(new Channel(name, isPrivate));
    }

    boolean hasTable(String schema, String table) {
        return isEverything || tables.contains(new Table(schema, table));
    }

    Set<IndexKey> keys() {
        Set<IndexKey> keys = new HashSet<>();
        channels.forEach(channel -> keys.add(IndexKey.channel(channel.name(), channel.isPrivate())));
        tables.forEach(table -> keys.add(IndexKey.table(table.schema(), table.table())));
        return keys;
    }
}
