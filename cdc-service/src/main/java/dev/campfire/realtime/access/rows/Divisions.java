package dev.campfire.realtime.access.rows;

import dev.campfire.realtime.access.Panel;
import dev.campfire.realtime.access.Viewer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How answers divide a panel into those who see something and those who do not, remembered by page: changes that policies judge
 * alike need no look at each viewer. Equal sets are one object. It does not hold the panel, which is whose it is by its identity.
 * Safe for use by several threads.
 */
final class Divisions {

    /** How many pages are remembered: each takes two bits for a viewer. */
    private static final int MOST_PAGES = 256;

    /** How many sets are, of which a division has two: each takes eight to sixteen bytes for a viewer in it. */
    private static final int MOST_SETS = 64;

    // Guarded by this.
    private final Map<Long, Division> divisions = new Latest<>(MOST_PAGES);
    private final Map<BitSet, Set<Viewer>> sets = new Latest<>(MOST_SETS);

    /**
     * Who sees a page's image, as far as that is known.
     *
     * @param additions as of how many additions to the page
     * @param learned and as of how many viewers' claims
     * @param known those of whom it is known, by their places in the panel; not to be changed
     * @param seeing those of them who see it; the same
     */
    record Division(int additions, int learned, BitSet known, BitSet seeing) {

        boolean isOf(int latestAdditions, int latestLearned) {
            return additions == latestAdditions && learned == latestLearned;
        }
    }

    /** What was used last. */
    @SuppressWarnings("serial") // nobody serialises it
    private static final class Latest<K, V> extends LinkedHashMap<K, V> {

        private final int most;

        Latest(int most) {
            super(16, 0.75f, true);
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > most;
        }
    }

    /** How a page's answers divide the panel. */
    synchronized Division by(Panel panel, Book book, Page page) {
        int additions = page.additions();
        int learned = book.learned();
        Division former = divisions.get(page.number());
        if (former != null && former.isOf(additions, learned)) {
            return former;
        }
        int size = panel.viewers().size();
        BitSet known = new BitSet(size);
        BitSet seeing = new BitSet(size);
        for (int i = 0; i < size; i++) {
            Boolean sees = book.known(page, panel.viewers().get(i));
            if (sees != null) {
                known.set(i);
                seeing.set(i, sees);
            }
        }
        Division division = new Division(additions, learned, known, seeing);
        divisions.put(page.number(), division);
        return division;
    }

    /** Those of the panel at these places, which are not changed afterwards. */
    synchronized Set<Viewer> set(Panel panel, BitSet places) {
        int size = places.cardinality();
        if (size == panel.viewers().size()) {
            return panel.set();
        }
        Set<Viewer> set = sets.get(places);
        if (set == null) {
            List<Viewer> some = new ArrayList<>(size);
            places.stream().forEach(place -> some.add(panel.viewers().get(place)));
            set = Set.copyOf(some);
            sets.put(places, set);
        }
        return set;
    }
}
