package dev.campfire.realtime.identity;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Cleans a token's text before it is looked at, as Supabase Realtime does: URI-decoded, then without any white space. */
final class TokenText {

    private TokenText() {}

    static String clean(String raw) {
        String decoded = raw.indexOf('%') < 0 ? raw : decode(raw);
        StringBuilder text = new StringBuilder(decoded.length());
        decoded.codePoints().filter(c -> !isSpace(c)).forEach(text::appendCodePoint);
        return text.toString();
    }

    private static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    /** Decodes %XX and nothing else: a plus sign stays one, and what is no escape stays as it is. */
    private static String decode(String raw) {
        byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            int value = bytes[i] == '%' && i + 2 < bytes.length ? hex(bytes[i + 1], bytes[i + 2]) : -1;
            if (value >= 0) {
                decoded.write(value);
                i += 2;
            } else {
                decoded.write(bytes[i]);
            }
        }
        return decoded.toString(StandardCharsets.UTF_8);
    }

    private static int hex(byte high, byte low) {
        int h = Character.digit(high, 16);
        int l = Character.digit(low, 16);
        return h < 0 || l < 0 ? -1 : h << 4 | l;
    }
}
