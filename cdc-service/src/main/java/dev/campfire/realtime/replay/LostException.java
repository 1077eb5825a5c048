package dev.campfire.realtime.replay;

import org.jspecify.annotations.Nullable;

/** Something that was asked for is not in the journal any more, or never was. Nothing of what follows has been played. */
public final class LostException extends Exception {

    private static final long serialVersionUID = 1;

    private final @Nullable String before;
    private final @Nullable String oldest;

    /**
     * @param before the id behind which something is missing; null when it is not known
     * @param oldest the id behind which everything is there; null when there is nothing
     */
    public LostException(String message, @Nullable String before, @Nullable String oldest) {
        super(message);
        this.before = before;
        this.oldest = oldest;
    }

    public @Nullable String before() {
        return before;
    }

    public @Nullable String oldest() {
        return oldest;
    }
}
