package dev.campfire.realtime.channel;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Where a channel's subscribers are: on which loops, and there at which object. Written when a loop's first subscriber comes and its
 * last one goes; any thread.
 *
 * <p>It is a hash table of its own, because of many channels none is in the processor's cache, and what comes together is for many:
 * a lookup is six misses, one behind the other. Here many are made step by step beside each other, so that memory is asked for
 * the next thing of all of them at once, which takes as long as asking for one.
 */
final class ChannelDirectory {

    private static final LocalChannel[] NONE = {};
    private static final ChannelKey NO_KEY = ChannelKey.changes("");
    private static final int LEAST_PLACES = 64;

    private volatile Table table = new Table(LEAST_PLACES);

    /** Written by who holds the lock. */
    private volatile int size;

    /** A place has a hash from its first channel on, and none but channels of that hash later; 0 is a place that was never used. */
    private static final class Table {
        private final AtomicIntegerArray hashes;
        private final AtomicReferenceArray<LocalChannel[]> channels;
        private int used;

        Table(int places) {
            hashes = new AtomicIntegerArray(places);
            channels = new AtomicReferenceArray<>(places);
        }

        int places() {
            return hashes.length();
        }

        /** The first place from this one on that has the hash, or was never used. */
        int place(int hash, int from) {
            int place = from & places() - 1;
            for (int found = hashes.get(place); found != 0 && found != hash; found = hashes.get(place)) {
                place = place + 1 & places() - 1;
            }
            return place;
        }

        /** What is at a place; nothing where a channel is gone. */
        LocalChannel[] at(int place) {
            LocalChannel[] found = channels.get(place);
            return found == null ? NONE : found;
        }

        LocalChannel[] find(ChannelKey key, int hash) {
            for (int place = place(hash, hash); hashes.get(place) != 0; place = place(hash, place + 1)) {
                // Looked at once: it may be another channel's by now.
                LocalChannel[] found = at(place);
                if (isOf(key, found)) {
                    return found;
                }
            }
            return NONE;
        }

        private static boolean isOf(ChannelKey key, LocalChannel[] channels) {
            return channels.length > 0 && channels[0].key().equals(key);
        }

        /** Puts a key's channels, or that it has none, where those before are, else where none are. For who holds the lock. */
        void put(ChannelKey key, int hash, LocalChannel[] all) {
            int free = -1;
            int place = place(hash, hash);
            while (hashes.get(place) != 0 && !isOf(key, at(place))) {
                free = at(place).length == 0 ? place : free;
                place = place(hash, place + 1);
            }
            if (hashes.get(place) == 0) {
                used += free < 0 ? 1 : 0;
                place = free < 0 ? place : free;
            }
            // Whoever sees the hash sees the channels.
            channels.set(place, all);
            hashes.set(place, hash);
        }
    }

    private static int hash(ChannelKey key) {
        int hash = key.hashCode() * 0x9E37_79B9;
        hash ^= hash >>> 15;
        return hash == 0 ? 1 : hash;
    }

    /** The channel on each loop with subscribers of it; not to be changed. */
    LocalChannel[] channels(ChannelKey key) {
        return table.find(key, hash(key));
    }

    /** Which of many channels have subscribers. */
    boolean[] haveSubscribers(ChannelKey[] keys) {
        Table current = table;
        int count = keys.length;
        int[] hashes = new int[count];
        int[] places = new int[count];
        for (int i = 0; i < count; i++) {
            hashes[i] = hash(keys[i]);
        }
        for (int i = 0; i < count; i++) {
            places[i] = current.place(hashes[i], hashes[i]);
        }
        LocalChannel[][] all = new LocalChannel[count][];
        for (int i = 0; i < count; i++) {
            all[i] = current.at(places[i]);
        }
        ChannelKey[] found = new ChannelKey[count];
        for (int i = 0; i < count; i++) {
            found[i] = all[i].length == 0 ? NO_KEY : all[i][0].key();
        }
        String[] names = new String[count];
        for (int i = 0; i < count; i++) {
            names[i] = found[i].name();
        }
        boolean[] haveSubscribers = new boolean[count];
        for (int i = 0; i < count; i++) {
            // A name's hash stands with it, and its bytes elsewhere.
            haveSubscribers[i] =
                    all[i].length > 0 && names[i].hashCode() == keys[i].name().hashCode();
        }
        for (int i = 0; i < count; i++) {
            // What is at the first place with its hash is nearly always what is looked for.
            haveSubscribers[i] =
                    haveSubscribers[i] && keys[i].equals(found[i]) || current.find(keys[i], hashes[i]).length > 0;
        }
        return haveSubscribers;
    }

    synchronized void add(LocalChannel channel) {
        LocalChannel[] known = channels(channel.key());
        LocalChannel[] more = Arrays.copyOf(known, known.length + 1);
        more[known.length] = channel;
        table.put(channel.key(), hash(channel.key()), more);
        if (known.length == 0) {
            size++;
            if (table.used > table.places() / 2) {
                rebuild();
            }
        }
    }

    synchronized void remove(LocalChannel channel) {
        ChannelKey key = channel.key();
        LocalChannel[] known = channels(key);
        LocalChannel[] fewer =
                Arrays.stream(known).filter(other -> other != channel).toArray(LocalChannel[]::new);
        if (fewer.length == known.length) {
            return;
        }
        table.put(key, hash(key), fewer);
        if (fewer.length == 0) {
            size--;
            if (size * 16L < table.places() && table.places() > LEAST_PLACES) {
                rebuild();
            }
        }
    }

    /** Without the places of channels that are gone. Whoever reads the old table meanwhile finds what was there until now. */
    private void rebuild() {
        Table old = table;
        Table fresh = new Table(Math.max(LEAST_PLACES, Integer.highestOneBit(Math.max(1, size)) * 4));
        for (int place = 0; place < old.places(); place++) {
            LocalChannel[] channels = old.at(place);
            if (channels.length > 0) {
                fresh.put(channels[0].key(), old.hashes.get(place), channels);
            }
        }
        table = fresh;
    }

    int size() {
        return size;
    }
}
