package dev.campfire.realtime.mapping;

import dev.campfire.realtime.capture.Relation;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Counts what became no event, by reason, and logs each reason once for each table; never a row's content. Safe for use
 * by several threads.
 */
public final class UnmappedChanges {

    private static final Logger LOG = LoggerFactory.getLogger(UnmappedChanges.class);

    /** Past so many tables nothing more is logged: whoever creates tables without end must not fill the memory. */
    private static final int MAX_LOGGED = 1_000;

    private final Map<UnmappedReason, LongAdder> counts = new EnumMap<>(UnmappedReason.class);
    private final Set<Cause> logged = ConcurrentHashMap.newKeySet();

    private record Cause(String schema, String table, UnmappedReason reason) {}

    public UnmappedChanges() {
        for (UnmappedReason reason : UnmappedReason.values()) {
            counts.put(reason, new LongAdder());
        }
    }

    /** How often this happened since the start. */
    public long count(UnmappedReason reason) {
        LongAdder count = counts.get(reason);
        return count == null ? 0 : count.sum();
    }

    /** Counts a message that belongs to no table. */
    void addMessage(UnmappedReason reason) {
        LongAdder count = counts.get(reason);
        if (count != null) {
            count.increment();
        }
    }

    /** Counts a rule that is off. */
    void addRule() {
        addMessage(UnmappedReason.RULE_OFF);
    }

    void add(Relation relation, UnmappedReason reason) {
        addMessage(reason);
        if (logged.size() < MAX_LOGGED && logged.add(new Cause(relation.schema(), relation.table(), reason))) {
            log(relation, reason);
        }
    }

    private static void log(Relation relation, UnmappedReason reason) {
        // A published table without a rule is ordinary: policies read such tables, and other subscriptions will.
        LOG.atLevel(reason == UnmappedReason.NO_RULE ? Level.INFO : Level.WARN)
                .log(
                        "a change of {}.{} did not become all its events, and is counted from now on: {}",
                        relation.schema(),
                        relation.table(),
                        reason.text());
    }
}
