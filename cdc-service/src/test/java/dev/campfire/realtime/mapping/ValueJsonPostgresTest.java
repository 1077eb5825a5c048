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

    @ParameterizedTest
    @MethodSource({
        "dev.campfire.realtime.mapping.SampleLiterals#values",
        "dev.campfire.realtime.mapping.SampleLiterals#arrays",
        "dev.campfire.realtime.mapping.SampleLiterals#composites"
    })
    void a_value_is_the_json_that_postgres_makes_of_it(SampleLiterals.Values values) throws SQLException {
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
