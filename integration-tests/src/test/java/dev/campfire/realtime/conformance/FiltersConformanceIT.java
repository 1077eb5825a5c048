package dev.campfire.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The grammar and the operators of filters. */
class FiltersConformanceIT extends Conformance {

    /** Rows 1 to 6; row 6 is all NULL but for its key. */
    private static final String ROWS =
            "INSERT INTO $ VALUES (1, 'apple', 1, true, '2025-01-01'), (2, 'Apple', 2.50, false, '2025-06-01'),"
                    + " (3, 'a,b', 10, null, '2025-06-01 12:00'), (4, 'pear', -3, true, '2026-01-01'),"
                    + " (5, 'say \"hi\" (x)', 2.5, false, 'infinity'), (6, null, null, null, null)";

    @Override
    String title() {
        return "postgres_changes: filters";
    }

    @Override
    List<Case> cases() {
        List<Case> cases = new ArrayList<>(List.of(
                filter("4.3-eq", "eq", "name=eq.apple", 1),
                filter("4.3-eq-number", "eq compares numbers, not texts", "n=eq.2.500", 2, 5),
                filter("4.3-neq", "neq", "name=neq.apple", 2, 3, 4, 5),
                filter("4.3-lt", "lt", "n=lt.2.5", 1, 4),
                filter("4.3-lte", "lte", "n=lte.2.5", 1, 2, 4, 5),
                filter("4.3-gt", "gt, by number and not by text", "n=gt.2", 2, 3, 5),
                filter("4.3-gte", "gte", "n=gte.2.5", 2, 3, 5),
                filter("4.3-gt-time", "gt on times", "at=gt.2025-06-01T00:00:00", 3, 4, 5),
                filter("4.3-in", "in", "id=in.(1,3,5)", 1, 3, 5),
                filter("4.3-in-quoted", "in takes quoted values", "name=in.(\\\"a,b\\\",pear)", 3, 4),
                filter("4.3-in-trimmed", "Blanks around the values of in are trimmed", "name=in.( apple , pear)", 1, 4),
                filter("4.3-like", "like has % and _", "name=like._pp%", 1, 2),
                filter("4.3-like-no-star", "like knows no star", "name=like.a*"),
                filter("4.3-ilike", "ilike ignores the case of letters", "name=ilike.APPLE", 1, 2),
                filter("4.3-is-null", "is.null", "name=is.null", 6),
                filter("4.3-is-true", "is.true", "ok=is.true", 1, 4),
                filter("4.3-is-unknown", "is.unknown", "ok=is.unknown", 3, 6),
                filter("4.3-match", "match is a regular expression", "name=match.^a.*l", 1),
                filter("4.3-imatch", "imatch ignores the case of letters", "name=imatch.^a.*L", 1, 2),
                filter("4.3-isdistinct", "isdistinct counts NULL as a value", "name=isdistinct.apple", 2, 3, 4, 5, 6),
                filter("4.3-not-eq", "not.eq, for which NULL is not visible", "name=not.eq.apple", 2, 3, 4, 5),
                filter("4.3-not-in", "not.in", "id=not.in.(1,2,3)", 4, 5, 6),
                filter("4.3-not-like", "not.like", "name=not.like.%p%", 3, 5),
                filter("4.3-not-ilike", "not.ilike", "name=not.ilike.a%", 4, 5),
                filter("4.3-not-is", "not.is.null", "name=not.is.null", 1, 2, 3, 4, 5),
                filter("4.3-not-match", "not.match", "name=not.match.p", 3, 5),
                filter("4.3-not-imatch", "not.imatch", "name=not.imatch.P", 3, 5),
                filter("4.3-not-gt", "not.gt", "n=not.gt.2", 1, 4),
                filter("4.3-not-isdistinct", "not.isdistinct", "name=not.isdistinct.apple", 1),
                filter("4.3-and", "Several conditions with commas all have to hold", "n=gte.1,ok=is.true", 1),
                filter("4.3-and-blanks", "Blanks around conditions do not count", " n=gte.1 , ok=is.true ", 1),
                filter("4.3-quoted", "A quoted value may have commas", "name=eq.\\\"a,b\\\"", 3),
                filter(
                        "4.3-quoted-escapes",
                        "Escapes in a quoted value are resolved",
                        "name=eq.\\\"say \\\\\\\"hi\\\\\\\" (x)\\\"",
                        5),
                filter("4.3-parentheses", "A comma within parentheses does not split", "name=neq.(x,y),id=eq.1", 1),
                filter("4.3-empty", "An empty filter lets everything through", " ", 1, 2, 3, 4, 5, 6),
                filter("4.3-second-equals", "Only the first = ends the column's name", "name=neq.a=b,id=eq.4", 4)));
        cases.addAll(rules());
        return cases;
    }

    private static List<Case> rules() {
        return List.of(
                Case.of("4.3-in-too-many", "in has at most 100 values", scene -> {
                    Table table = table(scene);
                    String values = "1,".repeat(100) + "1";
                    refused(scene, table, "id=in.(" + values + ")", "too many values for `in` filter. Maximum 100");
                }),
                Case.of(
                        "4.3-bad-value",
                        "A value that does not fit the column's type is refused with Postgres's words",
                        scene -> {
                            refused(
                                    scene,
                                    table(scene),
                                    "id=eq.abc",
                                    "ERROR 22P02 (invalid_text_representation) invalid input syntax for type integer: \"abc\"");
                        }),
                Case.of("4.3-bad-is", "is takes null, true, false and unknown only", scene -> {
                    Member member = scene.member(Table.listening(table(scene).entry("*", ",'filter':'ok=is.maybe'")));
                    assertThat(member.await("system").payload().path("status").asText())
                            .isEqualTo("error");
                    Member other = scene.member(Table.listening(table(scene).entry("*", ",'filter':'name=is.true'")));
                    assertThat(other.await("system").payload().path("status").asText())
                            .isEqualTo("error");
                }),
                Case.of("4.3-bad-operator", "An unknown operator is refused", scene -> {
                    Member member = scene.member(Table.listening(table(scene).entry("*", ",'filter':'id=xx.1'")));
                    assertThat(member.await("system").payload().path("message").asText())
                            .startsWith("Error parsing `filter` params: ");
                }),
                Case.of("4.3-bad-regex", "A regular expression that is none is refused", scene -> {
                    Member member = scene.member(Table.listening(table(scene).entry("*", ",'filter':'name=match.('")));
                    assertThat(member.await("system").payload().path("message").asText())
                            .contains("ERROR P0001 (raise_exception) invalid regular expression for match filter: ");
                }),
                Case.of("4.3-like-of-number", "like on a number is refused", scene -> {
                    Member member = scene.member(Table.listening(table(scene).entry("*", ",'filter':'id=like.1%'")));
                    assertThat(member.await("system").payload().path("status").asText())
                            .isEqualTo("error");
                }),
                Case.of(
                        "4.3-new-values",
                        "An UPDATE is judged by its new values: a row that leaves the filter is not told of",
                        scene -> {
                            Table table = table(scene).full().run(ROWS);
                            Member member =
                                    scene.member(Table.listening(table.entry("UPDATE", ",'filter':'name=eq.apple'")));
                            table.run("UPDATE $ SET name = 'x' WHERE id = 1")
                                    .run("UPDATE $ SET name = 'apple' WHERE id = 4");
                            member.changeOf(4);
                        }),
                Case.of("4.3-delete-key", "A DELETE is judged by the key with the default identity", scene -> {
                    Table table = table(scene).run(ROWS);
                    Member key = scene.member(Table.listening(table.entry("DELETE", ",'filter':'id=gte.2'")));
                    Member other = scene.member(Table.listening(
                            table.entry("DELETE", ",'filter':'name=eq.apple'"),
                            table.entry("DELETE", ",'filter':'id=eq.5'")));
                    table.run("DELETE FROM $ WHERE id = 1").run("DELETE FROM $ WHERE id = 5");
                    key.changeOf(5);
                    other.changeOf(5);
                }),
                Case.of("4.3-delete-full", "A DELETE is judged by the whole row with REPLICA IDENTITY FULL", scene -> {
                    Table table = table(scene).full().run(ROWS);
                    Member member = scene.member(Table.listening(table.entry("DELETE", ",'filter':'name=eq.pear'")));
                    table.run("DELETE FROM $ WHERE id = 1").run("DELETE FROM $ WHERE id = 4");
                    member.changeOf(4);
                }),
                Case.of(
                        "4.3-unchanged-toast",
                        "A value that was not written again is known with REPLICA IDENTITY FULL",
                        scene -> {
                            Table table = scene.table("id int PRIMARY KEY, n int, big text")
                                    .full();
                            table.run(
                                    "ALTER TABLE $ ALTER big SET STORAGE EXTERNAL; INSERT INTO $ VALUES (1, 1, repeat('x', 20000)),"
                                            + " (2, 1, repeat('y', 20000))");
                            Member member =
                                    scene.member(Table.listening(table.entry("UPDATE", ",'filter':'big=like.y%'")));
                            table.run("UPDATE $ SET n = 2 WHERE id = 1").run("UPDATE $ SET n = 2 WHERE id = 2");
                            assertThat(member.changeOf(2)
                                            .path("record")
                                            .path("big")
                                            .asText())
                                    .hasSize(20_000);
                        }));
    }

    private static Table table(Scene scene) {
        return scene.table("id int PRIMARY KEY, name text, n numeric, ok boolean, at timestamp");
    }

    private static Case filter(String id, String statement, String filter, int... visible) {
        return Case.of(id, statement + (filter.isBlank() ? "" : " (`" + filter.replace("\\", "") + "`)"), scene -> {
            Table table = table(scene);
            // The second entry sees the row behind all others, so that what does not arrive is known not to.
            String escaped = ",'filter':'" + filter + "'";
            Member member = scene.member(
                    Table.listening(table.entry("INSERT", escaped), table.entry("INSERT", ",'filter':'id=eq.99'")));
            member.system("ok", "Subscribed to PostgreSQL");
            table.run(ROWS).run("INSERT INTO $ (id) VALUES (99)");
            List<Integer> seen = new ArrayList<>();
            for (int row = member.change().at("/record/id").asInt();
                    row != 99;
                    row = member.change().at("/record/id").asInt()) {
                seen.add(row);
            }
            assertThat(seen).isEqualTo(Arrays.stream(visible).boxed().toList());
        });
    }

    private static void refused(Scene scene, Table table, String filter, String end) {
        Member member = scene.member(Table.listening(table.entry("*", ",'filter':'" + filter + "'")));
        assertThat(member.await("system").payload().path("message").asText()).endsWith(end);
    }
}
