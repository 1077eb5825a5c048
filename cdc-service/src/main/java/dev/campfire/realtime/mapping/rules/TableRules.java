package dev.campfire.realtime.mapping.rules;

import java.util.List;

/**
 * What changes of one table become.
 *
 * @param at where the table's rules begin
 * @param belongsTo the columns that say where a row belongs: a row in which one changes leaves one place for another
 * @param channels the channels that rules send to
 * @param events the rules, in the order in which they speak
 */
public record TableRules(
        Place at,
        String schema,
        String table,
        List<ColumnFormat> belongsTo,
        List<ChannelTemplate> channels,
        List<EventRule> events) {

    public TableRules {
        belongsTo = List.copyOf(belongsTo);
        channels = List.copyOf(channels);
        events = List.copyOf(events);
    }

    /** For people: {@code public.messages}. */
    public String name() {
        return schema + "." + table;
    }
}
