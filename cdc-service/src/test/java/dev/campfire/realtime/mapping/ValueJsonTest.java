package dev.campfire.realtime.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.capture.PostgresType;
import dev.campfire.realtime.capture.PostgresType.Attribute;
import dev.campfire.realtime.capture.PostgresType.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The bytes as Supabase documents them, and what no Postgres would print: the rest is held against a real one. */
final class ValueJsonTest {

    private static final PostgresType BOOL = PostgresType.base(16, "bool");
    private static final PostgresType BYTEA = PostgresType.base(17, "bytea");
    private static final PostgresType INT4 = PostgresType.base(23, "int4");
    private static final PostgresType TEXT = PostgresType.base(25, "text");
    private static final PostgresType JSON = PostgresType.base(114, "json");
    private static final PostgresType FLOAT8 = PostgresType.base(701, "float8");
    private static final PostgresType TIMESTAMP = PostgresType.base(1114, "timestamp");
    private static final PostgresType TIMESTAMPTZ = PostgresType.base(1184, "timestamptz");
    private static final PostgresType NUMERIC = PostgresType.base(1700, "numeric");
    private static final PostgresType JSONB = PostgresType.base(3802, "jsonb");
    private static final PostgresType HSTORE = PostgresType.base(20_000, "hstore");
    private static final PostgresType PAIR = new PostgresType(
            20_001, "pair", Kind.COMPOSITE, null, ',', List.of(new Attribute("a", INT4), new Attribute("b", TEXT)));

    static Stream<Arguments> documented() {
        return Stream.of(
                Arguments.of(PostgresType.base(20, "int8"), "9007199254740993", "9007199254740993"),
                Arguments.of(PostgresType.base(26, "oid"), "42", "\"42\""),
                Arguments.of(NUMERIC, "1.10", "1.10"),
                Arguments.of(NUMERIC, "NaN", "null"),
                Arguments.of(NUMERIC, "-Infinity", "null"),
                Arguments.of(FLOAT8, "0.1", "0.1"),
                Arguments.of(FLOAT8, "1e+300", "1e+300"),
                Arguments.of(FLOAT8, "-0", "0"),
                Arguments.of(BOOL, "t", "true"),
                Arguments.of(PostgresType.base(1042, "bpchar"), "ab   ", "\"ab   \""),
                Arguments.of(PostgresType.base(1560, "bit"), "1010", "\"1010\""),
                Arguments.of(PostgresType.base(869, "inet"), "10.0.0.1/8", "\"10.0.0.1/8\""),
                Arguments.of(TIMESTAMP, "2025-11-19 00:22:40.877", "\"2025-11-19T00:22:40.877\""),
                Arguments.of(TIMESTAMPTZ, "2025-11-18 22:22:40.877+00", "\"2025-11-18T22:22:40.877+00:00\""),
                Arguments.of(TIMESTAMPTZ, "2025-11-18 22:22:40+05:45", "\"2025-11-18T22:22:40+05:45\""),
                Arguments.of(TIMESTAMPTZ, "0044-03-15 12:00:00+00 BC", "\"0044-03-15T12:00:00+00:00 BC\""),
                Arguments.of(TIMESTAMPTZ, "-infinity", "\"-infinity\""),
                Arguments.of(PostgresType.base(1266, "timetz"), "12:34:56+02", "\"12:34:56+02\""),
                Arguments.of(BYTEA, "\\x0102ff", "\"0102ff\""),
                Arguments.of(PostgresType.array(1001, "_bytea", BYTEA), "{\"\\\\x01\"}", "[\"\\\\x01\"]"),
                Arguments.of(JSON, "{\"b\": 1.0e1, \"a\": 2}", "{\"a\":2,\"b\":10}"),
                Arguments.of(JSONB, "{\"a\": 1.10}", "{\"a\": 1.10}"),
                Arguments.of(PostgresType.array(1231, "_numeric", NUMERIC), "{1.10,NaN,NULL}", "[1.10,\"NaN\",null]"),
                Arguments.of(PAIR, "(1,x)", "{\"a\":1,\"b\":\"x\"}"),
                Arguments.of(HSTORE, "\"a\"=>\"1\", \"b\"=>NULL", "{\"a\":\"1\",\"b\":null}"),
                Arguments.of(PostgresType.base(99_999, "unknown"), "{(x", "\"{(x\""));
    }

    @ParameterizedTest
    @MethodSource("documented")
    void a_value_has_the_bytes_that_are_documented(PostgresType type, String text, String json) {
        assertThat(json(type, text)).isEqualTo(json);
    }

    static Stream<Arguments> malformed() {
        PostgresType integers = PostgresType.array(1007, "_int4", INT4);
        return Stream.of(
                        Arguments.of(INT4, "", "1x", "--1", "-", "01", "1.", ".5", "1e", "0x1", "+1", "1 ", " 1"),
                        Arguments.of(BOOL, "", "true", "x"),
                        Arguments.of(TIMESTAMP, "", "2025-11-19", "x y", "now"),
                        Arguments.of(
                                JSON, "", " ", "{", "[1,]", "{\"a\"}", "{\"a\":}", "{a:1}", "tru", "1 2", "'a'", "[1}"),
                        Arguments.of(
                                JSONB, "\"", "\"\\x\"", "\"\\u12\"", "\"a\nb\"", "[", "]", "{\"a\":1,}", "nul", "NaN"),
                        Arguments.of(
                                integers,
                                "",
                                "{",
                                "}",
                                "{1",
                                "{1,",
                                "{1,}",
                                "{,}",
                                "1",
                                "{1}x",
                                "{\"1}",
                                "{{{{{{{1}}}}}}}"),
                        Arguments.of(integers, "[0:1]", "[0:1]=", "[0:1]={1"),
                        Arguments.of(PAIR, "", "(", "(1", "(1,x", "(1)", "(1,x,y)", "(1,\"x)", "1,x", "(1,x)y"),
                        Arguments.of(
                                HSTORE, "a=>1", "\"a\"", "\"a\"=>", "\"a\"=>1", "\"a\"=>\"1\",", "\"a\"=>\"1\"\"b\""))
                .flatMap(arguments -> Stream.of(arguments.get())
                        .skip(1)
                        .map(text -> Arguments.of(arguments.get()[0], text)));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void a_value_that_is_not_what_its_type_says_is_a_string(PostgresType type, String text) {
        assertThat(json(type, text)).isEqualTo(json(TEXT, text));
    }

    @Test
    void an_element_that_is_not_what_its_type_says_is_a_string_among_the_others() {
        assertThat(json(PostgresType.array(1007, "_int4", INT4), "{1,x,3}")).isEqualTo("[1,\"x\",3]");
    }

    @Test
    void a_domain_is_its_base_type_at_any_depth() {
        PostgresType positive = new PostgresType(20_002, "positive", Kind.DOMAIN, INT4, ',', List.of());
        PostgresType small = new PostgresType(20_003, "small", Kind.DOMAIN, positive, ',', List.of());

        assertThat(json(small, "5")).isEqualTo("5");
    }

    @Test
    void a_type_of_an_extension_is_known_by_name_and_a_builtin_by_oid() {
        assertThat(json(PostgresType.base(-5, "hstore"), "\"a\"=>\"1\"")).isEqualTo("{\"a\":\"1\"}");
        assertThat(json(PostgresType.base(5, "hstore"), "\"a\"=>\"1\"")).startsWith("\"");
        assertThat(json(PostgresType.base(20_004, "int4"), "1")).isEqualTo("\"1\"");
    }

    @Test
    void bytes_that_are_not_utf_8_are_replaced() {
        byte[] text = {'a', (byte) 0xFF, 'b', (byte) 0xC3, (byte) 0xED, (byte) 0xA0, (byte) 0x80, 'c', (byte) 0xE2};

        JsonBuffer out = new JsonBuffer(1);
        new ValueJson(out).column(TEXT, text, 0, text.length);

        String json = new String(out.toByteArray(), StandardCharsets.UTF_8);
        assertThat(json).isEqualTo("\"a\uFFFDb\uFFFD\uFFFD\uFFFD\uFFFDc\uFFFD\"");
    }

    @Test
    void escapes_that_only_json_allows_stay_as_they_are() {
        assertThat(json(JSON, "[\"\\u0000\", \"\\ud800x\", \"\\uDC00\"]"))
                .isEqualTo("[\"\\u0000\",\"\\ud800x\",\"\\uDC00\"]");
    }

    @Test
    void json_of_any_depth_is_passed_on() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);

        assertThat(json(JSON, deep)).isEqualTo(deep);
        assertThat(json(JSONB, deep)).isEqualTo(deep);
        assertThat(json(JSON, "[".repeat(500) + " " + "]".repeat(500))).doesNotContain(" ");
    }

    @Test
    void an_exponent_is_not_written_out_without_bound() {
        assertThat(json(JSON, "1e100000")).isEqualTo("1e100000");
        assertThat(json(JSON, "1e-99999999999")).isEqualTo("1e-99999999999");
        assertThat(json(JSON, "1e5")).isEqualTo("100000");
    }

    private static String json(PostgresType type, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        JsonBuffer out = new JsonBuffer(1);
        new ValueJson(out).column(type, bytes, 0, bytes.length);
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }
}
