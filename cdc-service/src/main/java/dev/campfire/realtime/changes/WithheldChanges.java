package dev.campfire.realtime.changes;

import dev.campfire.realtime.access.Sight;
import dev.campfire.realtime.access.Viewer;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was kept from whom, and why: counted, never a row's content. Safe for use by several threads. */
public final class WithheldChanges {

    /** Past so many causes all others are counted as one: tables and policies may be made without end. */
    private static final int MOST = 200;

    private static final Cause OTHERS =
            new Cause("other changes", "any", "there are too many reasons to tell them apart");

    private final ConcurrentMap<Cause, LongAdder> counts = new ConcurrentHashMap<>();

    /**
     * Why something is withheld.
     *
     * @param change operation and table
     * @param role whose
     * @param reason in words for an operator
     */
    public record Cause(String change, String role, String reason) {}

    /**
     * Notes what these do not see; where everything is seen it costs nothing.
     *
     * @param sight theirs; null when it is not known
     */
    void note(String change, @Nullable Sight sight, Collection<Viewer> viewers) {
        if (sight != null && sight.withheldBecause() != null && !viewers.isEmpty()) {
            add(change, viewers, sight.withheldBecause());
        }
    }

    /** Notes that nobody could be asked what these may see. */
    void noteUnasked(String change, Collection<Viewer> viewers) {
        if (!viewers.isEmpty()) {
            add(change, viewers, "Postgres could not be asked who may have it");
        }
    }

    private void add(String change, Collection<Viewer> viewers, String reason) {
        Cause cause = new Cause(change, viewers.iterator().next().role(), reason);
        LongAdder count = counts.get(cause);
        if (count == null) {
            count = counts.computeIfAbsent(counts.size() < MOST ? cause : OTHERS, any -> new LongAdder());
        }
        count.add(viewers.size());
    }

    /** How often each happened, multiplied by those in each audience whom it was withheld from. */
    public Map<Cause, Long> counts() {
        return counts.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue()
                .sum()));
    }
}
