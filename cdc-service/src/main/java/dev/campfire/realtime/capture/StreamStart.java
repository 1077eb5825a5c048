package dev.campfire.realtime.capture;

/**
 * Where a stream begins to be read: everything that is committed behind here is going to come.
 *
 * @param history which history its LSNs belong to, see {@link ChangeId}
 * @param lsn the slot's position; what was committed before it does not come again
 * @param end how far the server's WAL reaches now
 * @param isNewSlot whether the slot has just been made, so that what was committed before nobody ever kept for us
 */
public record StreamStart(int history, long lsn, long end, boolean isNewSlot) {}
