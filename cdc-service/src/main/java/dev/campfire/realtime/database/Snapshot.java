package dev.campfire.realtime.database;

import java.util.HashSet;
import java.util.Set;

/**
 * Which transactions a reading saw: {@code pg_snapshot}. The order of commits in the WAL does not say it, for a transaction is
 * seen only some time after its commit has been written, with synchronous replication a long time.
 *
 * @param end the first transaction that had not begun yet
 * @param running those before it that were not over
 */
public record Snapshot(long end, Set<Long> running) {

    private static final long HALF = 1L << 31;
    private static final long LOW = 0xFFFF_FFFFL;

    public Snapshot {
        running = Set.copyOf(running);
    }

    /** @param text {@code xmin:xmax:xip,xip}, as Postgres writes it */
    public static Snapshot parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("no snapshot: " + text);
        }
        Set<Long> running = new HashSet<>();
        for (String transaction : parts[2].split(",")) {
            if (!transaction.isEmpty()) {
                running.add(Long.parseLong(transaction));
            }
        }
        return new Snapshot(Long.parseLong(parts[1]), running);
    }

    /**
     * Whether what a transaction did was seen, which has been committed since or before.
     *
     * @param transaction its id as the stream has it, 32 bits; it is no further from the snapshot than half of all there are
     */
    public boolean sees(long transaction) {
        long whole = (end & ~LOW) | transaction;
        if (whole - end > HALF) {
            whole -= LOW + 1;
        } else if (end - whole > HALF) {
            whole += LOW + 1;
        }
        return whole < end && !running.contains(whole);
    }
}
