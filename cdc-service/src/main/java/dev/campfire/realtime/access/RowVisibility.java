package dev.campfire.realtime.access;

import dev.campfire.realtime.capture.Change;
import java.util.List;
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
     * What is known, without asking anybody, of what a panel may see of a change of a row; at a cost that does not grow with the
     * panel for as long as the answers are those that they were.
     */
    Judgement known(Change change, Panel panel);

    /**
     * What is known, without asking anybody, of what one viewer may see of many changes of rows.
     *
     * @return in the order of the changes; null where {@link #ask} has to be called
     */
    List<@Nullable Sight> known(List<Change> changes, Viewer viewer);

    /** What a panel may see of a change of a row: each of it is in one of the shares. Never blocks its caller. */
    CompletionStage<List<Share>> ask(Change change, Panel panel);
}
