package dev.campfire.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** What can be subscribed to, and what is said of it. */
class SubscriptionsConformanceIT extends Conformance {

    private static final String UNABLE = "Unable to subscribe to changes with given parameters. ";

    @Override
    String title() {
        return "postgres_changes: subscriptions";
    }

    @Override
    List<Case> cases() {
        return List.of(
                Case.of("4.2-table-only", "Without a schema it is public", scene -> {
                    Table table = scene.table("id int PRIMARY KEY");
                    Member member = scene.member("{'postgres_changes':[{'event':'*','table':'" + table.name() + "'}]}");
                    member.system("ok", "Subscribed to PostgreSQL");
                }),
                Case.of("4.2-schema-only", "Without a table it is all of the schema", scene -> {
                    Table table = scene.table("id int PRIMARY KEY");
                    Member member = scene.member("{'postgres_changes':[{'event':'*','schema':'public'}]}");
                    table.run("INSERT INTO $ VALUES (1)");
                    assertThat(member.changeOf(1).path("table").asText()).isEqualTo(table.name());
                }),
                Case.of("4.2-wildcards", "Schema and table may be *", scene -> {
                    Table table = scene.table("id int PRIMARY KEY");
                    Member member = scene.member("{'postgres_changes':[{'event':'*','schema':'*','table':'*'}]}");
                    table.run("INSERT INTO $ VALUES (1)");
                    assertThat(member.changeOf(1).path("table").asText()).isEqualTo(table.name());
                }),
                Case.of("4.2-patterns", "% and _ in a table's name are those of LIKE", scene -> {
                    Table table = scene.table("id int PRIMARY KEY");
                    Member member = scene.member("{'postgres_changes':[{'event':'*','schema':'publi_','table':'"
                            + table.name().substring(0, 12) + "%'}]}");
                    table.run("INSERT INTO $ VALUES (1)");
                    member.changeOf(1);
                }),
                Case.of("4.2-events", "The event counts in any case of letters, and an unknown one is *", scene -> {
                    Table table = scene.table("id int PRIMARY KEY");
                    Member lower = scene.member(Table.listening(table.entry("update")));
                    Member odd = scene.member(Table.listening(table.entry("nonsense")));
                    table.run("INSERT INTO $ VALUES (1)").run("UPDATE $ SET id = 2");
                    assertThat(lower.change().path("type").asText()).isEqualTo("UPDATE");
                    assertThat(odd.change().path("type").asText()).isEqualTo("INSERT");
                }),
                Case.of("4.2-select", "select shows the named columns and the key", scene -> {
                    Table table = scene.table("id int PRIMARY KEY, a int, b int");
                    Member member = scene.member(Table.listening(table.entry("*", ",'select':['b']")));
                    table.run("INSERT INTO $ VALUES (1, 2, 3)");
                    JsonNode data = member.change();
                    assertThat(data.path("record")).isEqualTo(scene.json("{'id':1,'b':3}"));
                    assertThat(data.path("columns"))
                            .isEqualTo(scene.json("[{'name':'id','type':'int4'},{'name':'b','type':'int4'}]"));
                }),
                Case.of(
                                "4.2-new-table",
                                "A table that is published later is told of without subscribing again",
                                scene -> {
                                    Member member =
                                            scene.member("{'postgres_changes':[{'event':'*','schema':'public'}]}");
                                    Table table = scene.table("id int PRIMARY KEY");
                                    table.run("INSERT INTO $ VALUES (1)");
                                    assertThat(member.changeOf(1).path("table").asText())
                                            .isEqualTo(table.name());
                                })
                        .differs(
                                "At once, and nobody is resubscribed; the original looks every 60 s and resubscribes everybody."),
                Case.of(
                        "3.5-subscribed",
                        "Who subscribes is told Subscribed to PostgreSQL, with the channel's name",
                        scene -> {
                            Table table = scene.table("id int PRIMARY KEY");
                            Member member = scene.member(Table.listening(table.entry("*")));
                            assertThat(member.await("system").payload())
                                    .isEqualTo(scene.json("{'extension':'postgres_changes','status':'ok',"
                                            + "'message':'Subscribed to PostgreSQL','channel':'$'}"));
                        }),
                Case.of(
                                "4.6-subscribed-is-live",
                                "Everything that is committed after the join's reply arrives",
                                scene -> {
                                    Table table = scene.table("id int PRIMARY KEY");
                                    for (int i = 1; i <= 10; i++) {
                                        Member member = scene.member(Table.listening(table.entry("INSERT")));
                                        table.run("INSERT INTO $ VALUES (" + i + ")");
                                        member.changeOf(i);
                                    }
                                })
                        .differs("In the original changes of the 1 to 3 s after SUBSCRIBED are lost."),
                Case.of(
                        "3.2-wait",
                        "postgres_changes_options.wait is taken, and refuses what can't be subscribed to",
                        scene -> {
                            Table table = scene.table("id int PRIMARY KEY");
                            Member member = scene.member("{'postgres_changes':[" + table.entry("*")
                                    + "],'postgres_changes_options':{'wait':true,'timeout':5000}}");
                            member.system("ok", "Subscribed to PostgreSQL");
                            assertThat(scene.join(
                                                    "{'config':{'postgres_changes':[{'event':'*','schema':'public','table':'nope'}],"
                                                            + "'postgres_changes_options':{'wait':true}}}")
                                            .reason())
                                    .startsWith("RealtimeDisabledForConfiguration: " + UNABLE);
                        }),
                Case.of(
                        "3.5-no-such-table",
                        "A table that is not published is refused in the original's words",
                        scene -> {
                            Member member = scene.member(
                                    "{'postgres_changes':[{'event':'*','schema':'public','table':'doesnotexist'}]}");
                            assertThat(member.system(
                                                    "error",
                                                    UNABLE
                                                            + "Please check Realtime is enabled for the given connect parameters: "
                                                            + "[event: *, schema: public, table: doesnotexist, filters: [], select: nil]")
                                            .payload()
                                            .path("extension")
                                            .asText())
                                    .isEqualTo("postgres_changes");
                            assertThat(member.rest()).isEmpty();
                        }),
                Case.of(
                        "3.5-no-such-column",
                        "A filter on a column that is not there is refused in the original's words",
                        scene -> {
                            Table table = scene.table("id int PRIMARY KEY");
                            refused(
                                    scene,
                                    table.entry("*", ",'filter':'notacolumn=eq.123'"),
                                    UNABLE
                                            + "An exception happened so please check your connect parameters: [event: *, schema: public, table: "
                                            + table.name()
                                            + ", filters: [{\"notacolumn\", \"eq\", \"123\", false}], select: nil]."
                                            + " Exception: ERROR P0001 (raise_exception) invalid column for filter notacolumn");
                        }),
                Case.of("4.2-select-no-column", "A selected column that is not there is refused", scene -> {
                    Table table = scene.table("id int PRIMARY KEY");
                    Member member = scene.member(Table.listening(table.entry("*", ",'select':['nope']")));
                    assertThat(member.await("system").payload().path("message").asText())
                            .endsWith("invalid column for select nope");
                }),
                Case.of("3.5-bad-filter", "A filter that can't be read is refused in the original's words", scene -> {
                    Table table = scene.table("id int PRIMARY KEY");
                    refused(scene, table.entry("*", ",'filter':'wrong'"), "Error parsing `filter` params: [\"wrong\"]");
                    refused(
                            scene,
                            table.entry("*", ",'filter':'id=in.1,2'"),
                            "Error parsing `filter` params: `in` filter value must be wrapped by parentheses");
                    refused(
                            scene,
                            table.entry("*", ",'filter':'id=eq.1,,id=eq.2'"),
                            "Error parsing `filter` params: filter must not contain empty segments (check for extra commas)");
                }),
                Case.of(
                        "3.5-bad-select",
                        "A select that is no list of names is refused in the original's words",
                        scene -> {
                            Table table = scene.table("id int PRIMARY KEY");
                            refused(
                                    scene,
                                    table.entry("*", ",'select':'id'"),
                                    "Error parsing `select` params: expected a list of"
                                            + " column name strings, e.g. select: [\"col1\", \"col2\"]");
                            refused(
                                    scene,
                                    "{'event':'*','schema':'public','select':['id']}",
                                    "Column selection is not supported for"
                                            + " wildcard subscriptions. Provide an explicit schema and table name.");
                        }),
                Case.of("3.5-no-params", "An entry without schema and table is refused", scene -> {
                    Member member = scene.member("{'postgres_changes':[{'event':'*'}]}");
                    assertThat(member.await("system").payload().path("message").asText())
                            .startsWith("No subscription params provided. Please provide at least a `schema` or `table`"
                                    + " to subscribe to: ");
                }));
    }

    private static void refused(Scene scene, String entry, String message) {
        scene.member(Table.listening(entry)).system("error", message);
    }
}
