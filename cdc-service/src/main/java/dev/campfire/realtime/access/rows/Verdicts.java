package dev.campfire.realtime.access.rows;

import dev.campfire.realtime.access.Panel;
import java.util.BitSet;
import java.util.Map;

/**
 * Who of a panel sees an image, by place.
 *
 * @param seeing not to be changed
 * @param failures the SQLSTATEs with which the policies failed for some, who do not see it
 */
record Verdicts(BitSet seeing, Map<Integer, String> failures) {

    /** The same for everybody. */
    static Verdicts of(Panel panel, boolean isVisible) {
        return new Verdicts(isVisible ? everybody(panel) : new BitSet(), Map.of());
    }

    static BitSet everybody(Panel panel) {
        BitSet all = new BitSet(panel.viewers().size());
        all.set(0, panel.viewers().size());
        return all;
    }
}
