package dev.campfire.realtime.backfill;

import dev.campfire.realtime.capture.DatabaseSettings;
import dev.campfire.realtime.capture.Row;
import dev.campfire.realtime.database.Snapshot;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Properties;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * A connection that rows are read on. Rows are read as {@value #READER}, which row-level security does not bind, in
 * transactions that can't write; should it bind it all the same, reading fails rather than leaving rows out. For one thread.
 */
final class Source implements AutoCloseable {

    /** The role that rows are read as: the login role itself may read none. */
    static final String READER = "service_role";

    /** What the stream knows our messages by. */
    static final String PREFIX = "campfire.backfill";

    static final int MOST_ROWS = 500;
    private static final long MOST_BYTES = 1 << 20;
    private static final int MOST_FETCHED = 64;

    /** Values are written as the replication session has them, see {@code ReplicationSession}. */
    private static final String SESSION = """
            SET TimeZone = 'UTC'; SET DateStyle = 'ISO, MDY'; SET IntervalStyle = 'postgres';
            SET bytea_output = 'hex'; SET extra_float_digits = 1; SET standard_conforming_strings = on;
            SET statement_timeout = '10min'; SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '1min'""";

    // Who has written to a table holds this lock until all others see what it did.
    private static final String WRITERS = """
            WITH part AS (SELECT c.oid FROM pg_catalog.pg_class c
                            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                           WHERE n.nspname = ? AND c.relname = ?)
            SELECT DISTINCT l.virtualtransaction FROM pg_catalog.pg_locks l
             WHERE l.locktype = 'relation' AND l.granted AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
               AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
               AND l.mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
               AND (l.relation IN (SELECT oid FROM part)
                    OR l.relation IN (SELECT t.relid FROM part, pg_catalog.pg_partition_tree(part.oid::regclass) t))""";

    private final Connection connection;
    private final String publication;

    private Source(Connection connection, String publication) {
        this.connection = connection;
        this.publication = publication;
    }

    static Source open(DatabaseSettings database, String publication) throws SQLException {
        Properties properties = database.properties("campfire-realtime backfill");
        // All values come as text, as Postgres writes them.
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("socketTimeout", "660");
        Connection connection = DriverManager.getConnection(database.url(), properties);
        try (Statement statement = connection.createStatement()) {
            statement.execute(SESSION);
            connection.setAutoCommit(false);
            return new Source(connection, publication);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private interface Reading<T> {
        T with(Statement statement) throws SQLException, BackfillException;
    }

    /** Reads one state of the database, in which nobody alters the table. */
    private <T> T reading(Part part, Reading<T> reading) throws SQLException, BackfillException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
            statement.execute("SET LOCAL ROLE " + READER);
            statement.execute("SET LOCAL row_security = off");
            // Before the snapshot: what ALTER TABLE and TRUNCATE do is seen whole or not at all.
            statement.execute("LOCK TABLE " + TablePlan.quoted(part.schema(), part.table()) + " IN ACCESS SHARE MODE");
            return reading.with(statement);
        } finally {
            connection.rollback();
        }
    }

    /** The parts of a table, see {@link TablePlan#parts}. */
    List<Part> parts(String schema, String table) throws SQLException, BackfillException {
        try {
            return TablePlan.parts(connection, publication, schema, table);
        } finally {
            connection.rollback();
        }
    }

    /** How many rows Postgres's planner thinks there are. Says whether the table can be read and the condition understood. */
    long estimate(Part part, @Nullable RowCondition condition) throws SQLException, BackfillException {
        return reading(part, statement -> {
            TablePlan plan = TablePlan.of(connection, publication, part);
            requireAllRows(statement, plan);
            try (ResultSet row = statement.executeQuery(
                    "EXPLAIN (FORMAT JSON) SELECT 1 FROM " + plan.from() + " WHERE " + plan.rows(condition, null))) {
                row.next();
                String json = row.getString(1);
                int at = json.indexOf("\"Plan Rows\":");
                int end = json.indexOf(',', at);
                return at < 0 ? 0 : Long.parseLong(json.substring(at + 12, end).strip());
            }
        });
    }

    private static void requireAllRows(Statement statement, TablePlan plan) throws SQLException, BackfillException {
        long oid = Integer.toUnsignedLong(plan.relation().oid());
        try (ResultSet row = statement.executeQuery("SELECT pg_catalog.row_security_active(" + oid + "::oid)")) {
            row.next();
            if (row.getBoolean(1)) {
                throw new BackfillException("Role " + READER + " sees only some rows of "
                        + plan.part().name() + ", by its row-level security. As a superuser: ALTER ROLE " + READER
                        + " BYPASSRLS;");
            }
        }
    }

    /** How many rows there are. Takes as long as it takes. */
    long count(Part part, @Nullable RowCondition condition) throws SQLException, BackfillException {
        return reading(part, statement -> {
            TablePlan plan = TablePlan.of(connection, publication, part);
            try (ResultSet row = statement.executeQuery(
                    "SELECT count(*) FROM " + plan.from() + " WHERE " + plan.rows(condition, null))) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    /** Reads the rows behind a key: some hundred, fewer when they are large. */
    Chunk read(Part part, @Nullable RowCondition condition, @Nullable List<String> behind)
            throws SQLException, BackfillException {
        return reading(part, statement -> {
            Snapshot snapshot;
            try (ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_current_snapshot()::text")) {
                row.next();
                snapshot = Snapshot.parse(row.getString(1));
            }
            TablePlan plan = TablePlan.of(connection, publication, part);
            statement.execute("DECLARE chunk NO SCROLL CURSOR FOR " + plan.select(condition, behind, MOST_ROWS));
            SequencedMap<RowKey, Row> rows = new LinkedHashMap<>();
            long bytes = 0;
            int fetched;
            do {
                int most = next(rows.size(), bytes);
                fetched = 0;
                try (ResultSet row = statement.executeQuery("FETCH " + most + " FROM chunk")) {
                    for (; row.next(); fetched++) {
                        Row read = row(row, plan.relation().columns().size());
                        RowKey key = RowKey.of(plan.relation(), read, part.key());
                        if (key == null) {
                            throw new BackfillException("A row of " + part.name() + " has no key.");
                        }
                        rows.put(key, read);
                        bytes += read.bytes().length;
                    }
                }
                if (fetched < most) {
                    return chunk(plan, rows, snapshot, rows.size() < MOST_ROWS);
                }
            } while (rows.size() < MOST_ROWS && bytes < MOST_BYTES);
            return chunk(plan, rows, snapshot, false);
        });
    }

    /** How many rows are fetched next: no more than there is room for if they are as large as those before, of which one is first. */
    private static int next(int rows, long bytes) {
        if (rows == 0) {
            return 1;
        }
        long fit = (MOST_BYTES - bytes) / Math.max(1, bytes / rows) + 1;
        return (int) Math.min(Math.min(MOST_ROWS - rows, MOST_FETCHED), Math.max(1, Math.min(fit, rows)));
    }

    private static Chunk chunk(TablePlan plan, SequencedMap<RowKey, Row> rows, Snapshot snapshot, boolean isLast) {
        List<String> end = rows.isEmpty() ? null : rows.lastEntry().getKey().values();
        return new Chunk(plan.part(), plan.relation(), rows, snapshot, end, isLast);
    }

    private static Row row(ResultSet row, int columns) throws SQLException {
        Row.Builder builder = new Row.Builder(columns);
        for (int i = 1; i <= columns; i++) {
            String value = row.getString(i);
            if (value == null) {
                builder.addNull();
            } else {
                builder.add(value.getBytes(StandardCharsets.UTF_8));
            }
        }
        return builder.build();
    }

    /** How far the WAL is written: everything that is committed later stands behind. */
    long position() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_current_wal_insert_lsn()")) {
            row.next();
            return LogSequenceNumber.valueOf(row.getString(1)).asLong();
        } finally {
            connection.rollback();
        }
    }

    /** The transactions that have written to a part and are not over, as far as all others are concerned. */
    Set<String> writers(Part part) throws SQLException {
        Set<String> writers = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(WRITERS)) {
            statement.setString(1, part.schema());
            statement.setString(2, part.table());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    writers.add(row.getString(1));
                }
            }
            return writers;
        } finally {
            connection.rollback();
        }
    }

    /** Writes a message into the WAL, and returns when it is there for good. */
    void mark(String content) throws SQLException {
        try (Statement settings = connection.createStatement();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT pg_catalog.pg_logical_emit_message(true, ?, ?)")) {
            settings.execute("SET LOCAL synchronous_commit = local");
            statement.setString(1, PREFIX);
            statement.setString(2, content);
            statement.execute();
            connection.commit();
        } finally {
            connection.rollback();
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // It was broken already.
        }
    }
}
