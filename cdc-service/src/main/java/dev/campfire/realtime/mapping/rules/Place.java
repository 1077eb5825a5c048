package dev.campfire.realtime.mapping.rules;

/**
 * A place in a file of rules.
 *
 * @param file the file's name, as it was given
 * @param line from 1
 * @param column from 1, in characters
 */
public record Place(String file, int line, int column) {

    /** As compilers write it. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
