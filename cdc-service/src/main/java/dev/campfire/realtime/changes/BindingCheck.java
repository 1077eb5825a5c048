package dev.campfire.realtime.changes;

import dev.campfire.realtime.database.Database;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
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
            case EQ, NEQ, LT, LTE, GT, GTE, ISDISTINCT -> List.of(cast(condition.value(), column));
            case IN -> {
                List<String> values = elements(condition.value(), column);
                if (values.size() > MAX_IN_VALUES) {
                    throw failed(
                            binding, PostgresError.raised("too many values for `in` filter. Maximum " + MAX_IN_VALUES));
                }
                yield values;
            }
            case LIKE, ILIKE, MATCH, IMATCH -> {
                probe(condition, column);
                yield List.of(condition.value());
            }
            case IS -> {
                String value = condition.value().toLowerCase(Locale.ROOT);
                if (!IS_VALUES.contains(value)) {
                    throw failed(
                            binding,
                            PostgresError.raised("invalid value for `is` filter: " + condition.value()
                                    + ". Allowed: null, true, false, unknown"));
                }
                if (!value.equals("null") && !column.isBoolean()) {
                    throw failed(
                            binding, PostgresError.raised("`is` filter with " + value + " requires a boolean column"));
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
            String sql = "SELECT CAST(? AS " + column.type() + ")::text";
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
            String sql = "SELECT CAST(CAST(? AS " + column.type() + "[]) AS text[])";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, literal);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    Array array = row.getArray(1);
                    // A NULL among the values matches nothing; what is left decides, but "not in" is then never true.
                    return Arrays.asList((String[]) array.getArray()).contains(null)
                            ? List.<String>of()
                            : List.of((String[]) array.getArray());
                }
            }
        });
    }

    /** Lets Postgres look for the operator, and at the pattern. */
    private void probe(Condition condition, TableColumn column) throws SQLException {
        database.ask(connection -> {
            String operator = condition.operator().sql();
            String sql = "SELECT CAST(NULL AS " + column.type() + ") " + operator + " CAST(? AS text), '' " + operator
                    + " CAST(? AS text)";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, condition.value());
                statement.setString(2, condition.value());
                return statement.execute();
            }
        });
    }
}
