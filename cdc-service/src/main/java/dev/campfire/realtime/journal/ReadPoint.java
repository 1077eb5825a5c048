package dev.campfire.realtime.journal;

/**
 * A place between two events of a journal. Immutable.
 *
 * @param change the change before it, or in the middle of which it is
 * @param ordinal the event before it among those of that change; -1 when it is in front of all
 */
public record ReadPoint(LogPosition change, int ordinal) implements Comparable<ReadPoint> {

    /** Behind all events of a change. */
    static final int ALL = 255;

    /** In front of everything. */
    public static final ReadPoint BEGINNING = new ReadPoint(LogPosition.FIRST, -1);

    @Override
    public int compareTo(ReadPoint other) {
        int byChange = change.compareTo(other.change);
        return byChange != 0 ? byChange : Integer.compare(ordinal, other.ordinal);
    }
}
