package dev.campfire.realtime.changes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.capture.DatabaseSettings;
import dev.campfire.realtime.database.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds what filters make of values in memory against what a real Postgres makes of them. */
final class FilterOracleTest {

    private static final String TABLE = """
            CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
            CREATE DOMAIN positive AS int CHECK (value > 0);
            CREATE COLLATION blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
            CREATE TABLE public.oracle (
              id int8 PRIMARY KEY, small int2, number int4, exact numeric, price numeric(10,2), ratio float8, yes bool,
              name text, code varchar(5), fixed char(5), bytewise text COLLATE "C", loose text COLLATE blind,
              day date, moment timestamp, instant timestamptz, key uuid, feeling mood, count positive, bits bit(4),
              bytes bytea, document jsonb, plain json);
            CREATE PUBLICATION supabase_realtime FOR TABLE public.oracle""";

    private static final Map<String, List<String>> VALUES = Map.ofEntries(
            Map.entry("id", List.of("0", "1", "-1", "9223372036854775807", "-9223372036854775808", "007", "+5")),
            Map.entry("small", List.of("0", "1", "-32768", "10", "9")),
            Map.entry("number", List.of("0", "10", "9", "-10", "2147483647")),
            Map.entry("exact", List.of("1", "1.0", "1.10", "-0.5", "NaN", "Infinity", "-Infinity", "1e3", "1000", "0")),
            Map.entry("price", List.of("1", "1.005", "1.01", "10", "9.99")),
            Map.entry("ratio", List.of("1", "1.0", "0.1", "NaN", "-0", "0", "Infinity")),
            Map.entry("yes", List.of("true", "f", "t", "false", "on")),
            Map.entry("name", List.of("", "a", "A", "ä", "b", "a ", "ab", "NULL", "null", "%", "a_c", "\\", "'", "\"")),
            Map.entry("code", List.of("", "a", "abc", "abcde", "B")),
            Map.entry("fixed", List.of("a", "a    ", "ab", "abcde")),
            Map.entry("bytewise", List.of("a", "B", "ä", "z", "")),
            Map.entry("loose", List.of("a", "A", "b")),
            Map.entry(
                    "day",
                    List.of("2025-01-01", "0001-01-01", "infinity", "-infinity", "0044-03-15 BC", "12025-01-01")),
            Map.entry(
                    "moment",
                    List.of(
                            "2025-01-01 00:00:00",
                            "2025-01-01 00:00:00.5",
                            "2025-01-01",
                            "infinity",
                            "10000-01-01 00:00:00")),
            Map.entry(
                    "instant",
                    List.of(
                            "2025-01-01 00:00:00+00",
                            "2025-01-01 02:00:00+02",
                            "2025-01-01 00:00:00.000001+00",
                            "-infinity",
                            "2024-12-31 23:59:59.999999+00")),
            Map.entry(
                    "key",
                    List.of(
                            "00000000-0000-0000-0000-00000000000a",
                            "00000000-0000-0000-0000-00000000000A",
                            "ffffffff-ffff-ffff-ffff-ffffffffffff",
                            "{00000000-0000-0000-0000-00000000000b}")),
            Map.entry("feeling", List.of("sad", "ok", "happy")),
            Map.entry("count", List.of("1", "2", "10")),
            Map.entry("bits", List.of("1010", "0000", "1111")),
            Map.entry("bytes", List.of("\\x00", "\\x0102ff", "\\x")),
            Map.entry("document", List.of("{}", "[1, 2]", "\"a\"", "{\"a\": 1}")));

    private static EmbeddedPostgres postgres;
    private static Database database;
    private static TableCatalog catalog;
    private static BindingCheck check;
    private static long table;
    private static Map<String, TableColumn> columns;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.start();
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(TABLE);
        }
        database = new Database(
                new DatabaseSettings("127.0.0.1", postgres.getPort(), "postgres", "postgres", "postgres", Map.of()), 3);
        catalog = new TableCatalog(database, "supabase_realtime");
        check = new BindingCheck(database, catalog);
        table = catalog.covered(new Binding("*", "public", "oracle", List.of(), null))
                .getFirst()
                .oid();
        columns = catalog.columns(table);
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
        postgres.close();
    }

    private static final Set<Operator> COMPARISONS = Set.of(
            Operator.EQ,
            Operator.NEQ,
            Operator.LT,
            Operator.LTE,
            Operator.GT,
            Operator.GTE,
            Operator.IN,
            Operator.ISDISTINCT);

    @Test
    void every_answer_in_memory_is_that_of_postgres() throws Exception {
        long seed = Long.getLong("campfire.seed", new Random().nextLong());
        System.out.println("FilterOracleTest seed " + seed);
        Random random = new Random(seed);
        int inMemory = 0;
        for (int round = 0; round < 3_000; round++) {
            String name = pick(random, List.copyOf(VALUES.keySet()));
            TableColumn column = columns.get(name);
            Operator operator = pick(random, List.copyOf(COMPARISONS));
            boolean isNegated = random.nextInt(4) == 0;
            String value = pick(random, VALUES.get(name));
            if (operator == Operator.IN) {
                value = "{" + quoted(value) + "," + quoted(pick(random, VALUES.get(name))) + "}";
            }
            String stored = random.nextInt(8) == 0 ? null : printed(column, pick(random, VALUES.get(name)));
            Condition condition = new Condition(name, operator, value, isNegated);
            CheckedBinding checked;
            try {
                checked = check.check(new Binding("*", "public", "oracle", List.of(condition), null), "postgres");
            } catch (RefusedException e) {
                // An operator that the type has not: nobody can subscribe to that.
                continue;
            }
            ColumnTest test = new ColumnTest(0, column, condition, checked.canonical(0, column.type()));

            Truth truth = test.evaluate(stored);

            if (truth != Truth.ASK) {
                inMemory++;
                assertThat(truth == Truth.YES)
                        .as("seed %d: %s %s%s %s of %s", seed, name, isNegated ? "not " : "", operator, value, stored)
                        .isEqualTo(answer(test, stored));
            }
        }
        assertThat(inMemory).as("most is decided in memory").isGreaterThan(1_000);
    }

    @ParameterizedTest
    @CsvSource({
        "name, like.a%, abc, true",
        "name, like.A%, abc, false",
        "name, ilike.A%, abc, true",
        "name, match.^a.c$, abc, true",
        "name, imatch.^A, abc, true",
        "name, not.like.a%, abc, false",
        "name, not.match.x, abc, true",
        "loose, eq.A, a, true",
        "fixed, eq.a, 'a    ', true",
        "id, 'in.(1,NULL)', 1, true",
        "id, 'not.in.(1,NULL)', 2, false",
        "number, 'in.()', 2, false",
        "ratio, eq.1.0, 1, true",
        "feeling, gt.sad, happy, true",
        "bits, eq.1010, 1010, true",
        "document, eq.{\"a\":1}, '{\"a\": 1}', true"
    })
    void what_memory_can_not_tell_is_asked(String column, String filter, String stored, boolean holds)
            throws Exception {
        List<Condition> conditions = FilterParser.parse(column + "=" + filter);
        CheckedBinding checked = check.check(new Binding("*", "public", "oracle", conditions, null), "postgres");
        TableColumn known = columns.get(column);
        ColumnTest test = new ColumnTest(0, known, conditions.getFirst(), checked.canonical(0, known.type()));

        assertThat(test.evaluate(stored)).isEqualTo(Truth.ASK);
        FilterQuestion.Case asked = new FilterQuestion.Case(test, stored);
        assertThat(new FilterQuestion(database).holding(Set.of(asked)).contains(asked))
                .isEqualTo(holds);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id=eq.abc | ERROR 22P02 (invalid_text_representation) invalid input syntax for type bigint: \"abc\"",
                "number=gt.99999999999 | ERROR 22003 (numeric_value_out_of_range) value \"99999999999\" is out of range for type integer",
                "nothing=eq.1 | ERROR P0001 (raise_exception) invalid column for filter nothing",
                "id=like.a | ERROR P0001 (raise_exception) operator like is not supported on column id of type bigint: operator does not exist: bigint ~~ text",
                "plain=eq.1 | ERROR P0001 (raise_exception) operator eq is not supported on column plain of type json: operator does not exist: json = json",
                "plain=in.(1) | ERROR P0001 (raise_exception) operator in is not supported on column plain of type json: operator does not exist: json = json",
                "name=match.( | ERROR P0001 (raise_exception) invalid regular expression for match filter: invalid regular expression: parentheses () not balanced",
                "yes=is.maybe | ERROR P0001 (raise_exception) invalid value for is filter: must be null, true, false, or unknown",
                "id=is.true | ERROR P0001 (raise_exception) is true filter requires a boolean column, got bigint"
            })
    void what_does_not_fit_the_column_is_refused_in_postgres_own_words(String filter, String exception)
            throws Exception {
        Binding binding = new Binding("*", "public", "oracle", FilterParser.parse(filter), null);

        assertThat(refusal(binding))
                .startsWith(
                        "Unable to subscribe to changes with given parameters. An exception happened so please check"
                                + " your connect parameters: [event: *, schema: public, table: oracle, filters: [{")
                .endsWith("], select: nil]. Exception: " + exception);
    }

    @Test
    void more_than_a_hundred_values_are_refused() throws Exception {
        StringBuilder values = new StringBuilder("id=in.(0");
        for (int i = 1; i <= 100; i++) {
            values.append(',').append(i);
        }
        Binding binding = new Binding("*", "public", "oracle", FilterParser.parse(values + ")"), null);

        assertThat(refusal(binding)).endsWith("too many values for `in` filter. Maximum 100");
    }

    @Test
    void a_role_that_is_not_there_is_refused() {
        Binding binding = new Binding("*", "public", "oracle", List.of(), null);

        assertThat(refusal(binding, "nobody_of_this_name")).contains("role \"nobody_of_this_name\" does not exist");
    }

    private static String refusal(Binding binding) {
        return refusal(binding, "postgres");
    }

    private static String refusal(Binding binding, String role) {
        try {
            check.check(binding, role);
        } catch (RefusedException e) {
            return e.reason();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("not refused");
    }

    private static boolean answer(ColumnTest test, String stored) throws SQLException {
        String type = test.column().type();
        return database.ask(connection -> {
            try (PreparedStatement statement = connection.prepareStatement("SELECT " + test.sql())) {
                statement.setString(1, stored);
                statement.setString(2, test.condition().value());
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getBoolean(1);
                }
            } catch (SQLException e) {
                throw new SQLException(type + " " + test.sql(), e);
            }
        });
    }

    /** As the stream would bring the value. */
    private static String printed(TableColumn column, String value) throws SQLException {
        return database.ask(connection -> {
            String type = column.name().equals("price") ? "numeric(10,2)" : column.type();
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT pg_catalog.concat(CAST(? AS " + type + "))")) {
                statement.setString(1, value);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getString(1);
                }
            }
        });
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static <T> T pick(Random random, List<T> from) {
        List<T> sorted = new ArrayList<>(from);
        return sorted.get(random.nextInt(sorted.size()));
    }
}
