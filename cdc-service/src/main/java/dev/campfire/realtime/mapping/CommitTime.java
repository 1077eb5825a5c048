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
        digits(out, utc.getYear(), 1_000);
        out.raw('-');
        digits(out, utc.getMonthValue(), 10);
        out.raw('-');
        digits(out, utc.getDayOfMonth(), 10);
        out.raw('T');
        digits(out, utc.getHour(), 10);
        out.raw(':');
        digits(out, utc.getMinute(), 10);
        out.raw(':');
        digits(out, utc.getSecond(), 10);
        out.raw('.');
        digits(out, time.getNano() / 1_000_000, 100);
        out.raw('Z');
    }

    private static void digits(JsonBuffer out, int number, int highest) {
        for (int unit = highest; unit > 0; unit /= 10) {
            out.raw((char) ('0' + number / unit % 10));
        }
    }
}
