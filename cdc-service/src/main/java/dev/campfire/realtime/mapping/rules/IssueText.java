package dev.campfire.realtime.mapping.rules;

import dev.campfire.realtime.vocabulary.NearestName;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says what CEL has against a condition in one line, and what would be right where that can be guessed. */
final class IssueText {

    private static final Pattern NO_FIELD = Pattern.compile("undefined (?:field|column) '(.*)'");
    private static final Pattern NO_REFERENCE =
            Pattern.compile("undeclared reference to '(.*?)'(?: \\(in container.*)?");
    private static final Pattern EXPECTED = Pattern.compile(" expecting (?:\\{|<EOF>).*");
    private static final Pattern NULLABLE = Pattern.compile("wrapper\\((\\w+)\\)");
    private static final Pattern NUMBERS = Pattern.compile("applied to '\\((?:double, int|int, double)\\)'");

    /** How CEL writes what SQL writes in words. */
    private static final Map<String, String> OPERATORS = Map.of(
            "mismatched input 'and'", "&&",
            "mismatched input 'AND'", "&&",
            "mismatched input 'or'", "||",
            "mismatched input 'OR'", "||",
            "mismatched input 'is'", "== null",
            "mismatched input 'IS'", "== null");

    private final RowTypes types;

    IssueText(RowTypes types) {
        this.types = types;
    }

    /** @param message as CEL words it */
    String of(@Nullable String message) {
        String text = plain(message);
        Matcher field = NO_FIELD.matcher(text);
        if (field.matches()) {
            return text + nearest(field.group(1));
        }
        Matcher reference = NO_REFERENCE.matcher(text);
        if (reference.matches()) {
            return "undeclared reference to '" + reference.group(1) + "'" + meant(reference.group(1));
        }
        if (text.equals("mismatched input '<EOF>'")) {
            return "the condition ends where something is still missing";
        }
        String operator = OPERATORS.get(text);
        if (operator != null) {
            return text + "; it is written  " + operator;
        }
        if (text.startsWith("expected type 'bool'")) {
            return text + "; a condition is true or false";
        }
        if (text.startsWith("token recognition error at: '=")) {
            return text + "; equality is written  ==";
        }
        if (NUMBERS.matcher(text).find()) {
            return text + "; write whole numbers beside doubles with a point, as in  2.0";
        }
        return text;
    }

    private static String plain(@Nullable String message) {
        String text = message == null
                ? "this is no condition"
                : message.lines().findFirst().orElse("");
        int candidates = text.indexOf(" (candidates: ");
        String own = candidates < 0 ? text : text.substring(0, candidates);
        return NULLABLE.matcher(EXPECTED.matcher(own).replaceFirst("")).replaceAll("$1");
    }

    private String nearest(String column) {
        String nearest = NearestName.of(column, types.columns());
        return nearest.isEmpty() ? "" : "; the nearest column is \"" + nearest + "\"";
    }

    private String meant(String name) {
        return types.indexOf(name) >= 0
                ? "; write  new." + name + "  or  old." + name
                : "; there are new, old and operation, and texts stand in quotes";
    }
}
