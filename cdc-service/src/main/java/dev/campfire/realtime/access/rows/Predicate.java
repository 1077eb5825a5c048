package dev.campfire.realtime.access.rows;

import java.util.List;
import java.util.Set;

/**
 * What decides for one role whether a row of one table is visible. Equal predicates have equal answers as long as the
 * tables do not change that they read.
 */
sealed interface Predicate {

    /**
     * No row is.
     *
     * @param why in words for an operator
     */
    record Never(String why) implements Predicate {}

    /** A predicate that Postgres is asked about. */
    sealed interface Asked extends Predicate {

        /** The role that it is for. */
        String role();

        /** The columns of the image that the question carries. */
        List<ImageColumn> columns();

        /** The SQL that is run, see the two kinds. */
        String sql();

        /** Whether an answer holds until one of the tables that are read changes. */
        boolean isLasting();

        /** The tables that are read, by OID. */
        Set<Long> reads();
    }

    /**
     * One statement judges many viewers. Its parameters: the cases, as two arrays of numbers from 1 (images, viewers);
     * the images as JSON; and for each of the claims an array of texts, one for each viewer.
     *
     * @param claims the functions that read claims on which the answer depends
     * @param actor the role that the statement runs as, which no policy binds
     * @param path the search path that it is to be read with
     * @param alone the same predicate for viewers whose claims these functions fail on
     */
    record Together(
            String role,
            List<ImageColumn> columns,
            String sql,
            List<Routine> claims,
            boolean isLasting,
            Set<Long> reads,
            String actor,
            String path,
            OneByOne alone)
            implements Asked {}

    /**
     * One viewer after the other, as the viewer's own role and with the viewer's claims in force. The statement's one
     * parameter are the images as JSON; it returns the numbers of those that are visible.
     *
     * @param basis what the answer rests on that is not in the statement: the policies of tables that it reads, and the
     *     versions of functions
     */
    record OneByOne(
            String role, List<ImageColumn> columns, String sql, boolean isLasting, Set<Long> reads, Grounds.Basis basis)
            implements Asked {}
}
