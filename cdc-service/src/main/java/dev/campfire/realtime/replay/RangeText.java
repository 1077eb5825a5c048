package dev.campfire.realtime.replay;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Places in a journal as people write them. */
final class RangeText {

    /** What events have for ids: positions, and the ids of broadcasts' rows. */
    private static final Pattern ID = Pattern.compile("[0-9A-Za-z_-]{1,64}");

    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT.*");

    private RangeText() {}

    /** A time; null when it does not look like one. */
    static @Nullable Instant time(String text) throws MalformedRequestException {
        if (!TIME.matcher(text).matches()) {
            return null;
        }
        try {
            // In an address a plus sign that is not escaped means a blank.
            return OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
        } catch (DateTimeException e) {
            throw new MalformedRequestException(
                    "\"" + text + "\" is no time: write it as 2026-11-19T00:22:40Z or 2026-11-19T01:22:40.5+01:00");
        }
    }

    static String id(String name, String text) throws MalformedRequestException {
        if (!ID.matcher(text).matches()) {
            throw new MalformedRequestException(
                    name + " must be the id of an event, or a time such as 2026-11-19T00:22:40Z, not \"" + text + "\"");
        }
        return text;
    }
}
