package dev.campfire.realtime.access;

import dev.campfire.realtime.capture.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Says who sees which row. Safe for use by several threads.
 *
 * <p>Never says yes in doubt: what Postgres could not be asked is a stage that fails, and the change is then withheld.
 */
public interface RowVisibility {

    /**
     * Learns of changes before anybody is judged by what they changed. Called for every change, in the order of commits,
     * before the same change is looked at. Blocks for a tenth of a second at most, and only when a table has changed.
     *
     * @param areWhole whether the transaction of the last of them ends with it; otherwise what comes later of it counts for
     *     these, too
     */
    void observe(List<Change> changes, boolean areWhole);

    /**
     * What is known, without asking anybody, of what each of the viewers may see of a change of a row.
     *
     * @param viewers distinct
     * @return in the order of the viewers; null where {@link #ask} has to be called
     */
    List<@Nullable Sight> known(Change change, List<Viewer> viewers);

    /**
     * What is known, without asking anybody, of what one viewer may see of many changes of rows.
     *
     * @return in the order of the changes; null where {@link #ask} has to be called
     */
    default List<@Nullable Sight> known(List<Change> changes, Viewer viewer) {
        List<Viewer> one = List.of(viewer);
        List<@Nullable Sight> known = new ArrayList<>(changes.size());
        changes.forEach(change -> known.add(known(change, one).getFirst()));
        return known;
    }

    /**
     * What each of the viewers may see of a change of a row. Never blocks its caller.
     *
     * @param viewers distinct
     * @return by viewer; not to be changed
     */
    CompletionStage<Map<Viewer, Sight>> ask(Change change, List<Viewer> viewers);
}
