package dev.campfire.realtime.access.rows;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the answers of policies rest on: which functions they call, which tables they read, and what the policies of those
 * read in turn. Blocking; for one role and one use.
 */
final class Grounds {

    /** Policies that lead further than this to other tables' are not followed: then nothing is proved of them. */
    private static final int DEEPEST = 4;

    private final PolicyReader catalog;
    private final RightsReader rights;
    private final long role;

    private final Map<Long, PolicyTable> direct = new LinkedHashMap<>();
    private final Map<Long, PolicyTable> tables = new TreeMap<>();
    private final Map<Long, Routine> routines = new TreeMap<>();
    private boolean hasUnknown;
    private boolean isForeign;
    private boolean needsSession;

    Grounds(PolicyReader catalog, RightsReader rights, long role) {
        this.catalog = catalog;
        this.rights = rights;
        this.role = role;
    }

    void add(List<Policy> policies) throws SQLException {
        add(policies, 0);
    }

    private void add(List<Policy> policies, int depth) throws SQLException {
        for (Policy policy : policies) {
            hasUnknown |= policy.expression().hasUnknown();
            note(policy.expression().calls().keySet());
            for (long oid : policy.expression().relations()) {
                read(oid, policy, depth);
            }
        }
    }

    private void note(Set<Long> calls) throws SQLException {
        Map<Long, Routine> found = catalog.routines(calls);
        hasUnknown |= found.size() < calls.size();
        for (Routine routine : found.values()) {
            hasUnknown |= routine.nature() == Routine.Nature.UNKNOWN;
            needsSession |= routine.nature() == Routine.Nature.SESSION;
        }
        routines.putAll(found);
    }

    private void read(long oid, Policy policy, int depth) throws SQLException {
        PolicyTable known = tables.get(oid);
        PolicyTable table = known == null ? catalog.table(oid) : known;
        if (table == null || depth >= DEEPEST) {
            hasUnknown = true;
            return;
        }
        tables.put(oid, table);
        if (depth == 0) {
            direct.putIfAbsent(oid, table);
        }
        isForeign |= !table.isPlain() || !table.isPublished();
        hasUnknown |= !table.isPlain() || policy.expression().hasWholeRow() || !mayRead(table, policy);
        if (known == null && table.isProtected()) {
            add(rights.policiesFor(table, role), depth + 1);
        }
    }

    private boolean mayRead(PolicyTable table, Policy policy) throws SQLException {
        Set<String> columns = policy.readColumns().getOrDefault(table.oid(), Set.of());
        return !columns.isEmpty() && rights.mayRead(table, columns, role);
    }

    /** Whether one statement for many viewers would answer as the policies do. */
    boolean areProved() {
        return !hasUnknown && !needsSession;
    }

    /** Whether answers hold until a row of a table changes that is read. */
    boolean areLasting() {
        return !hasUnknown && !isForeign;
    }

    Set<Long> reads() {
        return Set.copyOf(tables.keySet());
    }

    /** The tables that the table's own policies read. */
    List<PolicyTable> direct() {
        return new ArrayList<>(direct.values());
    }

    Set<Long> directReads() {
        return Set.copyOf(direct.keySet());
    }

    /** The functions that read claims. */
    List<Routine> claims() {
        return routines.values().stream()
                .filter(routine -> routine.nature() == Routine.Nature.CLAIMS)
                .toList();
    }

    /** The functions that have to be called, by OID: those that read claims need not. */
    Set<Long> called() {
        return routines.values().stream()
                .filter(routine -> routine.nature() != Routine.Nature.CLAIMS)
                .map(Routine::oid)
                .collect(Collectors.toSet());
    }

    /** Not equal to what it was when something differs. */
    Basis basis() {
        return new Basis(claims(), List.copyOf(tables.values()));
    }

    /**
     * What answers rest on beside the statement that asks.
     *
     * @param claims the functions that read claims
     * @param tables those that the policies read, with their own policies
     */
    record Basis(List<Routine> claims, List<PolicyTable> tables) {
        static final Basis NOTHING = new Basis(List.of(), List.of());
    }
}
