package dev.campfire.realtime.mapping.rules;

import dev.campfire.realtime.vocabulary.ChannelName;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a column's value must look like to stand in a channel's name, and how it is written there. */
enum IdFormat {
    /** As the standard wants ids: no colon, no control character, no blank at an end. Written as it is. */
    NAME,
    /** A UUID as Postgres prints it: other spellings would name other channels. */
    UUID,
    /** Anything but nothing: what is not a letter, a digit or one of {@code -._~} is written as % and two hexadecimal digits. */
    ENCODED;

    private static final int UUID_LENGTH = 36;
    private static final String HEX = "0123456789ABCDEF";

    /** The format of this name in a file; null when there is none. */
    static @Nullable IdFormat find(String name) {
        for (IdFormat format : values()) {
            if (format.fileName().equals(name)) {
                return format;
            }
        }
        return null;
    }

    /** As it is written behind a column's name. */
    String fileName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The value as it stands in a channel's name; null when it may not. */
    @Nullable
    String write(String value) {
        return switch (this) {
            case NAME -> ChannelName.isId(value) ? value : null;
            case UUID -> isUuid(value) ? value : null;
            case ENCODED -> value.isEmpty() ? null : encoded(value);
        };
    }

    private static boolean isUuid(String text) {
        if (text.length() != UUID_LENGTH) {
            return false;
        }
        int dashes = 0;
        for (int i = 0; i < UUID_LENGTH; i++) {
            char c = text.charAt(i);
            if (c == '-') {
                dashes++;
            } else if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
                return false;
            }
        }
        return dashes == 4
                && text.charAt(8) == '-'
                && text.charAt(13) == '-'
                && text.charAt(18) == '-'
                && text.charAt(23) == '-';
    }

    private static String encoded(String value) {
        StringBuilder out = new StringBuilder(value.length() + 16);
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "-._~".indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xF));
            }
        }
        return out.toString();
    }
}
