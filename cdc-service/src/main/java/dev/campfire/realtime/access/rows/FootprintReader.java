package dev.campfire.realtime.access.rows;

import dev.campfire.realtime.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds out what the policies of a table rest on, those for reading and those for writing. Blocking. */
public final class FootprintReader {

    /** Looked up in the catalog: to name what is in a schema one may not use is an error. */
    private static final String OID = """
            SELECT c.oid::int8 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = ? AND c.relname = ?""";

    private static final String POLICIES = """
            SELECT oid::int8, polname, polcmd::text, polpermissive, polroles::text,
                   coalesce(polqual::text, '') || coalesce(polwithcheck::text, '')
              FROM pg_catalog.pg_policy WHERE polrelid = ?::int8::oid ORDER BY oid""";

    private static final String BODIES = """
            SELECT p.prosrc, p.xmin::text FROM pg_catalog.pg_proc p WHERE p.oid = ?::int8::oid""";

    private static final String PUBLISHED = """
            SELECT c.oid::int8, c.relname FROM pg_catalog.pg_publication_tables t
              JOIN pg_catalog.pg_namespace n ON n.nspname = t.schemaname
              JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.tablename
             WHERE t.pubname = ?""";

    private final Database database;
    private final String publication;

    /** @param publication the one whose changes are seen */
    public FootprintReader(Database database, String publication) {
        this.database = database;
        this.publication = publication;
    }

    /** Of a table; one that is not there rests on nothing. */
    public Footprint of(String schema, String table) throws SQLException {
        return database.ask(connection -> new Reading(connection).read(schema, table));
    }

    /** One look, within one transaction. */
    private final class Reading {
        private final Connection connection;
        private final PolicyReader policies;
        private final Set<Long> tables = new HashSet<>();
        private final Set<String> basis = new TreeSet<>();
        private boolean isWhole = true;

        Reading(Connection connection) {
            this.connection = connection;
            this.policies = new PolicyReader(connection, publication);
        }

        Footprint read(String schema, String name) throws SQLException {
            Long start = oid(schema, name);
            Deque<Long> next = new ArrayDeque<>();
            if (start != null) {
                next.add(start);
            }
            while (!next.isEmpty()) {
                long table = next.remove();
                for (long read : readBy(table)) {
                    if (tables.add(read)) {
                        look(read);
                        next.add(read);
                    }
                }
            }
            return new Footprint(tables, isWhole, basis.toString());
        }

        private @Nullable Long oid(String schema, String name) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(OID)) {
                statement.setString(1, schema);
                statement.setString(2, name);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? row.getLong(1) : null;
                }
            }
        }

        private void look(long table) throws SQLException {
            PolicyTable read = policies.table(table);
            isWhole &= read != null && read.isPlain() && read.isPublished();
            basis.add(read == null ? "" : read.oid() + " " + read.isProtected() + " " + read.isForced());
        }

        private Set<Long> readBy(long table) throws SQLException {
            Set<Long> read = new HashSet<>();
            Set<Long> calls = new HashSet<>();
            try (PreparedStatement statement = connection.prepareStatement(POLICIES)) {
                statement.setLong(1, table);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        String tree = row.getString(6);
                        StoredExpression expression = StoredExpression.of(tree);
                        read.addAll(expression.relations());
                        calls.addAll(expression.calls().keySet());
                        isWhole &= !expression.hasUnknown();
                        basis.add(String.join(
                                " ",
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5),
                                tree));
                    }
                }
            }
            for (Map.Entry<Long, Routine> call : policies.routines(calls).entrySet()) {
                if (call.getValue().nature() == Routine.Nature.UNKNOWN) {
                    isWhole = false;
                    read.addAll(mentionedBy(call.getKey()));
                }
            }
            read.remove(table);
            return read;
        }

        /** What a function reads can't be known; the published tables that it mentions are a good guess. */
        private Set<Long> mentionedBy(long function) throws SQLException {
            String body = "";
            try (PreparedStatement statement = connection.prepareStatement(BODIES)) {
                statement.setLong(1, function);
                try (ResultSet row = statement.executeQuery()) {
                    if (row.next()) {
                        body = row.getString(1);
                        basis.add(function + " " + row.getString(2));
                    }
                }
            }
            Set<Long> mentioned = new HashSet<>();
            try (PreparedStatement statement = connection.prepareStatement(PUBLISHED)) {
                statement.setString(1, publication);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        Pattern word = Pattern.compile("\\b" + Pattern.quote(row.getString(2)) + "\\b");
                        if (word.matcher(body).find()) {
                            mentioned.add(row.getLong(1));
                        }
                    }
                }
            }
            return mentioned;
        }
    }
}
