package dev.campfire.realtime.access.rows;

import org.jspecify.annotations.Nullable;

/**
 * Whether an image is seen.
 *
 * @param failure the SQLSTATE with which the policies failed; null when they did not
 */
record Verdict(boolean isVisible, @Nullable String failure) {

    static final Verdict VISIBLE = new Verdict(true, null);
    static final Verdict HIDDEN = new Verdict(false, null);

    static Verdict of(boolean isVisible) {
        return isVisible ? VISIBLE : HIDDEN;
    }
}
