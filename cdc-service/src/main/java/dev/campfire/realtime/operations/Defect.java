package dev.campfire.realtime.operations;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One of several things that a check complains of at once.
 *
 * @param subject a table's or role's name
 * @param remedy SQL that mends this one, null where none does
 */
record Defect(String subject, @Nullable String remedy) {

    /** What a query of two columns, subject and remedy, finds. */
    static List<Defect> find(Connection connection, Query query, Object... arguments) throws SQLException {
        return query.all(connection, row -> new Defect(row.getString(1), row.getString(2)), arguments);
    }

    static String subjects(List<Defect> defects) {
        return defects.stream().map(Defect::subject).collect(Collectors.joining(", "));
    }

    /** All remedies, one below the other, each once; null if there is none. */
    static @Nullable String remedies(List<Defect> defects) {
        String all = defects.stream()
                .map(Defect::remedy)
                .flatMap(Stream::ofNullable)
                .distinct()
                .collect(Collectors.joining("\n"));
        return all.isEmpty() ? null : all;
    }
}
