package dev.campfire.realtime.mapping;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Relation;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The payloads of one side of a change: one for each choice of columns, rendered when it is first asked for. For one thread. */
final class Payloads {

    private final Change change;
    private final Relation relation;
    private final RowPayload.Form form;
    private @Nullable Payload whole;
    private @Nullable Map<List<String>, Payload> parts;

    Payloads(Change change, Relation relation, RowPayload.Form form) {
        this.change = change;
        this.relation = relation;
        this.form = form;
    }

    /** @param columns the names of the columns that are told of, a rule's own list; null for all */
    Payload of(@Nullable List<String> columns) {
        if (columns == null) {
            Payload all = whole;
            if (all == null) {
                all = render(null);
                whole = all;
            }
            return all;
        }
        Map<List<String>, Payload> known = parts;
        if (known == null) {
            known = new IdentityHashMap<>(4);
            parts = known;
        }
        return known.computeIfAbsent(columns, this::render);
    }

    private Payload render(@Nullable List<String> columns) {
        return RowPayload.render(new PayloadWriter(change, relation, RowJson.named(columns), true), form);
    }
}
