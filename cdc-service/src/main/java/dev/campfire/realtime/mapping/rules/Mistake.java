package dev.campfire.realtime.mapping.rules;

/**
 * Something in a file of rules that is wrong, or does not fit a table.
 *
 * @param at where
 * @param text what, in one line, and what would be right
 */
public record Mistake(Place at, String text) {

    @Override
    public String toString() {
        return at + ": " + text;
    }
}
