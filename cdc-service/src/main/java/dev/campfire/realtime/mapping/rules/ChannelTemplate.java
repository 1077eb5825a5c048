package dev.campfire.realtime.mapping.rules;

import dev.campfire.realtime.vocabulary.ChannelName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a channel of a row is named: text, and columns in braces, {@code org:{organization_id}:user:{old.agent_id:uuid}}.
 *
 * @param name what the file calls it
 * @param text the template as it is written
 * @param at where it begins
 * @param parts what it is made of, in order
 */
record ChannelTemplate(String name, String text, Place at, List<Part> parts) {

    /** A UUID that stands for every id when a name's form is looked at. */
    private static final String ANY_ID = "00000000-0000-4000-8000-000000000000";

    private static final String OLD = "old.";

    /** A piece of a template. */
    sealed interface Part {}

    /** Text that is the same for every row. */
    record Literal(String text) implements Part {}

    /**
     * A column's value.
     *
     * @param ofOld whether it is the old image's; else it is the new one's, and at a DELETE the old one's
     * @param format null where the template does not say
     */
    record Placeholder(
            ColumnText column, boolean ofOld, @Nullable IdFormat format) implements Part {}

    ChannelTemplate {
        parts = List.copyOf(parts);
    }

    /**
     * Reads a template.
     *
     * @param mistakes where it is added what is wrong
     */
    static ChannelTemplate read(String name, ScalarText source, List<Mistake> mistakes) {
        String text = source.text();
        List<Part> parts = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int open = text.indexOf('{', at);
            int stray = text.indexOf('}', at);
            int end = open < 0 ? text.length() : open;
            if (stray >= 0 && stray < end) {
                mistakes.add(new Mistake(source.at(stray), "a } without its {"));
                break;
            }
            if (end > at) {
                parts.add(new Literal(text.substring(at, end)));
            }
            if (open < 0) {
                break;
            }
            int close = text.indexOf('}', open);
            if (close < 0) {
                mistakes.add(new Mistake(source.at(open), "a { without its }"));
                break;
            }
            parts.add(placeholder(source, open + 1, close, mistakes));
            at = close + 1;
        }
        ChannelTemplate template = new ChannelTemplate(name, text, source.start(), parts);
        template.requireForm(mistakes);
        return template;
    }

    private static Placeholder placeholder(ScalarText source, int from, int to, List<Mistake> mistakes) {
        String inside = source.text().substring(from, to);
        boolean ofOld = inside.startsWith(OLD);
        int start = from + (ofOld ? OLD.length() : 0);
        ColumnFormat column = ColumnFormat.read(source, start, to, mistakes);
        return new Placeholder(column.column(), ofOld, column.format());
    }

    private void requireForm(List<Mistake> mistakes) {
        String sample = sample();
        boolean hasControl = sample.chars().anyMatch(Character::isISOControl);
        if (hasControl || !sample.equals(sample.strip()) || sample.startsWith("realtime:")) {
            mistakes.add(new Mistake(
                    at, "a channel's name has no control characters, no blanks at its ends and no \"realtime:\""));
        }
    }

    /** Whether the standard knows channels of this form. */
    boolean isStandard() {
        return ChannelName.parse(sample()) != null;
    }

    private String sample() {
        StringBuilder sample = new StringBuilder();
        for (Part part : parts) {
            sample.append(
                    switch (part) {
                        case Literal literal -> literal.text();
                        case Placeholder any -> ANY_ID;
                    });
        }
        return sample.toString();
    }

    List<Placeholder> placeholders() {
        return parts.stream()
                .filter(Placeholder.class::isInstance)
                .map(Placeholder.class::cast)
                .toList();
    }
}
