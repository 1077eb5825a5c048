package dev.campfire.realtime.mapping.rules;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A column and what its value must look like, {@code organization_id:uuid}.
 *
 * @param format null where the file does not say
 */
record ColumnFormat(ColumnText column, @Nullable IdFormat format) {

    /** Reads a part of a text. */
    static ColumnFormat read(ScalarText source, int from, int to, List<Mistake> mistakes) {
        String text = source.text().substring(from, to);
        int colon = text.lastIndexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        if (name.isBlank() || name.indexOf('{') >= 0) {
            mistakes.add(new Mistake(source.at(from), "a column's name is expected here"));
        }
        IdFormat format = null;
        if (colon >= 0) {
            format = IdFormat.find(text.substring(colon + 1));
            if (format == null) {
                String known =
                        Arrays.stream(IdFormat.values()).map(IdFormat::fileName).collect(Collectors.joining(", "));
                mistakes.add(new Mistake(
                        source.at(from + colon + 1),
                        "\"" + text.substring(colon + 1) + "\" is no format of an id; known are " + known));
            }
        }
        return new ColumnFormat(new ColumnText(name, source.at(from)), format);
    }
}
