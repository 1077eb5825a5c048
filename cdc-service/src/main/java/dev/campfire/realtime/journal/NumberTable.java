package dev.campfire.realtime.journal;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Numbers by names, for so many names that none of them is in the processor's cache: a name's number is two misses away, a
 * place in a table and the bytes of the name, where maps of objects take six to twelve. Names that were not looked at for longest
 * are forgotten, some between one and two times as many as are to be remembered. For one thread.
 */
final class NumberTable {

    /** Said of a name that is not known. */
    static final long NONE = -1;

    private static final int LEAST_PLACES = 64;
    private static final int MOST_BYTES = 16 << 20;
    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    /** Nobody who chooses names can know which of them meet. */
    private final long seed = ThreadLocalRandom.current().nextLong();

    private final int most;
    private Generation recent = new Generation(LEAST_PLACES);
    private Generation former = new Generation(LEAST_PLACES);
    private long forgotten;

    /** @param most for so many names, and up to as many more, numbers are remembered, unless the names are long */
    NumberTable(int most) {
        this.most = most;
    }

    /** A name's number, {@link #NONE} when it is not known. */
    long get(byte[] name) {
        int hash = hash(name);
        long number = recent.get(hash, name);
        if (number == NONE && former.count > 0) {
            number = former.get(hash, name);
            if (number != NONE) {
                put(hash, name, number);
            }
        }
        return number;
    }

    /** @param number not negative */
    void put(byte[] name, long number) {
        put(hash(name), name, number);
    }

    private void put(int hash, byte[] name, long number) {
        if (recent.count >= most || recent.names.size() + name.length > MOST_BYTES) {
            former = recent;
            recent = new Generation(former.places());
            forgotten++;
        }
        recent.put(hash, name, number);
    }

    void clear() {
        recent = new Generation(LEAST_PLACES);
        former = new Generation(LEAST_PLACES);
        forgotten++;
    }

    /** How often names have been forgotten: while it is the same, whatever has been put is known. */
    long forgotten() {
        return forgotten;
    }

    private int hash(byte[] name) {
        long hash = seed ^ name.length;
        for (int at = 0; at < name.length; at += Long.BYTES) {
            hash = mix(hash ^ word(name, at));
        }
        return (int) (hash >>> Integer.SIZE);
    }

    private static long word(byte[] name, int from) {
        long word = 0;
        int end = Math.min(name.length, from + Long.BYTES);
        for (int i = from; i < end; i++) {
            word = word << Byte.SIZE | Byte.toUnsignedLong(name[i]);
        }
        return word;
    }

    private static long mix(long value) {
        return value * MULTIPLIER ^ Math.multiplyHigh(value, MULTIPLIER);
    }

    /**
     * Names that are forgotten together. Of a name there are, side by side, its hash with where its bytes are, and its number.
     */
    private static final class Generation {
        private long[] table;
        private final ByteWriter names = new ByteWriter(LEAST_PLACES);
        private int count;

        Generation(int places) {
            table = new long[2 * places];
        }

        int places() {
            return table.length / 2;
        }

        long get(int hash, byte[] name) {
            int place = find(hash, name);
            return table[place] == 0 ? NONE : table[place + 1];
        }

        void put(int hash, byte[] name, long number) {
            int place = find(hash, name);
            if (table[place] == 0) {
                table[place] = (long) hash << Integer.SIZE | store(name) + 1;
                count++;
            }
            table[place + 1] = number;
            if (count > places() / 2) {
                grow();
            }
        }

        /** Where the name is, or where there is room for it. */
        private int find(int hash, byte[] name) {
            int mask = table.length - 1;
            int place = hash << 1 & mask;
            for (long found = table[place]; found != 0; found = table[place]) {
                if ((int) (found >>> Integer.SIZE) == hash && is((int) found - 1, name)) {
                    break;
                }
                place = place + 2 & mask;
            }
            return place;
        }

        private boolean is(int start, byte[] name) {
            ByteReader in = new ByteReader(names.array(), start, names.size());
            int length = in.readSize();
            int from = in.position();
            return Arrays.equals(names.array(), from, from + length, name, 0, name.length);
        }

        private int store(byte[] name) {
            int start = names.size();
            names.writeBytes(name);
            return start;
        }

        private void grow() {
            long[] before = table;
            table = new long[2 * before.length];
            int mask = table.length - 1;
            for (int i = 0; i < before.length; i += 2) {
                if (before[i] != 0) {
                    int place = (int) (before[i] >>> Integer.SIZE) << 1 & mask;
                    while (table[place] != 0) {
                        place = place + 2 & mask;
                    }
                    table[place] = before[i];
                    table[place + 1] = before[i + 1];
                }
            }
        }
    }
}
