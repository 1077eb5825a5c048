package dev.campfire.realtime.changes;

import dev.campfire.realtime.database.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks bindings against the published tables, as Supabase Realtime's trigger does and in its words: the columns exist
 * and may be read, the values fit their types. Blocking; safe for use by several threads.
 */
final class BindingCheck {

    private static final int MAX_IN_VALUES = 100;
    private static final Set<String> IS_VALUES = Set.of("null", "true", "false", "unknown");

    private final Database database;
    private final TableCatalog catalog;

    BindingCheck(Database database, TableCatalog catalog) {
        this.database = database;
        this.catalog = catalog;
    }

    /**
     * @throws RefusedException when the binding is wrong
     * @throws SQLException when Postgres can't be asked
     */
    CheckedBinding check(Binding binding, String role) throws RefusedException, SQLException {
        try {
            return checkOnce(binding, role);
        } catch (RefusedException stale) {
            // What is remembered may be older than the table, the column or the privilege.
            catalog.forget();
            return checkOnce(binding, role);
        }
    }

    private CheckedBinding checkOnce(Binding binding, String role) throws RefusedException, SQLException {
        try {
            List<PublishedTable> tables = catalog.covered(binding);
            if (tables.isEmpty()) {
                throw new RefusedException(
                        "Unable to subscribe to changes with given parameters. Please check Realtime is"
                                + " enabled for the given connect parameters: " + binding.inspected());
            }
            Map<CheckedBinding.Canonical, List<String>> canonical = new HashMap<>();
            for (PublishedTable table : tables) {
                checkTable(binding, table, role, canonical);
            }
            return new CheckedBinding(binding, canonical);
        } catch (SQLException e) {
            if (PostgresError.isVerdict(e)) {
                throw failed(binding, PostgresError.text(e));
            }
            throw e;
        }
    }

    private void checkTable(
            Binding binding, PublishedTable table, String role, Map<CheckedBinding.Canonical, List<String>> canonical)
            throws RefusedException, SQLException {
        Set<String> readable = catalog.readable(table.oid(), role);
        Map<String, TableColumn> columns = catalog.columns(table.oid());
        List<Condition> conditions = binding.conditions();
        for (int i = 0; i < conditions.size(); i++) {
            Condition condition = conditions.get(i);
            TableColumn column = columns.get(condition.column());
            if (column == null || !readable.contains(condition.column())) {
                throw failed(binding, PostgresError.raised("invalid column for filter " + condition.column()));
            }
            CheckedBinding.Canonical key = new CheckedBinding.Canonical(i, column.type());
            canonical.put(key, values(binding, condition, column));
        }
        if (binding.select() != null) {
            for (String name : binding.select()) {
                if (!readable.contains(name)) {
                    throw failed(binding, PostgresError.raised("invalid column for select " + name));
                }
            }
        }
    }

    private static RefusedException failed(Binding binding, String exception) {
        return new RefusedException(
                "Unable to subscribe to changes with given parameters. An exception happened so please"
                        + " check your connect parameters: " + binding.inspected() + ". Exception: " + exception);
    }

    private List<String> values(Binding binding, Condition condition, TableColumn column)
            throws RefusedException, SQLException {
        return switch (condition.operator()) {
            case EQ, NEQ, LT, LTE, GT, GTE, ISDISTINCT -> {
                String value = cast(condition.value(), column);
                probe(binding, condition, column);
                yield List.of(value);
            }
            case IN -> {
                List<String> values = elements(condition.value(), column);
                if (values.size() > MAX_IN_VALUES) {
                    throw failed(
                            binding, PostgresError.raised("too many values for `in` filter. Maximum " + MAX_IN_VALUES));
                }
                probe(binding, condition, column);
                yield values;
            }
            case LIKE, ILIKE -> {
                probe(binding, condition, column);
                yield List.of(condition.value());
            }
            case MATCH, IMATCH -> {
                checkPattern(binding, condition);
                probe(binding, condition, column);
                yield List.of(condition.value());
            }
            case IS -> {
                String value = condition.value();
                if (!IS_VALUES.contains(value)) {
                    throw failed(
                            binding,
                            PostgresError.raised("invalid value for is filter: must be null, true, false, or unknown"));
                }
                if (!value.equals("null") && !column.isBoolean()) {
                    throw failed(
                            binding,
                            PostgresError.raised(
                                    "is " + value + " filter requires a boolean column, got " + column.type()));
                }
                yield List.of(value);
            }
        };
    }

    private String cast(String value, TableColumn column) throws SQLException {
        Optional<String> known = column.canonical(value);
        if (known.isPresent()) {
            return known.get();
        }
        return database.ask(connection -> {
            // Unlike a cast to text, concat prints a value as the stream does: a boolean is "t".
            String sql = "SELECT pg_catalog.concat(CAST(? AS " + column.type() + "))";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, value);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getString(1);
                }
            }
        });
    }

    private List<String> elements(String literal, TableColumn column) throws SQLException {
        return database.ask(connection -> {
            String sql =
                    "SELECT e IS NULL, pg_catalog.concat(e) FROM unnest(CAST(? AS " + column.type() + "[])) AS v(e)";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, literal);
                try (ResultSet row = statement.executeQuery()) {
                    List<String> values = new ArrayList<>();
                    boolean hasNull = false;
                    while (row.next()) {
                        hasNull |= row.getBoolean(1);
                        values.add(row.getString(2));
                    }
                    if (values.size() > MAX_IN_VALUES) {
                        return values;
                    }
                    // A NULL among the values makes "not in" never true: Postgres is asked each time.
                    return hasNull ? List.<String>of() : values;
                }
            }
        });
    }

    /** Looks at a regular expression before the operator, so that each has its own words. */
    private void checkPattern(Binding binding, Condition condition) throws RefusedException, SQLException {
        try {
            database.ask(connection -> {
                try (PreparedStatement statement = connection.prepareStatement("SELECT '' ~ CAST(? AS text)")) {
                    statement.setString(1, condition.value());
                    return statement.execute();
                }
            });
        } catch (SQLException e) {
            if (!PostgresError.isVerdict(e)) {
                throw e;
            }
            throw failed(
                    binding,
                    PostgresError.raised("invalid regular expression for "
                            + condition.operator().text() + " filter: " + PostgresError.message(e)));
        }
    }

    /** Lets Postgres look for the operator. Types that are compared in memory have all operators but those of patterns. */
    private void probe(Binding binding, Condition condition, TableColumn column) throws RefusedException, SQLException {
        if (column.kind() != ValueKind.OTHER && !condition.operator().takesPattern()) {
            return;
        }
        ColumnTest test = new ColumnTest(0, column, condition, null);
        try {
            database.ask(connection -> {
                try (PreparedStatement statement = connection.prepareStatement("SELECT " + test.sql())) {
                    statement.setString(1, null);
                    statement.setString(2, condition.value());
                    return statement.execute();
                }
            });
        } catch (SQLException e) {
            if (!PostgresError.isVerdict(e)) {
                throw e;
            }
            throw failed(
                    binding,
                    PostgresError.raised("operator " + condition.operator().text() + " is not supported on column "
                            + column.name() + " of type " + column.type() + ": " + PostgresError.message(e)));
        }
    }
}
