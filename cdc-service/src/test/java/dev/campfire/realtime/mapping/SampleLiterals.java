package dev.campfire.realtime.mapping;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Values of every type as Postgres reads them, at the limits of each type and with all that has to be escaped. */
final class SampleLiterals {

    private SampleLiterals() {}

    /** Literals of one type. */
    record Values(String type, String... literals) {

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
}
