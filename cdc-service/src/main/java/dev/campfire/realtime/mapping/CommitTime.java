package dev.campfire.realtime.mapping;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Writes commit times as clients get them. */
public final class CommitTime {

    private CommitTime() {}

    /** {@code 2025-11-19T00:22:40.877Z}, without quotes: always three digits, what follows them is cut off. */
    public static void write(JsonBuffer out, Instant time) {
        LocalDateTime utc = LocalDateTime.ofEpochSecond(time.getEpochSecond(), 0, ZoneOffset.UTC);
        two(out, utc.getYear() / 100);
        two(out, utc.getYear());
        out.raw('-');
        two(out, utc.getMonthValue());
        out.raw('-');
        two(out, utc.getDayOfMonth());
        out.raw('T');
        two(out, utc.getHour());
        out.raw(':');
        two(out, utc.getMinute());
        out.raw(':');
        two(out, utc.getSecond());
        out.raw('.');
        int millis = time.getNano() / 1_000_000;
        two(out, millis / 10);
        out.raw((char) ('0' + millis % 10));
        out.raw('Z');
    }

    /** The last two digits. */
    private static void two(JsonBuffer out, int number) {
        out.raw((char) ('0' + number / 10 % 10));
        out.raw((char) ('0' + number % 10));
    }
}
