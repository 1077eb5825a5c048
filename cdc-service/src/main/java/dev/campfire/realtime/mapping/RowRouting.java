package dev.campfire.realtime.mapping;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Row;
import org.jspecify.annotations.Nullable;

/** Finds the conversations that a change of one row concerns, and lets the table's rules speak to each. For one thread. */
final class RowRouting {

    private final Change change;
    private final Relation relation;
    private final TableRules rules;
    private final UnmappedChanges unmapped;
    private final PayloadWriter payloads;

    RowRouting(Change change, Relation relation, TableRules rules, UnmappedChanges unmapped) {
        this.change = change;
        this.relation = relation;
        this.rules = rules;
        this.unmapped = unmapped;
        this.payloads = new PayloadWriter(change, relation);
    }

    void route(ChangeEvents events) {
        switch (change.operation()) {
            case INSERT -> inserted(events);
            case UPDATE -> updated(events);
            case DELETE -> deleted(events);
            case TRUNCATE, MESSAGE -> {}
        }
    }

    private void inserted(ChangeEvents events) {
        RowImage row = newImage();
        ConversationAddress at = addressOf(row);
        if (row != null && at != null) {
            rules.appeared(row, at, payloads.asIs(), events);
        }
    }

    private void deleted(ChangeEvents events) {
        RowImage row = oldImage();
        ConversationAddress at = addressOf(row);
        if (row != null && at != null) {
            rules.disappeared(row, at, payloads.asIs(), events);
        }
    }

    private void updated(ChangeEvents events) {
        RowImage before = change.hasWholeOldRow() ? oldImage() : null;
        RowImage after = newImage();
        ConversationAddress to = addressOf(after);
        if (before == null) {
            if (after != null && to != null) {
                rules.updated(null, after, to, payloads.asIs(), events);
            }
            return;
        }
        // A row that belonged nowhere has nobody to tell that it left: not worth a count.
        ConversationAddress from = ConversationAddress.of(before, rules.conversationColumn());
        if (after != null && to != null && to.equals(from)) {
            rules.updated(before, after, to, payloads.asIs(), events);
            return;
        }
        if (from != null) {
            rules.disappeared(before, from, payloads.asDeparture(), events);
        }
        if (after != null && to != null) {
            rules.appeared(after, to, payloads.asArrival(), events);
        }
    }

    /** Where the row belongs; null, and counted, when that can't be told. */
    private @Nullable ConversationAddress addressOf(@Nullable RowImage image) {
        if (image == null) {
            unmapped.add(relation, UnmappedReason.ID_NOT_LOGGED);
            return null;
        }
        UnmappedReason flaw = ConversationAddress.flawIn(image, rules.conversationColumn());
        if (flaw != null) {
            unmapped.add(relation, flaw);
            return null;
        }
        return ConversationAddress.of(image, rules.conversationColumn());
    }

    private @Nullable RowImage oldImage() {
        Row before = change.before();
        return before == null ? null : new RowImage(relation, before, null, change.hasWholeOldRow());
    }

    private @Nullable RowImage newImage() {
        Row after = change.after();
        Row older = change.hasWholeOldRow() ? change.before() : null;
        return after == null ? null : new RowImage(relation, after, older, true);
    }
}
