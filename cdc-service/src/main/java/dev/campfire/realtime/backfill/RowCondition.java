package dev.campfire.realtime.backfill;

/**
 * A condition in SQL that an operator gave, made sure to stay in the parentheses that it is put into: its own are balanced, and
 * it has nothing that could end the statement or hide its end. What it means, Postgres says.
 *
 * @param sql one expression
 */
record RowCondition(String sql) {

    private static final int LONGEST = 4000;

    /** @throws BackfillException when it is none that can be taken */
    static RowCondition of(String text) throws BackfillException {
        if (text.isBlank() || text.length() > LONGEST) {
            throw refused("a condition has 1 to " + LONGEST + " characters");
        }
        new Scan(text).run();
        return new RowCondition(text.strip());
    }

    private static BackfillException refused(String why) {
        return new BackfillException("The condition can't be taken: " + why + ".");
    }

    /** Reads a text as Postgres's own scanner does with {@code standard_conforming_strings}. */
    private static final class Scan {
        private final String text;
        private int at;
        private int depth;

        Scan(String text) {
            this.text = text;
        }

        void run() throws BackfillException {
            while (at < text.length()) {
                step();
            }
            if (depth != 0) {
                throw refused("a parenthesis is open at its end");
            }
        }

        private void step() throws BackfillException {
            char c = text.charAt(at);
            if (isLetter(c)) {
                word();
                return;
            }
            switch (c) {
                case '\'', '"' -> quoted(c);
                case '(' -> depth++;
                case ')' -> {
                    if (--depth < 0) {
                        throw refused("a parenthesis is closed that was not opened");
                    }
                }
                case ';' -> throw refused("it has a semicolon, and must be one expression");
                case '$' -> throw refused("it has a dollar sign; write texts in single quotes");
                case '\0' -> throw refused("it has a character 0");
                default -> {
                    if (text.startsWith("--", at) || text.startsWith("/*", at)) {
                        throw refused("it has a comment");
                    }
                }
            }
            at++;
        }

        private static boolean isLetter(char c) {
            return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80;
        }

        private void word() throws BackfillException {
            int start = at;
            while (at < text.length()
                    && (isLetter(text.charAt(at))
                            || text.charAt(at) >= '0' && text.charAt(at) <= '9'
                            || text.charAt(at) == '$')) {
                at++;
            }
            boolean isEscaping = at - start == 1 && (text.charAt(start) == 'e' || text.charAt(start) == 'E');
            if (isEscaping && at < text.length() && text.charAt(at) == '\'') {
                throw refused("it has a text with escapes (E'...'); write it without");
            }
        }

        /** Leaves the place at the closing quote; two quotes are one of the text. */
        private void quoted(char quote) throws BackfillException {
            for (at++; at < text.length(); at++) {
                if (text.charAt(at) == quote) {
                    boolean isDoubled = at + 1 < text.length() && text.charAt(at + 1) == quote;
                    if (!isDoubled) {
                        return;
                    }
                    at++;
                } else if (text.charAt(at) == '\0') {
                    throw refused("it has a character 0");
                }
            }
            throw refused("a quote is open at its end");
        }
    }
}
