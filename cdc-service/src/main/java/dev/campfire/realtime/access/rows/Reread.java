package dev.campfire.realtime.access.rows;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.campfire.realtime.access.rows.Predicate.OneByOne;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Row;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks rows up as they are now, as the viewer's role, where their image does not tell enough to be judged by.
 *
 * <p>A row that has moved on since must not show what it was to those who see what it is. So it counts only where it has in
 * each column that is shown what the change tells of it: then nothing is shown that a SELECT would not show.
 *
 * @param question the statement; its images are those of {@link #image}
 * @param key the columns of the primary key
 * @param shown the columns that the role may read
 */
record Reread(OneByOne question, List<ImageColumn> key, List<ImageColumn> shown) {

    /** No column of a table is called so, see {@link PredicateBuilder}. */
    private static final String TOLD = "$told";

    /** Of a longer value only a digest goes to Postgres. */
    private static final int LONG = 256;

    /**
     * @param table the table in SQL
     * @param number the name in SQL of the number that an image has
     */
    static Reread of(String role, String table, String number, List<ImageColumn> key, List<ImageColumn> shown) {
        List<ImageColumn> columns = new ArrayList<>(key);
        columns.add(new ImageColumn(-1, TOLD, "text", true));
        OneByOne question =
                new OneByOne(role, columns, sql(table, number, key, shown), false, Set.of(), Grounds.Basis.NOTHING);
        return new Reread(question, key, shown);
    }

    private static String sql(String table, String number, List<ImageColumn> key, List<ImageColumn> shown) {
        String types = key.stream()
                .map(column -> ", " + Sql.quoted(column.name()) + " text")
                .collect(Collectors.joining());
        String isSameRow = key.stream()
                .map(column -> "\"$row\"." + Sql.quoted(column.name()) + " = \"$i\"." + Sql.quoted(column.name()) + "::"
                        + column.type())
                .collect(Collectors.joining(" AND "));
        String hasMovedNowhere =
                shown.stream().map(column -> " AND " + isAsTold(column)).collect(Collectors.joining());
        String names =
                key.stream().map(column -> ", " + Sql.quoted(column.name())).collect(Collectors.joining());
        return "SELECT \"$i\"." + number + " FROM (SELECT " + number + names
                + ", " + Sql.quoted(TOLD)
                + "::pg_catalog.jsonb FROM pg_catalog.json_to_recordset(?::pg_catalog.json) AS \"$image\"("
                + number + " int4" + types + ", " + Sql.quoted(TOLD) + " text)) AS \"$i\" JOIN " + table
                + " AS \"$row\" ON "
                + isSameRow + hasMovedNowhere;
    }

    /** What a type's text looks like depends on the session: both go through the same one, where the type can be named by all. */
    private static String isAsTold(ImageColumn column) {
        String told = "(\"$i\"." + Sql.quoted(TOLD) + " -> '" + column.index() + "')";
        String text = "\"$row\"." + Sql.quoted(column.name()) + "::pg_catalog.text";
        String type = column.type().indexOf('.') < 0 ? "::" + column.type() + "::pg_catalog.text" : "";
        return "(" + told + " IS NULL OR CASE pg_catalog.jsonb_typeof(" + told + ") WHEN 'array' THEN " + told
                + " ->> 0 = pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(" + text
                + ", 'UTF8')), 'hex') ELSE (" + told + " #>> '{}')" + type + " IS NOT DISTINCT FROM " + text + " END)";
    }

    /** What is asked about a change's new image; null when it does not tell the key. */
    @Nullable
    Projection image(Change change) {
        Row row = change.after();
        Projection keys = Projection.ofNew(change, key);
        if (row == null || keys == null) {
            return null;
        }
        String told = told(row, Projection.wholeOld(change));
        List<@Nullable String> values = new ArrayList<>(keys.values());
        values.add(told);
        return new Projection(keys.key() + told, values);
    }

    /** By a column's place its text, or null, or a list with a digest; nothing of what the change does not tell. */
    private String told(Row row, @Nullable Row older) {
        JsonStringEncoder encoder = JsonStringEncoder.getInstance();
        StringBuilder out = new StringBuilder("{");
        for (ImageColumn column : shown) {
            int index = column.index();
            Row from = Projection.telling(row, older, index);
            if (from == null) {
                continue;
            }
            out.append(out.length() == 1 ? "\"" : ",\"").append(index).append("\":");
            String text = from.text(index);
            if (text == null) {
                out.append("null");
            } else if (text.length() > LONG) {
                out.append("[\"").append(digest(text)).append("\"]");
            } else {
                out.append('"');
                encoder.quoteAsString(text, out);
                out.append('"');
            }
        }
        return out.append('}').toString();
    }

    private static String digest(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }
}
