package dev.campfire.realtime.backfill;

import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Row;
import dev.campfire.realtime.database.Snapshot;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table that one reading saw, in the order of their keys. Whoever has it owns the map.
 *
 * @param relation the columns that are published
 * @param end the key of the last row; null when there is none
 * @param isLast whether there are none behind it
 */
record Chunk(
        Part part,
        Relation relation,
        SequencedMap<RowKey, Row> rows,
        Snapshot snapshot,
        @Nullable List<String> end,
        boolean isLast) {}
