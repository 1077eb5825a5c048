package dev.campfire.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.support.Json;
import java.util.ArrayList;
import java.util.List;

/** How each type's values are written. */
class ValuesConformanceIT extends Conformance {

    @Override
    String title() {
        return "postgres_changes: values";
    }

    @Override
    List<Case> cases() {
        List<Case> cases = new ArrayList<>(List.of(
                value(
                        "int",
                        "Integers are numbers with all digits",
                        "int8",
                        "9007199254740993",
                        "9007199254740993",
                        "int8"),
                value("oid", "An oid is text", "oid", "42", "\"42\"", "oid"),
                value("numeric", "A numeric keeps its scale", "numeric", "1.10", "1.10", "numeric"),
                value("numeric-scale", "A numeric has its column's scale", "numeric(10,2)", "1.5", "1.50", "numeric"),
                value("numeric-nan", "NaN and infinite numbers are null", "numeric", "'NaN'", "null", "numeric"),
                value("float4", "A float4 is its shortest form", "float4", "1.1", "1.1", "float4"),
                value("float8", "A float8 is its shortest form", "float8", "0.1", "0.1", "float8"),
                value("float8-infinite", "An infinite float8 is null", "float8", "'-Infinity'", "null", "float8"),
                value("bool", "A boolean is one", "bool", "true", "true", "bool"),
                value("text", "Text is text", "text", "E'a\"\\n\\u00e9'", "\"a\\\"\\n\u00e9\"", "text"),
                value("varchar", "varchar is text", "varchar(9)", "'abc'", "\"abc\"", "varchar"),
                value("char", "char(n) has its full length", "char(5)", "'ab'", "\"ab   \"", "bpchar")
                        .differs("The original cuts char(n) to its first character."),
                value("bit", "bit(n) has its full length", "bit(4)", "B'1010'", "\"1010\"", "bit")
                        .differs("The original cuts bit(n) to its first bit."),
                value("varbit", "varbit is text", "varbit", "B'101'", "\"101\"", "varbit"),
                value(
                        "uuid",
                        "A uuid is text",
                        "uuid",
                        "'5f1b0fb0-9c6d-4a8e-8f3a-0d7d0a7a3c11'",
                        "\"5f1b0fb0-9c6d-4a8e-8f3a-0d7d0a7a3c11\"",
                        "uuid"),
                value("xml", "xml is text", "xml", "'<a/>'", "\"<a/>\"", "xml"),
                value("inet", "An inet is text", "inet", "'10.0.0.1/8'", "\"10.0.0.1/8\"", "inet"),
                value(
                        "interval",
                        "An interval is text",
                        "interval",
                        "'1 day 2:03:04'",
                        "\"1 day 02:03:04\"",
                        "interval"),
                value("money", "Money is text", "money", "12.34", "\"$12.34\"", "money"),
                value("point", "A point is text", "point", "'(1,2)'", "\"(1,2)\"", "point"),
                value("int4range", "A range is text", "int4range", "'[1,5)'", "\"[1,5)\"", "int4range"),
                value("tsvector", "A tsvector is text", "tsvector", "'fat a cat'", "\"'a' 'cat' 'fat'\"", "tsvector"),
                value(
                        "timestamp",
                        "A timestamp has a T and no zone",
                        "timestamp",
                        "'2025-11-19 00:22:40.877000'",
                        "\"2025-11-19T00:22:40.877\"",
                        "timestamp"),
                value(
                        "timestamptz",
                        "A timestamptz is in UTC, written +00:00",
                        "timestamptz",
                        "'2025-11-19 00:22:40.877+02'",
                        "\"2025-11-18T22:22:40.877+00:00\"",
                        "timestamptz"),
                value("date", "A date", "date", "'2025-11-19'", "\"2025-11-19\"", "date"),
                value("time", "A time", "time", "'12:34:56.5'", "\"12:34:56.5\"", "time"),
                value("timetz", "A timetz", "timetz", "'12:34:56+02'", "\"12:34:56+02\"", "timetz"),
                value(
                        "infinity",
                        "An infinite time is said in a word",
                        "timestamptz",
                        "'-infinity'",
                        "\"-infinity\"",
                        "timestamptz"),
                value("bytea", "bytea is hex without a prefix", "bytea", "'\\x0102ff'", "\"0102ff\"", "bytea"),
                value(
                        "bytea-array",
                        "In an array bytea keeps its prefix",
                        "bytea[]",
                        "ARRAY['\\x01'::bytea]",
                        "[\"\\\\x01\"]",
                        "_bytea"),
                value(
                        "jsonb",
                        "jsonb is JSON",
                        "jsonb",
                        "'{\"b\": 1.10, \"a\": [null]}'",
                        "{\"a\":[null],\"b\":1.10}",
                        "jsonb"),
                value(
                        "json",
                        "json is normalised like jsonb",
                        "json",
                        "'{\"b\":1,\"a\":2,\"b\":3}'",
                        "{\"a\":2,\"b\":3}",
                        "json"),
                value("array", "An array is an array, with nulls", "int4[]", "'{1,2,NULL}'", "[1,2,null]", "_int4"),
                value(
                        "array-nested",
                        "Arrays of arrays are nested",
                        "int4[]",
                        "'{{1,2},{3,4}}'",
                        "[[1,2],[3,4]]",
                        "_int4"),
                value(
                        "array-times",
                        "Times in arrays are written alike",
                        "timestamptz[]",
                        "'{2025-01-01 00:00+00}'",
                        "[\"2025-01-01T00:00:00+00:00\"]",
                        "_timestamptz"),
                value("null", "NULL is null, and its key is there", "text", "NULL", "null", "text")));
        cases.addAll(ofOwnTypes());
        return cases;
    }

    private static List<Case> ofOwnTypes() {
        return List.of(
                Case.of(
                        "4.5-enum",
                        "An enum is its label, under the type's name",
                        scene -> withType(scene, "AS ENUM ('sad', 'happy')", "'happy'", "\"happy\"")),
                Case.of(
                        "4.5-composite",
                        "A composite is an object",
                        scene -> withType(scene, "AS (a int, b text)", "ROW(1, 'x')", "{\"a\":1,\"b\":\"x\"}")),
                Case.of("4.5-domain", "A domain's value is that of its base, under the domain's name", scene -> {
                    String name = "d_" + scene.channel().substring(2, 10);
                    scene.database().execute("CREATE DOMAIN public." + name + " AS int");
                    scene.closing(() -> scene.database().execute("DROP DOMAIN public." + name));
                    assertThat(written(scene, "public." + name, "5", name)).isEqualTo(Json.read("5"));
                }),
                Case.of(
                        "4.5-toast",
                        "A large value that was not written again is left out with the default identity",
                        scene -> {
                            Table table = scene.table("id int PRIMARY KEY, n int, big text");
                            table.run(
                                    "ALTER TABLE $ ALTER big SET STORAGE EXTERNAL; INSERT INTO $ VALUES (1, 1, repeat('x', 20000))");
                            Member member = scene.member(Table.listening(table.entry("UPDATE")));
                            table.run("UPDATE $ SET n = 2");
                            JsonNode data = member.change();
                            assertThat(data.path("record")).isEqualTo(scene.json("{'id':1,'n':2}"));
                            assertThat(data.path("columns")).hasSize(3);
                        }),
                Case.of("4.5-toast-full", "With REPLICA IDENTITY FULL it is told, in both records", scene -> {
                    Table table =
                            scene.table("id int PRIMARY KEY, n int, big text").full();
                    table.run(
                            "ALTER TABLE $ ALTER big SET STORAGE EXTERNAL; INSERT INTO $ VALUES (1, 1, repeat('x', 20000))");
                    Member member = scene.member(Table.listening(table.entry("UPDATE")));
                    table.run("UPDATE $ SET n = 2");
                    JsonNode data = member.change();
                    assertThat(data.at("/record/big").asText()).hasSize(20_000);
                    assertThat(data.at("/old_record/big").asText()).hasSize(20_000);
                }));
    }

    private static Case value(String id, String statement, String type, String literal, String json, String typeName) {
        return Case.of("4.5-" + id, statement + " (`" + type + "`: `" + json + "`)", scene -> assertThat(
                        written(scene, type, literal, typeName))
                .isEqualTo(Json.read(json)));
    }

    private static void withType(Scene scene, String definition, String literal, String json) {
        String name = "y_" + scene.channel().substring(2, 10);
        scene.database().execute("CREATE TYPE public." + name + " " + definition);
        scene.closing(() -> scene.database().execute("DROP TYPE public." + name));
        assertThat(written(scene, "public." + name, literal, name)).isEqualTo(Json.read(json));
    }

    /** What a value of the type is in a record. */
    private static JsonNode written(Scene scene, String type, String literal, String typeName) {
        Table table = scene.table("id int PRIMARY KEY, v " + type);
        Member member = scene.member(Table.listening(table.entry("INSERT")));
        table.run("INSERT INTO $ VALUES (1, " + literal + ")");
        JsonNode data = member.change();
        assertThat(data.at("/columns/1")).isEqualTo(scene.json("{'name':'v','type':'" + typeName + "'}"));
        assertThat(data.path("record").has("v")).isTrue();
        return data.at("/record/v");
    }
}
