package dev.campfire.realtime.access;

import java.util.List;

/**
 * How far it is known what viewers may see of a change. Immutable.
 *
 * @param shares of those of whom it is known; each is in one of them
 * @param unknown the others
 */
public record Judgement(List<Share> shares, List<Viewer> unknown) {

    /** Whether it is known of everybody. */
    public boolean isWhole() {
        return unknown.isEmpty();
    }

    /** Whether it is known of nobody. */
    public boolean isNothing() {
        return shares.isEmpty();
    }
}
