package dev.campfire.realtime.changes;

import dev.campfire.realtime.access.Sight;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.mapping.JsonBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A change that somebody has subscribed to, and the messages that it becomes. For one thread at a time.
 *
 * @param sequence the change's number, see {@link ChangeFeed#sequence}
 * @param hasNoKey whether it can't be shown because its table has no primary key
 */
record MatchedChange(Change change, Relation relation, ChangeData data, boolean hasNoKey, long sequence) {

    /** What an audience gets of it, when these of its bindings match. */
    synchronized List<Message> messages(Audience audience, List<ActiveBinding> matching, Sight sight) {
        if (matching.isEmpty() || !isShown(sight)) {
            return List.of();
        }
        if (matching.size() == 1) {
            ActiveBinding only = matching.getFirst();
            return List.of(message(audience, data.json(view(only.binding(), sight)), List.of(only.id())));
        }
        Map<ChangeData.View, List<Long>> views = new LinkedHashMap<>();
        for (ActiveBinding active : matching) {
            views.computeIfAbsent(view(active.binding(), sight), any -> new ArrayList<>())
                    .add(active.id());
        }
        List<Message> messages = new ArrayList<>(views.size());
        views.forEach((view, ids) -> messages.add(message(audience, data.json(view), ids)));
        return messages;
    }

    private boolean isShown(Sight sight) {
        return change.operation() == Operation.DELETE ? sight.seesOld() : sight.seesNew();
    }

    private ChangeData.View view(Binding binding, Sight sight) {
        if (hasNoKey) {
            return new ChangeData.View(new BitSet(), false, ChangeData.Problem.NO_PRIMARY_KEY);
        }
        if (!sight.hasSchema() && change.operation() != Operation.DELETE) {
            return new ChangeData.View(new BitSet(), false, ChangeData.Problem.UNAUTHORIZED);
        }
        BitSet columns = sight.columns();
        if (binding.select() != null) {
            columns = (BitSet) columns.clone();
            for (int i = 0; i < relation.columns().size(); i++) {
                boolean isWanted = relation.columns().get(i).inPrimaryKey()
                        || binding.select().contains(relation.columns().get(i).name());
                if (!isWanted) {
                    columns.clear(i);
                }
            }
        }
        return new ChangeData.View(columns, sight.seesOld(), null);
    }

    private Message message(Audience audience, byte[] json, List<Long> ids) {
        return switch (audience.form()) {
            case LEGACY -> new Message.Push(change.operation().name(), json, sequence);
            case CURRENT -> {
                JsonBuffer out = new JsonBuffer(json.length + 24 + 10 * ids.size());
                out.raw("{\"ids\":[");
                for (int i = 0; i < ids.size(); i++) {
                    out.raw(i == 0 ? "" : ",");
                    out.raw(ids.get(i).toString());
                }
                out.raw("],\"data\":");
                out.raw(json);
                out.raw('}');
                yield new Message.Push("postgres_changes", out.toByteArray(), sequence);
            }
        };
    }

    /** What those are told who asked why others do not get a change. */
    List<Message> explanations(Set<String> reasons) {
        List<Message> messages = new ArrayList<>();
        for (String reason : reasons) {
            JsonBuffer out = new JsonBuffer(256);
            out.raw("{\"extension\":\"postgres_changes\",\"status\":\"withheld\",\"message\":");
            out.string(describe() + " withheld from " + reason);
            out.raw('}');
            messages.add(new Message.Push("system", out.toByteArray(), sequence));
        }
        return messages;
    }

    /** Operation and table, nothing of the row. */
    String describe() {
        return change.operation() + " on " + relation.schema() + "." + relation.table();
    }
}
