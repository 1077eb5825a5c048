package dev.campfire.realtime.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class MapCommandTest {

    private static final String ORDERS = """
            version: 1
            tables:
              - table: orders
                belongs_to: [shop]
                channels:
                  shop: shop:{shop}
                events:
                  - {event: "order:placed", custom: true, operation: INSERT, to: shop}
                  - event: order:paid
                    custom: true
                    operation: UPDATE
                    when: changed(paid) && new.paid == true
                    to: shop
                    payload: [id]
            """;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("orders.yaml"), ORDERS);
    }

    @Test
    void explains_a_change_that_is_given_in_json() {
        int status = run(
                "map",
                "--mapping",
                file.toString(),
                "--explain",
                "{\"table\":\"orders\",\"operation\":\"UPDATE\",\"old\":{\"id\":1,\"shop\":\"mill\",\"paid\":false},"
                        + "\"new\":{\"paid\":true}}");

        assertThat(status).isZero();
        assertThat(out.toString())
                .contains("- order:placed  line 8: is for INSERT")
                .contains("+ order:paid    line 9: matches, for changed(paid) && new.paid == true")
                .contains("order:paid  on  shop:mill")
                .contains("{\"operation\":\"UPDATE\",\"schema\":\"public\",\"table\":\"orders\",\"record\":{\"id\":1},"
                        + "\"old_record\":{\"id\":1}}");
    }

    @Test
    void explains_a_change_that_is_given_in_parts() {
        run(
                "map",
                "--mapping",
                file.toString(),
                "--explain",
                "--table",
                "orders",
                "--operation",
                "update",
                "--new",
                "{\"id\":1,\"shop\":\"mill\",\"paid\":true}");

        assertThat(out.toString())
                .contains(
                        "- order:paid    line 9: rests on a value that is not logged (REPLICA IDENTITY FULL logs it):")
                .contains("No event.");
    }

    @Test
    void says_that_a_row_belongs_nowhere_and_why() {
        run(
                "map",
                "--mapping",
                file.toString(),
                "--explain",
                "{\"table\":\"orders\",\"operation\":\"INSERT\",\"new\":{\"id\":1,\"shop\":\"a:b\",\"paid\":true}}");

        assertThat(out.toString()).contains("It belongs nowhere: an id that channels are named by is malformed");
    }

    @Test
    void tells_mistakes_with_file_line_and_column_and_fails() throws IOException {
        Files.writeString(file, ORDERS.replace("payload", "paylaod"));

        assertThat(run("map", "--mapping", file.toString())).isEqualTo(1);
        assertThat(err.toString()).startsWith(file + ":14:9: \"paylaod\" is not known here");
    }

    @Test
    void prints_the_built_in_mapping_as_one_that_can_be_used() throws IOException {
        run("map", "--print");
        Path copy = Files.writeString(folder.resolve("copy.yaml"), out.toString());

        assertThat(run("map", "--mapping", copy.toString())).isZero();
    }

    @Test
    void a_change_that_is_none_is_refused_as_wrong_usage() {
        assertThat(run("map", "--explain", "{\"table\":\"orders\"}")).isEqualTo(2);
        assertThat(run("map", "--explain", "{oops")).isEqualTo(2);
    }

    private int run(String... arguments) {
        CommandLine command = CampfireCommand.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return command.execute(arguments);
    }
}
