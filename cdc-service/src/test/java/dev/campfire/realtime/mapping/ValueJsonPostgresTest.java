package dev.campfire.realtime.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.campfire.realtime.capture.PostgresType;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds our JSON against what a real Postgres makes of the same values with {@code to_jsonb}. */
final class ValueJsonPostgresTest {

    private static final JsonMapper JSON = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNumberLength(1_000_000)
                            .maxNestingDepth(10_000)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private static final String SCHEMA = """
            create extension citext;
            create extension hstore;
            create type mood as enum ('sad', 'ok', 'very "happy", {really}');
            create domain positive as int check (value > 0);
            create domain small_positive as positive check (value < 100);
            create domain money_amount as numeric(10,2);
            create domain names as text[];
            create type pair as (a int, b text);
            create type nothing as ();
            create type single as (only_one text);
            create type deep as (
                id bigint, "odd ""name" pair, list text[], pairs pair[], at timestamptz, doc jsonb, raw json,
                amount numeric, flag bool, bin bytea, feeling mood, how_many small_positive, f float8);
            """;

    private static EmbeddedPostgres postgres;
    private static Connection connection;

    @BeforeAll
    static void start() throws IOException, SQLException {
        postgres = EmbeddedPostgres.start();
        connection = postgres.getPostgresDatabase().getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("set time zone 'UTC'; set datestyle = 'ISO'; set lc_monetary = 'C'");
            statement.execute(SCHEMA);
        }
    }

    @AfterAll
    static void stop() throws IOException, SQLException {
        connection.close();
        postgres.close();
    }

    /** Literals of one type. */
    private record Values(String type, String... literals) {

        @Override
        public String toString() {
            return type;
        }
    }

    static Stream<Values> values() {
        return Stream.of(
                new Values("int2", "0", "-32768", "32767"),
                new Values("int4", "0", "-2147483648", "2147483647"),
                new Values("int8", "0", "9007199254740993", "-9223372036854775808", "9223372036854775807"),
                new Values("oid", "42", "4294967295"),
                new Values(
                        "numeric",
                        "1.10",
                        "0",
                        "-0",
                        "0.000",
                        "-0.50",
                        "NaN",
                        "Infinity",
                        "-Infinity",
                        "1e300",
                        "1e-300",
                        "123456789012345678901234567890.123456789012345678901234567890",
                        "9".repeat(2000)),
                new Values("numeric(10,2)", "1.5", "-99999999.99", "0"),
                new Values("numeric(3,-2)", "12345", "-5"),
                new Values("numeric(2,5)", "0.00012"),
                new Values(
                        "float4",
                        "1.1",
                        "0",
                        "-0",
                        "1e30",
                        "1e-30",
                        "NaN",
                        "Infinity",
                        "-Infinity",
                        "3.4028235e38",
                        "1e-45"),
                new Values(
                        "float8",
                        "0.1",
                        "0.30000000000000004",
                        "-0",
                        "1e300",
                        "1e+15",
                        "1e16",
                        "5e-324",
                        "NaN",
                        "Infinity",
                        "-Infinity",
                        "1.7976931348623157e308"),
                new Values("bool", "t", "f"),
                new Values(
                        "text",
                        "",
                        " ",
                        "plain",
                        "quote \" backslash \\ slash /",
                        "\b\f\n\r\t\u0001\u001f\u007f",
                        "é ß 漢 😀",
                        "\u2028\u2029\uFFFD",
                        "NULL",
                        "null",
                        "{a,b}",
                        "(1,2)",
                        "x".repeat(10_000)),
                new Values("varchar(5)", "abc", "abcdefg"),
                new Values("char(5)", "ab", "", "abcde"),
                new Values("\"char\"", "a", "", "\\201"),
                new Values("name", "some_name"),
                new Values("citext", "MiXed"),
                new Values("uuid", "b5e80170-004c-4e82-a88c-3e2166b169dd"),
                new Values("xml", "<a b=\"c\">d</a>", "<a/>"),
                new Values("bit(4)", "1010"),
                new Values("varbit", "101", ""),
                new Values("bytea", "\\x0102ff", "\\x", "\\xdeadbeef"),
                new Values("inet", "10.0.0.1/8", "::1", "2001:db8::/32"),
                new Values("cidr", "10.0.0.0/8"),
                new Values("macaddr", "08:00:2b:01:02:03"),
                new Values("macaddr8", "08:00:2b:01:02:03:04:05"),
                new Values("interval", "1 day 02:03:04", "-1 year 2 mons", "0", "1.5 seconds"),
                new Values("money", "12.34", "-1234567.89"),
                new Values("pg_lsn", "16/B374D848"),
                new Values(
                        "timestamp",
                        "2025-11-19 00:22:40.877",
                        "2025-11-19 00:22:40",
                        "2025-11-19 00:22:40.123456",
                        "2025-11-19 00:22:40.100000",
                        "0044-03-15 12:00:00 BC",
                        "4713-01-01 00:00:00 BC",
                        "infinity",
                        "-infinity",
                        "294276-12-31 23:59:59.999999",
                        "0001-01-01 00:00:00"),
                new Values(
                        "timestamptz",
                        "2025-11-18 22:22:40.877+00",
                        "2025-11-19 00:22:40.877+02",
                        "2025-11-19 00:22:40+05:45",
                        "0044-03-15 12:00:00+00 BC",
                        "infinity",
                        "-infinity",
                        "294276-12-31 23:59:59.999999+00"),
                new Values("timestamptz(3)", "2025-11-18 22:22:40.87765+00"),
                new Values("date", "2025-11-19", "0044-03-15 BC", "infinity", "-infinity", "5874897-12-31"),
                new Values("time", "12:34:56.5", "00:00:00", "24:00:00"),
                new Values("timetz", "12:34:56+02", "12:34:56.5-05:30", "00:00:00+00"),
                new Values(
                        "json",
                        "{}",
                        "[]",
                        " { \"b\" : 1 , \"a\" : 2, \"aa\":3 } ",
                        "{\"a\":1,\"a\":2}",
                        "{\"a\":1,\"b\":2,\"a\":3}",
                        "[1.0e5, 1.50e1, 1E-3, -0, -0.00, 0e10, 12345678901234567890.10, 1e20, -1.5e-3, 0.0e-3]",
                        "\"\\u00e9\\ud83d\\ude00\\/\\b\\f\\n\\r\\t\\u0001\\\"\\\\\"",
                        "{\"\\u0061\":1,\"a\":2,\"é\":3,\"zz\":4}",
                        "null",
                        "true",
                        "false",
                        "\"text\"",
                        "\n[\t1,\r\n 2 ]",
                        "[[[[]]],{\"x\":{\"y\":{}}}]",
                        "\"\\u000a\"",
                        "{\"\":0,\"\\\"\":1}",
                        "[null,true,false,\"\",{},[]]",
                        "9007199254740993",
                        "1e400"),
                new Values(
                        "jsonb",
                        "{}",
                        "{\"b\":1,\"a\":[1,2,{\"c\":null}]}",
                        "123.4500",
                        "\"x\\ny\"",
                        "null",
                        "1e300",
                        "\"\\u00e9\"",
                        "[]",
                        "{\"k\": \"v, : []{}\"}"),
                new Values("point", "(1,2)", "(1e300,-0)"),
                new Values("line", "{1,2,3}"),
                new Values("lseg", "[(1,2),(3,4)]"),
                new Values("box", "(3,4),(1,2)"),
                new Values("path", "((1,2),(3,4))", "[(1,2),(3,4)]"),
                new Values("polygon", "((1,2),(3,4),(5,6))"),
                new Values("circle", "<(1,2),3>"),
                new Values("int4range", "[1,5)", "empty", "(,5)"),
                new Values("numrange", "[1.10,2.20]"),
                new Values("tsrange", "[2025-01-01 00:00:00,2025-01-02 00:00:00)"),
                new Values("tstzrange", "[2025-01-01 00:00:00+00,2025-01-02 00:00:00+00)"),
                new Values("daterange", "[2025-01-01,infinity]"),
                new Values("int4multirange", "{[1,5),[7,9)}", "{}"),
                new Values("tsvector", "a fat cat", "'it''s' b"),
                new Values("tsquery", "fat & (rat | cat)"),
                new Values("jsonpath", "$.a[*] ? (@ > 1)"),
                new Values("regclass", "pg_class"),
                new Values("int2vector", "1 2 3", "", "7"),
                new Values("oidvector", "1 2 4294967295", ""),
                new Values("mood", "sad", "very \"happy\", {really}"),
                new Values("positive", "5"),
                new Values("small_positive", "5"),
                new Values("money_amount", "1.5"),
                new Values("names", "{a,NULL,\"b c\"}"),
                new Values(
                        "hstore",
                        "",
                        "a=>1",
                        "a=>NULL, \"b c\"=>\"x\\\"y\\\\z, =>\", \"\"=>\"\"",
                        "n=>\"NULL\"",
                        "é=>ß"));
    }

    static Stream<Values> arrays() {
        return Stream.of(
                new Values(
                        "int4[]",
                        "{}",
                        "{1,2,NULL}",
                        "{{1,2},{3,4}}",
                        "[0:2]={1,2,3}",
                        "[-1:0][5:6]={{1,2},{3,4}}",
                        "{{{{{{1}}}}}}",
                        "{{},{}}"),
                new Values("oid[]", "{42,NULL}"),
                new Values("numeric[]", "{1.10,NaN,Infinity,-Infinity,NULL}"),
                new Values("float4[]", "{1.1,NaN,-0,1e30}"),
                new Values("float8[]", "{1e300,Infinity,-Infinity,0.1}"),
                new Values("bool[]", "{t,f,NULL}"),
                new Values(
                        "text[]",
                        "{\"\",\"NULL\",NULL,null,\"a b\",\"q\\\"q\",\"b\\\\b\",\"{}\",\"a,b\"}",
                        "{\"\\u0041\",é,😀}",
                        "{\"line\nbreak\",\"\t\"}",
                        "{{a,b},{c,NULL}}"),
                new Values("varchar(3)[]", "{abc,d}"),
                new Values("char(3)[]", "{a,bcd}"),
                new Values("\"char\"[]", "{a,b}"),
                new Values("citext[]", "{A,b}"),
                new Values("name[]", "{a,b}"),
                new Values("bit(2)[]", "{10,01}"),
                new Values("bytea[]", "{\"\\\\x01\",\"\\\\x\",NULL}"),
                new Values("uuid[]", "{b5e80170-004c-4e82-a88c-3e2166b169dd}"),
                new Values("timestamp[]", "{\"2025-01-01 00:00:00\",infinity,\"0044-03-15 12:00:00 BC\"}"),
                new Values("timestamptz[]", "{\"2025-01-01 00:00:00+00\",\"2025-01-01 00:00:00.5+00\",-infinity,NULL}"),
                new Values("date[]", "{2025-01-01,infinity}"),
                new Values("time[]", "{12:34:56.5}"),
                new Values("timetz[]", "{12:34:56+02}"),
                new Values("interval[]", "{\"1 day\",02:00:00}"),
                new Values("json[]", "{\"{\\\"b\\\":1,\\\"a\\\":1.0e1}\",\"[1]\",3,NULL}"),
                new Values("jsonb[]", "{\"{\\\"a\\\":\\\"x\\\\\\\\ny\\\"}\",\"null\",1.10}"),
                new Values("inet[]", "{10.0.0.1/8}"),
                new Values("money[]", "{\"1,234.50\",2}"),
                new Values("point[]", "{\"(1,2)\",\"(3,4)\"}"),
                new Values("box[]", "{(3,4),(1,2);(7,8),(5,6)}", "{(3,4),(1,2)}"),
                new Values("int4range[]", "{\"[1,5)\",empty}"),
                new Values("int4multirange[]", "{\"{[1,5),[7,9)}\"}"),
                new Values("tsvector[]", "{\"a b\",c}"),
                new Values("xml[]", "{<a/>}"),
                new Values("hstore[]", "{\"a=>1\",\"\\\"b c\\\"=>NULL\"}"),
                new Values("mood[]", "{sad,NULL,\"very \\\"happy\\\", {really}\"}"),
                new Values("positive[]", "{1,2}"),
                new Values("small_positive[]", "{1,2}"),
                new Values("names[]", "{\"{a,b}\",\"{c}\"}"),
                new Values("int2vector[]", "{\"1 2\",3}"),
                new Values(
                        "pair[]",
                        "{\"(1,x)\",NULL,\"(,)\",\"(2,\\\"a,b\\\")\",\"(3,\\\"q\\\"\\\"q\\\\\\\\\\\\\\\\b\\\")\"}"),
                new Values("single[]", "{(x),(),\"(\\\"\\\")\"}"));
    }

    static Stream<Values> composites() {
        return Stream.of(
                new Values(
                        "pair",
                        "(1,x)",
                        "(,)",
                        "(1,\"\")",
                        "(1,\"a,b\")",
                        "(1,\"quote \"\" back \\\\ paren ( ) é\")",
                        "(1,NULL)",
                        "(1,\" \")",
                        "(1,\"line\nbreak\")"),
                new Values("nothing", "()"),
                new Values("single", "()", "(\"\")", "(x)", "(\"(nested,\"\"text\"\")\")"),
                new Values(
                        "deep",
                        "(,,,,,,,,,,,,)",
                        compositeOf(
                                "9007199254740993",
                                compositeOf("7", "x, \"y\" \\ (z)"),
                                arrayOf("a", "b c", "d\\\"e"),
                                arrayOf(compositeOf("1", "x"), compositeOf("2", "y, \"z\" \\")),
                                "2025-01-01 00:00:00+00",
                                "{\"a\": [1.10, null, \"\\n\"]}",
                                "{\"b\":1.0e2,\"a\":2}",
                                "1.10",
                                "t",
                                "\\x0102",
                                "very \"happy\", {really}",
                                "42",
                                "NaN")),
                new Values("deep[]", arrayOf(compositeOf("1", "", "{}", "{}", "", "", "", "", "", "", "", "", ""))));
    }

    private static String compositeOf(String... values) {
        return Stream.of(values)
                .map(value -> value.isEmpty()
                        ? ""
                        : "\"" + value.replace("\\", "\\\\").replace("\"", "\"\"") + "\"")
                .collect(Collectors.joining(",", "(", ")"));
    }

    private static String arrayOf(String... elements) {
        return Stream.of(elements).map(RandomLiterals::quoted).collect(Collectors.joining(",", "{", "}"));
    }

    @ParameterizedTest
    @MethodSource({"values", "arrays", "composites"})
    void a_value_is_the_json_that_postgres_makes_of_it(Values values) throws SQLException {
        assertSameAsPostgres(values.type(), List.of(values.literals()));
    }

    @Test
    void random_values_are_the_json_that_postgres_makes_of_them() throws SQLException {
        long seed = new Random().nextLong();
        System.out.println("ValueJsonPostgresTest seed " + seed);
        RandomLiterals literals = new RandomLiterals(new Random(seed));

        for (String type : RandomLiterals.TYPES) {
            List<String> some = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                some.add(literals.next(type));
            }
            assertSameAsPostgres(type, some);
        }
    }

    private static void assertSameAsPostgres(String type, List<String> literals) throws SQLException {
        PostgresType postgresType = new CatalogTypes(connection).named(type);
        String query = "select literal, format('%s', literal::" + type + "), to_jsonb(literal::" + type + ")::text"
                + " from unnest(?::text[]) as literal";
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setArray(1, connection.createArrayOf("text", literals.toArray()));
            try (ResultSet result = statement.executeQuery()) {
                for (int i = 0; i < literals.size(); i++) {
                    assertThat(result.next()).isTrue();
                    String ours = json(postgresType, result.getString(2));
                    assertSameJson(
                            "%s of %s".formatted(type, result.getString(1)),
                            ours,
                            asWeSendIt(type, parse(result.getString(3))));
                }
            }
        }
    }

    private static void assertSameJson(String description, String ours, JsonNode expected) {
        JsonNode actual = parse(ours);

        assertThat(actual.equals(ValueJsonPostgresTest::compareNumbers, expected))
                .as("%s: %s is to be %s", description, ours, expected)
                .isTrue();
        // Postgres writes floats without an exponent, we as they are: only other numbers have a scale to compare.
        if (!description.startsWith("float") && !ours.contains("e+") && !ours.contains("e-")) {
            assertThat(actual).as(description).isEqualTo(expected);
        }
        if (description.startsWith("json")) {
            assertThat(actual.toString()).as(description).isEqualTo(expected.toString());
        }
    }

    /** The deliberate differences from to_jsonb, in columns alone: specials are null, bytea has no prefix. */
    private static JsonNode asWeSendIt(String type, JsonNode json) {
        boolean isNumber = type.startsWith("numeric") || type.startsWith("float") || type.equals("money_amount");
        if (isNumber
                && !type.endsWith("]")
                && Set.of("NaN", "Infinity", "-Infinity").contains(json.asText())) {
            return NullNode.getInstance();
        }
        return type.equals("bytea") ? TextNode.valueOf(json.asText().substring(2)) : json;
    }

    private static int compareNumbers(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue());
        }
        return one.equals(other) ? 0 : 1;
    }

    private static String json(PostgresType type, String text) {
        // Other bytes around it show a reader that leaves its value.
        byte[] bytes = ("\"},]{[" + text + ",\"}])").getBytes(StandardCharsets.UTF_8);
        JsonBuffer out = new JsonBuffer(16);
        new ValueJson(out).column(type, bytes, 6, bytes.length - 5);
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + json, e);
        }
    }
}
