package dev.campfire.realtime.mapping;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Row;
import dev.campfire.realtime.mapping.rules.CompiledRule;
import dev.campfire.realtime.mapping.rules.CompiledTable;
import dev.campfire.realtime.mapping.rules.Home;
import dev.campfire.realtime.mapping.rules.Images;
import dev.campfire.realtime.mapping.rules.RowChannels;
import dev.campfire.realtime.mapping.rules.Verdict;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds where a changed row belongs, and lets its table's rules speak to those who are there. For one thread, once.
 *
 * <p>A row that an UPDATE moves elsewhere disappears from where it was and appears where it is. Those whom it leaves see a
 * DELETE with nothing but its primary key; those to whom it comes see an INSERT without an old record. So neither side
 * sees the other's row. When one side's ids are missing or malformed, the other still hears.
 */
final class RowRouting {

    private final CompiledTable table;
    private final Change change;
    private final Relation relation;
    private final UnmappedChanges unmapped;

    /** A side of a change: what is told, to whom, and how it is rendered. */
    record Telling(Images images, Home home, RowPayload.Form form) {}

    RowRouting(CompiledTable table, Change change, UnmappedChanges unmapped) {
        this.table = table;
        this.change = change;
        this.relation = table.relation();
        this.unmapped = unmapped;
    }

    /** Makes the change's events, and counts what becomes none. */
    void route(ChangeEvents events) {
        sides(telling -> emit(telling, events), reason -> unmapped.add(relation, reason));
    }

    /**
     * Finds what is told to whom.
     *
     * @param tellings takes it, in the order in which it is told
     * @param flaws takes why a side can't be told
     */
    void sides(Consumer<Telling> tellings, Consumer<UnmappedReason> flaws) {
        Images images = Images.of(change, relation);
        switch (change.operation()) {
            case INSERT -> tell(change.after(), images, RowPayload.Form.AS_IS, tellings, flaws);
            case DELETE -> tell(change.before(), images, RowPayload.Form.AS_IS, tellings, flaws);
            case UPDATE -> {
                if (change.hasWholeOldRow() && !table.stays(images)) {
                    moved(images, tellings, flaws);
                } else {
                    tell(change.after(), images, RowPayload.Form.AS_IS, tellings, flaws);
                }
            }
            case TRUNCATE, MESSAGE -> {}
        }
    }

    private void moved(Images images, Consumer<Telling> tellings, Consumer<UnmappedReason> flaws) {
        Images leaving = Images.leaving(change, relation);
        // A row that belonged nowhere has nobody to tell that it left: not worth a count.
        Home from = table.home(leaving);
        if (from != null && from.equals(table.home(images))) {
            tellings.accept(new Telling(images, from, RowPayload.Form.AS_IS));
            return;
        }
        if (from != null) {
            tellings.accept(new Telling(leaving, from, RowPayload.Form.DEPARTURE));
        }
        tell(change.after(), Images.arriving(change, relation), RowPayload.Form.ARRIVAL, tellings, flaws);
    }

    private void tell(
            @Nullable Row row,
            Images images,
            RowPayload.Form form,
            Consumer<Telling> tellings,
            Consumer<UnmappedReason> flaws) {
        if (row == null) {
            flaws.accept(UnmappedReason.ID_NOT_LOGGED);
            return;
        }
        Home home = table.home(images);
        if (home == null) {
            flaws.accept(UnmappedReason.of(table.flawOfHome(images)));
        } else {
            tellings.accept(new Telling(images, home, form));
        }
    }

    private void emit(Telling telling, ChangeEvents events) {
        List<CompiledRule> rules = table.rules(telling.images().operation());
        Payloads payloads = new Payloads(change, relation, telling.form());
        RowChannels channels = table.channels(telling.images(), telling.home());
        for (int i = 0; i < rules.size(); i++) {
            CompiledRule rule = rules.get(i);
            Verdict verdict = rule.judge(telling.images());
            if (verdict == Verdict.HOLDS) {
                emit(rule, channels, payloads, events);
            } else if (verdict == Verdict.FAILS) {
                unmapped.add(relation, UnmappedReason.CONDITION_FAILED);
            }
        }
    }

    private void emit(CompiledRule rule, RowChannels channels, Payloads payloads, ChangeEvents events) {
        for (int i = 0; i < rule.channelCount(); i++) {
            String channel = channels.name(rule, i);
            if (channel == null) {
                unmapped.add(relation, UnmappedReason.of(channels.flaw(rule, i)));
            } else {
                events.add(rule.event(), channel, payloads.of(rule.payload()), rule.payload());
            }
        }
    }
}
