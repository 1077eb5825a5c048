package dev.campfire.realtime.access.rows;

import dev.campfire.realtime.access.Panel;
import dev.campfire.realtime.access.Share;
import dev.campfire.realtime.access.Sight;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Supplier;

/** Divides a panel by what they see of one change. Changes none of the sets that it is given. For one thread. */
final class Sharing {

    private final Panel panel;
    private final Divisions divisions;
    private final List<Share> shares = new ArrayList<>(2);

    /** What is seen of the change by those who see these of its images. */
    interface Sights {
        Sight sight(boolean seesNew, boolean seesOld);
    }

    Sharing(Panel panel, Divisions divisions) {
        this.panel = panel;
        this.divisions = divisions;
    }

    List<Share> shares() {
        return shares;
    }

    /** Adds some of the panel, by place, who all see this. */
    void add(BitSet some, Supplier<Sight> sight) {
        if (!some.isEmpty()) {
            shares.add(new Share(sight.get(), divisions.set(panel, some)));
        }
    }

    /**
     * Adds some of the panel, by place.
     *
     * @param seeNew those among all of the panel who see the new image
     * @param seeOld the same of the old one
     */
    void add(BitSet some, BitSet seeNew, BitSet seeOld, Sights sights) {
        BitSet ofNew = and(seeNew, some);
        BitSet ofOld = and(seeOld, some);
        BitSet both = and(ofNew, ofOld);
        BitSet none = without(some, both);
        add(both, () -> sights.sight(true, true));
        if (!ofNew.equals(ofOld)) {
            BitSet newAlone = without(ofNew, both);
            BitSet oldAlone = without(ofOld, both);
            add(newAlone, () -> sights.sight(true, false));
            add(oldAlone, () -> sights.sight(false, true));
            none.andNot(newAlone);
            none.andNot(oldAlone);
        }
        add(none, () -> sights.sight(false, false));
    }

    static BitSet and(BitSet some, BitSet others) {
        if (some == others) {
            return some;
        }
        BitSet both = (BitSet) some.clone();
        both.and(others);
        return both;
    }

    private static BitSet without(BitSet some, BitSet others) {
        BitSet rest = (BitSet) some.clone();
        rest.andNot(others);
        return rest;
    }
}
