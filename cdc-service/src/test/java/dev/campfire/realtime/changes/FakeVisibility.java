package dev.campfire.realtime.changes;

import dev.campfire.realtime.access.Judgement;
import dev.campfire.realtime.access.Panel;
import dev.campfire.realtime.access.RowVisibility;
import dev.campfire.realtime.access.Share;
import dev.campfire.realtime.access.Sight;
import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.capture.Change;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Says who sees what as it is told to, at once or when it is told to. */
final class FakeVisibility implements RowVisibility {

    final Set<String> blind = ConcurrentHashMap.newKeySet();
    final Set<String> blindToNew = ConcurrentHashMap.newKeySet();
    final Set<String> blindToOld = ConcurrentHashMap.newKeySet();
    final Set<String> slow = ConcurrentHashMap.newKeySet();
    final ConcurrentMap<String, CompletableFuture<Void>> gates = new ConcurrentHashMap<>();
    final AtomicInteger failures = new AtomicInteger();
    final BitSet columns = new BitSet();

    FakeVisibility() {
        columns.set(0, 64);
    }

    private Sight sight(Change change, String role) {
        BitSet visible = columns.get(0, change.relation().columns().size());
        boolean sees = !blind.contains(role);
        boolean seesOld = sees && !blindToOld.contains(role);
        boolean seesNew = sees && !blindToNew.contains(role);
        return new Sight(seesNew, seesOld, visible, visible.get(0), sees ? null : "it is not theirs");
    }

    @Override
    public void observe(List<Change> changes, boolean areWhole) {}

    /** Those of a role who are not known, or who see nothing, by their claims. */
    final Set<String> slowClaims = ConcurrentHashMap.newKeySet();

    final Set<String> blindClaims = ConcurrentHashMap.newKeySet();

    @Override
    public Judgement known(Change change, Panel panel) {
        if (slow.contains(panel.role())) {
            return new Judgement(List.of(), panel.viewers());
        }
        List<Viewer> unknown = panel.viewers().stream()
                .filter(viewer -> slowClaims.contains(viewer.claims()))
                .toList();
        return new Judgement(shares(change, panel, viewer -> !slowClaims.contains(viewer.claims())), unknown);
    }

    private List<Share> shares(Change change, Panel panel, Predicate<Viewer> some) {
        List<Share> shares = new ArrayList<>();
        Sight sight = sight(change, panel.role());
        Sight nothing = new Sight(false, false, sight.columns(), sight.hasSchema(), "it is not theirs");
        for (boolean isBlind : new boolean[] {false, true}) {
            Set<Viewer> viewers = panel.viewers().stream()
                    .filter(viewer -> some.test(viewer) && blindClaims.contains(viewer.claims()) == isBlind)
                    .collect(Collectors.toSet());
            if (viewers.size() == panel.viewers().size()) {
                viewers = panel.set();
            }
            if (!viewers.isEmpty()) {
                shares.add(new Share(isBlind ? nothing : sight, viewers));
            }
        }
        return shares;
    }

    @Override
    public List<Sight> known(List<Change> changes, Viewer viewer) {
        List<Sight> known = new ArrayList<>();
        changes.forEach(change -> known.add(slow.contains(viewer.role()) ? null : sight(change, viewer.role())));
        return known;
    }

    @Override
    public CompletionStage<List<Share>> ask(Change change, Panel panel) {
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            return CompletableFuture.failedStage(new IllegalStateException("not now"));
        }
        CompletableFuture<Void> gate =
                gates.computeIfAbsent(change.after().text(0), any -> CompletableFuture.completedFuture(null));
        return gate.thenApply(nothing -> shares(change, panel, viewer -> true));
    }
}
