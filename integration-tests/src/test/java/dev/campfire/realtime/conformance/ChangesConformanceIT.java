package dev.campfire.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.support.PhoenixMessage;
import dev.campfire.realtime.support.Tokens;
import java.time.Duration;
import java.util.List;

/** What of a row change is told to whom. */
class ChangesConformanceIT extends Conformance {

    @Override
    String title() {
        return "postgres_changes: messages, rights";
    }

    @Override
    List<Case> cases() {
        return List.of(
                Case.of("4.1-insert", "An INSERT has columns, times, errors and the record", scene -> {
                    Table table = scene.table("id bigint PRIMARY KEY, name text");
                    Member member = scene.member(Table.listening(table.entry("*")));
                    table.run("INSERT INTO $ VALUES (1, 'a')");
                    PhoenixMessage message = member.changeMessage();
                    JsonNode data = message.payload().path("data");
                    assertThat(data.fieldNames())
                            .toIterable()
                            .containsExactlyInAnyOrder(
                                    "schema", "table", "type", "commit_timestamp", "columns", "record", "errors");
                    assertThat(data.path("type").asText()).isEqualTo("INSERT");
                    assertThat(data.path("schema").asText()).isEqualTo("public");
                    assertThat(data.path("table").asText()).isEqualTo(table.name());
                    assertThat(data.path("errors").isNull()).isTrue();
                    assertThat(data.path("record")).isEqualTo(scene.json("{'id':1,'name':'a'}"));
                    assertThat(data.path("columns"))
                            .isEqualTo(scene.json("[{'name':'id','type':'int8'},{'name':'name','type':'text'}]"));
                    assertThat(data.path("commit_timestamp").asText())
                            .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
                    assertThat(message.payload().path("ids").path(0))
                            .isEqualTo(member.reply().payload().at("/response/postgres_changes/0/id"));
                }),
                Case.of("4.1-update", "An UPDATE has the new record, and of the old one its key", scene -> {
                    Table table = scene.table("id int PRIMARY KEY, name text").run("INSERT INTO $ VALUES (1, 'a')");
                    Member member = scene.member(Table.listening(table.entry("UPDATE")));
                    table.run("UPDATE $ SET name = 'b'");
                    JsonNode data = member.change();
                    assertThat(data.path("record")).isEqualTo(scene.json("{'id':1,'name':'b'}"));
                    assertThat(data.path("old_record")).isEqualTo(scene.json("{'id':1}"));
                }),
                Case.of("4.4-update-key", "An UPDATE of the key has the old key", scene -> {
                    Table table = scene.table("id int PRIMARY KEY, name text").run("INSERT INTO $ VALUES (1, 'a')");
                    Member member = scene.member(Table.listening(table.entry("UPDATE")));
                    table.run("UPDATE $ SET id = 2");
                    JsonNode data = member.change();
                    assertThat(data.path("record")).isEqualTo(scene.json("{'id':2,'name':'a'}"));
                    assertThat(data.path("old_record")).isEqualTo(scene.json("{'id':1}"));
                }),
                Case.of("4.1-update-full", "With REPLICA IDENTITY FULL an UPDATE has the whole old record", scene -> {
                    Table table =
                            scene.table("id int PRIMARY KEY, name text").full().run("INSERT INTO $ VALUES (1, 'a')");
                    Member member = scene.member(Table.listening(table.entry("UPDATE")));
                    table.run("UPDATE $ SET name = 'b'");
                    assertThat(member.change().path("old_record")).isEqualTo(scene.json("{'id':1,'name':'a'}"));
                }),
                Case.of("4.1-delete", "A DELETE has no record, and of the old one its key", scene -> {
                    Table table = scene.table("id int PRIMARY KEY, name text").run("INSERT INTO $ VALUES (1, 'a')");
                    Member member = scene.member(Table.listening(table.entry("DELETE")));
                    table.run("DELETE FROM $");
                    JsonNode data = member.change();
                    assertThat(data.has("record")).isFalse();
                    assertThat(data.path("old_record")).isEqualTo(scene.json("{'id':1}"));
                }),
                Case.of("4.1-delete-full", "With REPLICA IDENTITY FULL a DELETE has the whole old record", scene -> {
                    Table table =
                            scene.table("id int PRIMARY KEY, name text").full().run("INSERT INTO $ VALUES (1, 'a')");
                    Member member = scene.member(Table.listening(table.entry("DELETE")));
                    table.run("DELETE FROM $");
                    assertThat(member.change().path("old_record")).isEqualTo(scene.json("{'id':1,'name':'a'}"));
                }),
                Case.of("4.1-all-ids", "One message says all entries of a channel that match", scene -> {
                    Table table = scene.table("id int PRIMARY KEY");
                    Member member = scene.member(Table.listening(
                            table.entry("*"),
                            table.entry("INSERT"),
                            table.entry("DELETE"),
                            table.entry("INSERT", ",'filter':'id=eq.1'"),
                            table.entry("INSERT", ",'filter':'id=eq.2'")));
                    table.run("INSERT INTO $ VALUES (1)");
                    JsonNode entries = member.reply().payload().at("/response/postgres_changes");
                    assertThat(member.changeMessage().payload().path("ids"))
                            .containsExactlyInAnyOrder(entries.at("/0/id"), entries.at("/1/id"), entries.at("/3/id"));
                    table.run("INSERT INTO $ VALUES (9)");
                    member.changeOf(9);
                }),
                Case.of("4.1-truncate", "TRUNCATE is never told of", scene -> {
                    Table table = scene.table("id int PRIMARY KEY").run("INSERT INTO $ VALUES (1)");
                    Member member = scene.member(Table.listening(table.entry("*")));
                    table.run("TRUNCATE $").run("INSERT INTO $ VALUES (2)");
                    member.changeOf(2);
                }),
                Case.of("4.4-column-rights", "Columns that the role may not read are left out", scene -> {
                    Table table = scene.table("id int PRIMARY KEY, pub text, secret text")
                            .full();
                    table.run("REVOKE SELECT ON $ FROM anon; GRANT SELECT (id, pub) ON $ TO anon");
                    Member member = scene.member(Table.listening(table.entry("*")));
                    table.run("INSERT INTO $ VALUES (1, 'p', 's')").run("UPDATE $ SET pub = 'q'");
                    JsonNode insert = member.change();
                    assertThat(insert.path("record")).isEqualTo(scene.json("{'id':1,'pub':'p'}"));
                    assertThat(insert.path("columns")).hasSize(2);
                    assertThat(member.change().path("old_record")).isEqualTo(scene.json("{'id':1,'pub':'p'}"));
                }),
                Case.of("4.4-no-key", "A row of a table without primary key is answered with Error 400", scene -> {
                    Table table = scene.table("id int, name text");
                    Member member = scene.member(Table.listening(table.entry("*")));
                    table.run("INSERT INTO $ VALUES (1, 'a')");
                    JsonNode data = member.change();
                    assertThat(data.path("errors")).isEqualTo(scene.json("['Error 400: Bad Request, no primary key']"));
                    assertThat(data.path("record")).isEqualTo(scene.json("{}"));
                    assertThat(data.path("columns")).isEqualTo(scene.json("[]"));
                    assertThat(data.path("commit_timestamp").isNull()).isTrue();
                }),
                Case.of(
                        "4.4-key-not-readable",
                        "A row whose key the role may not read is answered with Error 401",
                        scene -> {
                            Table table = scene.table("id int PRIMARY KEY, pub text");
                            table.run("REVOKE SELECT ON $ FROM anon; GRANT SELECT (pub) ON $ TO anon");
                            Member member = scene.member(Table.listening(table.entry("*")));
                            table.run("INSERT INTO $ VALUES (1, 'p')");
                            JsonNode data = member.change();
                            assertThat(data.path("errors")).isEqualTo(scene.json("['Error 401: Unauthorized']"));
                            assertThat(data.path("record")).isEqualTo(scene.json("{}"));
                        }),
                Case.of("4.4-too-large", "Of a record over 1 MiB only small values are told, with Error 413", scene -> {
                    Table table = scene.table("id int PRIMARY KEY, small text, big text");
                    Member member = scene.member(Table.listening(table.entry("*")));
                    table.run("INSERT INTO $ VALUES (9, 's', repeat('x', 1100000))");
                    JsonNode data = member.change();
                    assertThat(data.path("errors")).isEqualTo(scene.json("['Error 413: Payload Too Large']"));
                    assertThat(data.path("record")).isEqualTo(scene.json("{'id':9,'small':'s'}"));
                }),
                Case.of("4.4-odd-names", "Names with spaces and capitals work", scene -> {
                    Table table = scene.table("id int PRIMARY KEY, \"Col A\" text");
                    table.run("ALTER TABLE $ RENAME TO \"Odd " + table.name() + "\"");
                    scene.closing(() -> scene.database().execute("DROP TABLE public.\"Odd " + table.name() + "\""));
                    Member member = scene.member("{'postgres_changes':[{'event':'*','schema':'public','table':'Odd "
                            + table.name() + "','filter':'Col A=eq.x'}]}");
                    scene.database().execute("INSERT INTO public.\"Odd " + table.name() + "\" VALUES (1, 'x')");
                    assertThat(member.change().path("record")).isEqualTo(scene.json("{'id':1,'Col A':'x'}"));
                }),
                Case.of(
                                "4.4-rls-protected",
                                "Rows that row-level security protects are told to who is exempt, and to whom a policy shows them",
                                scene -> {
                                    Table table = scene.table("id int PRIMARY KEY")
                                            .run("ALTER TABLE $ ENABLE ROW LEVEL SECURITY");
                                    Table open = scene.table("id int PRIMARY KEY");
                                    Member exempt = scene.memberWith(
                                            Tokens.ofRole("service_role", Duration.ofHours(1)),
                                            Table.listening(table.entry("*")));
                                    Member bound = scene.member(Table.listening(table.entry("*"), open.entry("*")));
                                    table.run("INSERT INTO $ VALUES (1)").run("DELETE FROM $");
                                    table.run("CREATE POLICY even ON $ TO anon USING (id % 2 = 0)");
                                    table.run("INSERT INTO $ VALUES (3), (4)").run("DELETE FROM $");
                                    open.run("INSERT INTO $ VALUES (9)");
                                    exempt.changeOf(1);
                                    assertThat(exempt.change().path("type").asText())
                                            .isEqualTo("DELETE");
                                    bound.changeOf(4);
                                    assertThat(bound.change()
                                                    .at("/old_record/id")
                                                    .asInt())
                                            .isEqualTo(4);
                                    bound.changeOf(9);
                                })
                        .differs("DELETE is protected, too; the original tells everybody of it."),
                Case.of("4.4-explained", "Who is exempt may ask to be told what was withheld and why", scene -> {
                            Table table =
                                    scene.table("id int PRIMARY KEY").run("ALTER TABLE $ ENABLE ROW LEVEL SECURITY");
                            Member explained = scene.memberWith(
                                    Tokens.ofRole("service_role", Duration.ofHours(1)),
                                    "{'postgres_changes':[" + table.entry("*")
                                            + "],'postgres_changes_options':{'explain':true}}");
                            scene.member(Table.listening(table.entry("*")));
                            explained.system("ok", "Subscribed to PostgreSQL");
                            table.run("INSERT INTO $ VALUES (1)");
                            PhoenixMessage message = explained.await("system");
                            assertThat(message.payload().toString())
                                    .contains("withheld")
                                    .contains("anon")
                                    .contains("row-level security");
                        })
                        .differs("The original withholds in silence."),
                Case.of("4.4-unknown-role", "A role that the database does not know sees nothing", scene -> {
                    Table table = scene.table("id int PRIMARY KEY");
                    Member member = scene.memberWith(
                            Tokens.ofRole("no_such_role", Duration.ofHours(1)), Table.listening(table.entry("*")));
                    PhoenixMessage message = member.await("system");
                    assertThat(message.payload().path("status").asText()).isEqualTo("error");
                }),
                Case.of("4.6-commit-order", "Changes arrive in the order of their commits", scene -> {
                    Table one = scene.table("id int PRIMARY KEY");
                    Table two = scene.table("id int PRIMARY KEY");
                    Member member =
                            scene.member(Table.listening(one.entry("*"), two.entry("*", ",'filter':'id=gt.0'")));
                    for (int i = 1; i <= 20; i++) {
                        (i % 2 == 0 ? one : two).run("INSERT INTO $ VALUES (" + i + ")");
                    }
                    for (int i = 1; i <= 20; i++) {
                        member.changeOf(i);
                    }
                }),
                Case.of("4.6-private-is-irrelevant", "A private channel gets row changes like a public one", scene -> {
                    scene.allow();
                    Table table = scene.table("id int PRIMARY KEY");
                    Member member = scene.member("{'private':true,'postgres_changes':[" + table.entry("*") + "]}");
                    table.run("INSERT INTO $ VALUES (1)");
                    member.changeOf(1);
                }),
                Case.of("4.1-partitions", "A change of a partition is told of under a published name", scene -> {
                    Table table = scene.table("id int PRIMARY KEY");
                    String parent = "p" + table.name().substring(0, 20);
                    scene.closing(() -> scene.database().execute("DROP TABLE IF EXISTS public." + parent));
                    scene.database()
                            .execute("CREATE TABLE public." + parent
                                    + " (id int PRIMARY KEY) PARTITION BY RANGE (id);"
                                    + " CREATE TABLE public." + parent + "_1 PARTITION OF public." + parent
                                    + " FOR VALUES FROM (0) TO (100); GRANT SELECT ON public." + parent + ", public."
                                    + parent
                                    + "_1 TO anon; ALTER PUBLICATION supabase_realtime ADD TABLE public." + parent);
                    Member member = scene.member(
                            "{'postgres_changes':[{'event':'*','schema':'public','table':'" + parent + "%'}]}");
                    scene.database().execute("INSERT INTO public." + parent + " VALUES (5)");
                    assertThat(member.changeOf(5).path("table").asText()).startsWith(parent);
                }));
    }
}
