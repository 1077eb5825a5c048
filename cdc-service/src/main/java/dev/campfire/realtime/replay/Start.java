package dev.campfire.realtime.replay;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where a replay begins. */
public sealed interface Start {

    /** With the oldest that is kept. */
    record Beginning() implements Start {}

    /** Behind everything. */
    record Latest() implements Start {}

    /** With what was committed then or later. */
    record At(Instant time) implements Start {}

    /** With the event of this id. */
    record With(String id) implements Start {}

    /** Behind the event of this id. */
    record Behind(String id) implements Start {}

    /**
     * Reads what stands for a place: {@code beginning}, {@code latest}, a time or an event's id. Nothing is the beginning.
     *
     * @param from what is begun with
     * @param after what is begun behind; one of the two at most
     */
    static Start parse(@Nullable String from, @Nullable String after) throws MalformedRequestException {
        if (from != null && after != null) {
            throw new MalformedRequestException("from and after are given both: say where to begin once");
        }
        if (after != null) {
            return switch (after) {
                case "latest" -> new Latest();
                default -> new Behind(RangeText.id("after", after));
            };
        }
        if (from == null) {
            return new Beginning();
        }
        return switch (from) {
            case "beginning" -> new Beginning();
            case "latest" -> new Latest();
            default -> {
                Instant time = RangeText.time(from);
                yield time != null ? new At(time) : new With(RangeText.id("from", from));
            }
        };
    }
}
