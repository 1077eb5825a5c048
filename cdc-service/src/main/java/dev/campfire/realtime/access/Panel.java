package dev.campfire.realtime.access;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Viewers of one role who are judged together, change after change. Immutable, and compared by identity: what is found out about
 * a panel is remembered for as long as somebody holds it.
 */
public final class Panel {

    private final String role;
    private final List<Viewer> viewers;
    private final Set<Viewer> set;

    private Panel(String role, List<Viewer> viewers) {
        this.role = role;
        this.viewers = List.copyOf(viewers);
        this.set = Set.copyOf(viewers);
    }

    /**
     * Divides viewers by their roles.
     *
     * @param viewers distinct
     */
    public static List<Panel> of(List<Viewer> viewers) {
        Map<String, List<Viewer>> byRole = new LinkedHashMap<>(2);
        for (Viewer viewer : viewers) {
            byRole.computeIfAbsent(viewer.role(), role -> new ArrayList<>()).add(viewer);
        }
        List<Panel> panels = new ArrayList<>(byRole.size());
        byRole.forEach((role, some) -> panels.add(new Panel(role, some)));
        return List.copyOf(panels);
    }

    /** A panel of one. */
    public static Panel of(Viewer viewer) {
        return new Panel(viewer.role(), List.of(viewer));
    }

    public String role() {
        return role;
    }

    /** All of them, at least one; always in the same order. */
    public List<Viewer> viewers() {
        return viewers;
    }

    /** The same as a set, which is always the same object. */
    public Set<Viewer> set() {
        return set;
    }
}
