package dev.campfire.realtime.capture;

import java.util.List;

/**
 * Changes that arrived together, in commit order. A large transaction spans several batches.
 *
 * @param changes the changes; empty when nothing but the server's position moved
 * @param completeThrough the LSN behind the last transaction that is whole with this batch: once every change up to
 *     here is durable, this may be acknowledged to Postgres; 0 when nothing became whole
 */
public record ChangeBatch(List<Change> changes, long completeThrough) {

    public ChangeBatch {
        changes = List.copyOf(changes);
    }
}
