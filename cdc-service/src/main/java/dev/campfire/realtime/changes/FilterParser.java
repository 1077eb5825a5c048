package dev.campfire.realtime.changes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads filters: {@code column=operator.value}, several of them with commas between, all of which have to hold; {@code
 * not.} before an operator negates it.
 */
final class FilterParser {

    private static final String NOT = "not.";

    private final String filter;
    private final List<String> segments = new ArrayList<>();

    private FilterParser(String filter) {
        this.filter = filter;
    }

    static List<Condition> parse(String filter) throws RefusedException {
        if (filter.isBlank()) {
            return List.of();
        }
        FilterParser parser = new FilterParser(filter);
        parser.split();
        List<Condition> conditions = new ArrayList<>();
        for (String segment : parser.segments) {
            if (segment.isBlank()) {
                throw refused("filter must not contain empty segments (check for extra commas)");
            }
            conditions.add(condition(segment.strip()));
        }
        return conditions;
    }

    /** Cuts at commas that stand neither in parentheses nor in a quoted value; those open behind a point or the like. */
    private void split() {
        int start = 0;
        int depth = 0;
        boolean isQuoted = false;
        for (int i = 0; i < filter.length(); i++) {
            char c = filter.charAt(i);
            if (isQuoted) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    isQuoted = false;
                }
            } else if (c == '"' && i > 0 && ".(,".indexOf(filter.charAt(i - 1)) >= 0) {
                isQuoted = true;
            } else if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth = Math.max(0, depth - 1);
            } else if (c == ',' && depth == 0) {
                segments.add(filter.substring(start, i));
                start = i + 1;
            }
        }
        segments.add(filter.substring(start));
    }

    private static Condition condition(String segment) throws RefusedException {
        int equals = segment.indexOf('=');
        if (equals < 0) {
            throw refused("[" + Inspected.text(segment) + "]");
        }
        String column = segment.substring(0, equals).strip();
        String rest = segment.substring(equals + 1);
        boolean isNegated = rest.startsWith(NOT);
        if (isNegated) {
            rest = rest.substring(NOT.length());
        }
        int point = rest.indexOf('.');
        if (point < 0) {
            throw refused("[" + Inspected.text(rest) + "]");
        }
        String name = rest.substring(0, point);
        String value = rest.substring(point + 1);
        Optional<Operator> operator = Operator.of(name);
        if (operator.isEmpty()) {
            throw refused("[" + Inspected.text(name) + ", " + Inspected.text(value) + "]");
        }
        return new Condition(column, operator.get(), value(operator.get(), value), isNegated);
    }

    private static String value(Operator operator, String value) throws RefusedException {
        if (operator != Operator.IN) {
            return unquoted(value);
        }
        if (value.length() < 2 || !value.startsWith("(") || !value.endsWith(")")) {
            throw refused("`in` filter value must be wrapped by parentheses");
        }
        return "{" + value.substring(1, value.length() - 1) + "}";
    }

    /** A value that is quoted as a whole loses its quotes and escapes; all others are taken literally. */
    private static String unquoted(String value) {
        if (value.length() < 2 || value.charAt(0) != '"') {
            return value;
        }
        StringBuilder inner = new StringBuilder();
        for (int i = 1; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"') {
                return i == value.length() - 1 ? inner.toString() : value;
            }
            if (c == '\\' && i + 1 < value.length()) {
                i++;
            }
            inner.append(value.charAt(i));
        }
        return value;
    }

    private static RefusedException refused(String what) {
        return new RefusedException("Error parsing `filter` params: " + what);
    }
}
