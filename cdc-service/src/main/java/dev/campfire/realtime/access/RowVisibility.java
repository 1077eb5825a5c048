package dev.campfire.realtime.access;

import dev.campfire.realtime.capture.Change;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Says who sees which row. Safe for use by several threads.
 *
 * <p>Never says yes in doubt: what Postgres could not be asked is a stage that fails, and the change is then withheld.
 */
public interface RowVisibility {

    /**
     * What each of the viewers may see of a change of a row. Answers at once, with a completed stage, where what is
     * known suffices; never blocks its caller.
     *
     * @param viewers distinct
     * @return in the order of the viewers
     */
    CompletionStage<List<Sight>> look(Change change, List<Viewer> viewers);
}
