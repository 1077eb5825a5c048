package dev.campfire.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.campfire.realtime.support.Json;
import dev.campfire.realtime.support.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * The tables of compatibility in {@code docs} and in the README are what the cases of this run found. Comes last.
 *
 * <p>To write it anew: {@code mvn verify -Dcompatibility.write}
 */
@Order(Integer.MAX_VALUE)
class CompatibilityIT {

    private static final List<Conformance> GROUPS = List.of(
            new RoutesConformanceIT(),
            new MalformedConformanceIT(),
            new JoinsConformanceIT(),
            new TokensConformanceIT(),
            new SubscriptionsConformanceIT(),
            new ChangesConformanceIT(),
            new FiltersConformanceIT(),
            new ValuesConformanceIT(),
            new BroadcastConformanceIT(),
            new RestConformanceIT(),
            new DatabaseBroadcastConformanceIT(),
            new PrivateConformanceIT(),
            new PresenceConformanceIT(),
            new LimitsConformanceIT());

    private static final String BEGIN = "<!-- compatibility -->\n";
    private static final String END = "<!-- end of compatibility -->";

    private record Result(String id, String version) {}

    @Test
    void the_document_says_what_was_found() throws Exception {
        Set<Result> passed = new HashSet<>();
        Set<Result> tried = new HashSet<>();
        for (String line : Ledger.lines()) {
            var json = Json.read(line);
            Result result =
                    new Result(json.path("id").asText(), json.path("variant").asText());
            tried.add(result);
            if (json.path("passed").asBoolean()) {
                passed.add(result);
            }
        }
        boolean isWhole = GROUPS.stream()
                .flatMap(group -> group.trials().stream())
                .allMatch(trial -> tried.contains(new Result(trial.tried().id(), trial.version())));
        assumeTrue(isWhole, "some cases were not tried in this run");

        String found = render(passed);

        Path document = Repository.root().resolve("docs/compatibility.md");
        Path readme = Repository.root().resolve("README.md");
        if (System.getProperty("compatibility.write") != null) {
            Files.writeString(document, found);
            String text = Files.readString(readme);
            int start = text.indexOf(BEGIN) + BEGIN.length();
            Files.writeString(readme, text.substring(0, start) + summary(passed) + text.substring(text.indexOf(END)));
        }
        assertThat(read(readme))
                .as("README.md; to write it anew: mvn verify -Dcompatibility.write")
                .contains(BEGIN + summary(passed) + END);
        assertThat(read(document))
                .as("docs/compatibility.md; to write it anew: mvn verify -Dcompatibility.write")
                .isEqualTo(found);
    }

    private static String read(Path document) throws IOException {
        return Files.exists(document) ? Files.readString(document) : "";
    }

    private static String render(Set<Result> passed) {
        StringBuilder text = new StringBuilder("""
                # Compatibility with Supabase Realtime

                Each line is a statement about the protocol and behaviour of Supabase Realtime that the tests try over a raw socket, in both versions of
                the protocol. The same is used through supabase-js 2.109 and 2.119. This page is written by the tests (`mvn verify
                -Dcompatibility.write`), and a test fails when it does not say what they found.

                ✓ as the original · ★ differs on purpose, as the line says · ✗ does not hold

                """);
        text.append(summary(passed));
        for (Conformance group : GROUPS) {
            text.append("\n## ").append(group.title()).append("\n\n");
            for (Case each : group.cases()) {
                String mark = !holds(each, passed) ? "✗" : each.differs() == null ? "✓" : "★";
                text.append("- ")
                        .append(mark)
                        .append(' ')
                        .append(each.statement())
                        .append('.');
                if (each.versions().size() == 1) {
                    text.append(" (").append(each.versions().getFirst()).append(')');
                }
                if (each.differs() != null) {
                    text.append(" *").append(each.differs()).append('*');
                }
                text.append('\n');
            }
        }
        return text.toString();
    }

    /** A line for each group. */
    private static String summary(Set<Result> passed) {
        StringBuilder text = new StringBuilder();
        text.append("| | statements | as the original | differ on purpose | fail |\n|---|---|---|---|---|\n");
        for (Conformance group : GROUPS) {
            List<Case> cases = group.cases();
            long failing = cases.stream().filter(each -> !holds(each, passed)).count();
            long differing = cases.stream()
                    .filter(each -> holds(each, passed) && each.differs() != null)
                    .count();
            text.append("| " + group.title() + " | " + cases.size() + " | " + (cases.size() - failing - differing)
                    + " | " + differing + " | " + failing + " |\n");
        }
        return text.toString();
    }

    private static boolean holds(Case tried, Set<Result> passed) {
        return tried.versions().stream().allMatch(version -> passed.contains(new Result(tried.id(), version)));
    }
}
