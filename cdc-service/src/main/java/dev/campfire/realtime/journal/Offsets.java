package dev.campfire.realtime.journal;

import java.util.Arrays;

/** Places in a block, ascending, each once. For one thread. */
final class Offsets {

    private int[] places = new int[64];
    private int count;

    void clear() {
        count = 0;
    }

    int count() {
        return count;
    }

    int at(int index) {
        return places[index];
    }

    /** Adds a place, quickest behind all others. */
    void add(int place) {
        if (count == 0 || place > places[count - 1]) {
            insert(count, place);
            return;
        }
        int found = Arrays.binarySearch(places, 0, count, place);
        if (found < 0) {
            insert(-found - 1, place);
        }
    }

    private void insert(int index, int place) {
        if (count == places.length) {
            places = Arrays.copyOf(places, count * 2);
        }
        System.arraycopy(places, index, places, index + 1, count - index);
        places[index] = place;
        count++;
    }
}
