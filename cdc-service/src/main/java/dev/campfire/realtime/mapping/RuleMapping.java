package dev.campfire.realtime.mapping;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.mapping.rules.CompiledTable;
import dev.campfire.realtime.mapping.rules.MappingRules;
import dev.campfire.realtime.mapping.rules.Mistake;
import dev.campfire.realtime.mapping.rules.TableRules;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Maps by rules, which may be replaced while changes are mapped: each change is mapped by the old ones or by the new ones,
 * as a whole.
 *
 * <p>A table's rules are compiled when its first change comes, and again when it has another shape. A rule that does not
 * fit then is off; that is counted and logged, once for each shape.
 */
public final class RuleMapping implements Mapping {

    private static final Logger LOG = LoggerFactory.getLogger(RuleMapping.class);

    /** Past so many tables all are forgotten: whoever creates and drops tables without end must not fill the memory. */
    private static final int MOST_TABLES = 10_000;

    private final UnmappedChanges unmapped;
    private volatile Compiled compiled;

    /**
     * Rules and what they have become for the tables that were seen.
     *
     * @param tables by OID
     */
    private record Compiled(MappingRules rules, ConcurrentMap<Integer, Shape> tables) {

        Compiled(MappingRules rules) {
            this(rules, new ConcurrentHashMap<>());
        }
    }

    /**
     * A table as it was last seen.
     *
     * @param table its rules; null when it has none
     */
    private record Shape(Relation relation, @Nullable CompiledTable table) {}

    /** @param unmapped where it is counted what became no event */
    public RuleMapping(MappingRules rules, UnmappedChanges unmapped) {
        this.unmapped = unmapped;
        this.compiled = new Compiled(rules);
    }

    /** Maps by these rules from the next change on. */
    public void replace(MappingRules rules) {
        compiled = new Compiled(rules);
    }

    /** The rules that are in force. */
    public MappingRules rules() {
        return compiled.rules();
    }

    @Override
    public void map(Change change, Consumer<Event> events) {
        Relation relation = change.relation();
        if (relation == null) {
            return;
        }
        CompiledTable table = table(relation);
        if (table == null) {
            unmapped.add(relation, UnmappedReason.NO_RULE);
            return;
        }
        new RowRouting(table, change, unmapped).route(new ChangeEvents(change, relation, events));
    }

    private @Nullable CompiledTable table(Relation relation) {
        Compiled current = compiled;
        Shape shape = current.tables().get(relation.oid());
        // The stream tells of a table's shape once, so the object is the same until it is told anew.
        if (shape == null || shape.relation() != relation) {
            shape = shape(current.rules(), relation, shape);
            if (current.tables().size() >= MOST_TABLES) {
                current.tables().clear();
            }
            current.tables().put(relation.oid(), shape);
        }
        return shape.table();
    }

    private Shape shape(MappingRules rules, Relation relation, @Nullable Shape known) {
        if (known != null && known.relation().equals(relation)) {
            return new Shape(relation, known.table());
        }
        TableRules table = rules.find(relation.schema(), relation.table());
        if (table == null) {
            return new Shape(relation, null);
        }
        CompiledTable fresh = CompiledTable.of(table, relation);
        for (Mistake mistake : fresh.mistakes()) {
            unmapped.addRule();
            LOG.warn("a rule of the mapping is off: {}", mistake);
        }
        return new Shape(relation, fresh);
    }
}
