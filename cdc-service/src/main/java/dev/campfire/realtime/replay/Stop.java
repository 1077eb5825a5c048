package dev.campfire.realtime.replay;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where a replay ends. */
public sealed interface Stop {

    /** With the newest event that there is when it begins. */
    record End() implements Stop {}

    /** In front of the first that was committed then or later: who goes on there misses nothing. */
    record Before(Instant time) implements Stop {}

    /** With the event of this id. */
    record With(String id) implements Stop {}

    /** It follows what comes, for ever. */
    record Never() implements Stop {}

    /**
     * Reads what stands for a place: {@code end}, a time or an event's id. Nothing is the end.
     *
     * @param isFollowing whether it goes on with what comes then
     */
    static Stop parse(@Nullable String to, boolean isFollowing) throws MalformedRequestException {
        if (isFollowing) {
            if (to != null) {
                throw new MalformedRequestException("to and follow are given both: what follows has no end");
            }
            return new Never();
        }
        if (to == null || to.equals("end")) {
            return new End();
        }
        Instant time = RangeText.time(to);
        return time != null ? new Before(time) : new With(RangeText.id("to", to));
    }
}
