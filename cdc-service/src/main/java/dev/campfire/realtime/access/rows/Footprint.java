package dev.campfire.realtime.access.rows;

import java.util.Set;

/**
 * What the policies of a table rest on.
 *
 * @param tables the tables that they read, by OID
 * @param isWhole whether nothing else may change what they say without a change of one of these being seen
 * @param basis differs when the policies do
 */
public record Footprint(Set<Long> tables, boolean isWhole, String basis) {

    public Footprint {
        tables = Set.copyOf(tables);
    }
}
