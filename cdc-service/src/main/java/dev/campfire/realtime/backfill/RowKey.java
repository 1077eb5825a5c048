package dev.campfire.realtime.backfill;

import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Row;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What tells a row of a table from all others.
 *
 * @param values the key's columns as Postgres writes them
 */
record RowKey(List<String> values) {

    private static final int DIGEST = 16;

    RowKey {
        values = List.copyOf(values);
    }

    /** The key of a row; null when its image does not tell. */
    static @Nullable RowKey of(Relation relation, @Nullable Row row, List<String> columns) {
        if (row == null) {
            return null;
        }
        List<String> values = new ArrayList<>(columns.size());
        for (String column : columns) {
            int place = relation.indexOf(column);
            String value = place < 0 ? null : row.text(place);
            if (value == null) {
                return null;
            }
            values.add(value);
        }
        return new RowKey(values);
    }

    /** A text of 22 characters that no two keys share. */
    String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String value : values) {
                byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
                digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
                digest.update(bytes);
            }
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest.digest(), DIGEST));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
