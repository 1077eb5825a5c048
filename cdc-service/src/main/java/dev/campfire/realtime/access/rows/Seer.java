package dev.campfire.realtime.access.rows;

import dev.campfire.realtime.access.Viewer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A viewer as one predicate sees it.
 *
 * @param claims the values of the functions that the predicate calls; null when they have to be called in place, because
 *     they fail or are not known
 * @param key equal for those who see the same
 */
record Seer(Viewer viewer, @Nullable List<@Nullable String> claims, Object key) {

    /** One who sees what nobody else does. */
    static Seer alone(Viewer viewer) {
        return new Seer(viewer, null, viewer);
    }

    /** One who sees what everybody sees for whom the functions have these values. */
    static Seer of(Viewer viewer, List<@Nullable String> claims) {
        return new Seer(viewer, claims, claims);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Seer seer && viewer.equals(seer.viewer);
    }

    @Override
    public int hashCode() {
        return viewer.hashCode();
    }

    /** Leaves the claims out: they may name people. */
    @Override
    public String toString() {
        return "Seer[" + viewer + "]";
    }
}
