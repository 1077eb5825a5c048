package dev.campfire.realtime.journal;

/**
 * What the index says of a name in a block: where in it something stands, in front of which a channel has the number of its last
 * event there. Journals of format 1 have no number in it.
 */
final class IndexValue {

    /** No entry stands at the place 0 of a block, so that what begins with it begins with a number. */
    private static final int HAS_NUMBER = 0;

    private IndexValue() {}

    /** @param number 0 for none */
    static byte[] of(long number, ByteWriter places) {
        if (number == 0) {
            return places.toByteArray();
        }
        ByteWriter out = new ByteWriter(places.size() + 4);
        out.writeByte(HAS_NUMBER);
        out.writeVar(number);
        out.writeRaw(places.array(), 0, places.size());
        return out.toByteArray();
    }

    /** The number of the last event; 0 when that is not said. */
    static long number(byte[] value) {
        ByteReader in = new ByteReader(value);
        return in.hasMore() && in.readVar() == HAS_NUMBER ? in.readVar() : 0;
    }

    /** The places, numbers of variable length up to the end. */
    static ByteReader places(byte[] value) {
        ByteReader in = new ByteReader(value);
        if (!in.hasMore() || in.readVar() != HAS_NUMBER) {
            return new ByteReader(value);
        }
        in.readVar();
        return in;
    }
}
