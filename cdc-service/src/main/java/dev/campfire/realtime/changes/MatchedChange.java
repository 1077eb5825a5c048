package dev.campfire.realtime.changes;

import dev.campfire.realtime.access.Sight;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.changes.Subscribing.Form;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.mapping.JsonBuffer;
import dev.campfire.realtime.mapping.Position;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A change that somebody has subscribed to, and the messages that it becomes. For one thread at a time.
 *
 * @param hasNoKey whether it can't be shown because its table has no primary key
 * @param sequence the change's number, see {@link ChangeFeed#sequence}
 * @param isReplayed whether it is told to somebody who has missed it
 */
record MatchedChange(
        Change change, Relation relation, ChangeData data, boolean hasNoKey, long sequence, boolean isReplayed) {

    /** What those get of it who see this of it, when these of their bindings match. */
    synchronized List<Message> messages(Form form, List<Registry.Match> matching, Sight sight) {
        List<Message> messages = new ArrayList<>(1);
        Map<ChangeData.View, List<Long>> views = new LinkedHashMap<>(2);
        List<Long> left = new ArrayList<>(0);
        for (Registry.Match match : matching) {
            boolean isRegular = match.kind() == Registry.Kind.REGULAR;
            if (isRegular && isShown(sight)) {
                views.computeIfAbsent(view(match.active().binding(), sight), any -> new ArrayList<>(1))
                        .add(match.active().id());
            } else if (!isRegular && hasLeft(match, sight)) {
                left.add(match.active().id());
            }
        }
        views.forEach((view, ids) -> messages.add(message(form, change.operation(), data.json(view), ids)));
        if (!left.isEmpty()) {
            messages.add(message(form, Operation.DELETE, data.departure(sight.columns()), left));
        }
        return messages;
    }

    private boolean isShown(Sight sight) {
        return change.operation() == Operation.DELETE ? sight.seesOld() : sight.seesNew();
    }

    private static boolean hasLeft(Registry.Match match, Sight sight) {
        return sight.hasSchema() && sight.seesOld() && (match.kind() == Registry.Kind.HAS_LEFT || !sight.seesNew());
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

    private Message message(Form form, Operation operation, byte[] json, List<Long> ids) {
        Position position = new Position(change.id(), 0);
        return switch (form) {
            case LEGACY -> new Message.Push(operation.name(), json, sequence, position);
            case CURRENT -> {
                JsonBuffer out = new JsonBuffer(json.length + 96 + 10 * ids.size());
                out.raw("{\"ids\":[");
                for (int i = 0; i < ids.size(); i++) {
                    out.raw(i == 0 ? "" : ",");
                    out.raw(ids.get(i).toString());
                }
                out.raw("],\"data\":");
                out.raw(json);
                out.raw(",\"meta\":{\"id\":\"");
                out.raw(position.toString());
                out.raw(isReplayed ? "\",\"replayed\":true}}" : "\"}}");
                yield new Message.Push("postgres_changes", out.toByteArray(), sequence, position);
            }
        };
    }

    /** Operation and table, nothing of the row. */
    String describe() {
        return change.operation() + " on " + relation.schema() + "." + relation.table();
    }
}
