package dev.campfire.realtime.access.rows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.access.rows.Predicate.OneByOne;
import dev.campfire.realtime.access.rows.Predicate.Together;
import dev.campfire.realtime.database.Database;
import dev.campfire.realtime.database.RecentCommits;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts predicates to Postgres, as it is after everything that has been observed. Blocking; safe for use by several threads.
 *
 * <p>A policy that fails on a row shows it to nobody for whom it fails, as a SELECT would; so that the others get theirs,
 * a question that fails is put again in halves. What keeps Postgres from answering at all is thrown.
 */
final class Judge {

    /** How many viewers are asked about in one round trip, where each needs statements of its own. */
    private static final int AT_ONCE = 32;

    /** After so many failures of policies the rest of a question counts as failed, too. */
    private static final int MOST_FAILURES = 256;

    private static final String CLAIMS = """
            SELECT pg_catalog.set_config('request.jwt.claims', ?, true),
                   pg_catalog.set_config('request.jwt.claim.sub', ?, true),
                   pg_catalog.set_config('request.jwt.claim.role', ?, true)""";

    private static final JsonMapper JSON = new JsonMapper();

    private final Database database;
    private final RecentCommits commits;

    Judge(Database database, RecentCommits commits) {
        this.database = database;
        this.commits = commits;
    }

    /** Something that is asked about a list, the whole of it at once. */
    private interface Asking<T> {
        Answers ask(Connection connection, List<T> about) throws SQLException;
    }

    /** What Postgres says of cases, all of which are of this predicate. */
    Answers judge(Predicate.Asked predicate, Collection<Case> cases) throws SQLException {
        Answers answers = new Answers();
        switch (predicate) {
            case Together together -> {
                List<Case> shared = new ArrayList<>();
                List<Case> alone = new ArrayList<>();
                cases.forEach(one -> (one.seer().claims() == null ? alone : shared).add(one));
                halving(shared, answers, (connection, some) -> together(connection, together, some));
                oneByOne(together.alone(), alone, answers);
            }
            case OneByOne oneByOne -> oneByOne(oneByOne, List.copyOf(cases), answers);
        }
        return answers;
    }

    private void oneByOne(OneByOne predicate, List<Case> cases, Answers answers) throws SQLException {
        Map<Viewer, List<Case>> byViewer = new LinkedHashMap<>();
        cases.forEach(one -> byViewer.computeIfAbsent(one.seer().viewer(), any -> new ArrayList<>())
                .add(one));
        List<List<Case>> viewers = List.copyOf(byViewer.values());
        for (int i = 0; i < viewers.size(); i += AT_ONCE) {
            List<List<Case>> some = viewers.subList(i, Math.min(viewers.size(), i + AT_ONCE));
            List<Case> all = some.stream().flatMap(List::stream).toList();
            halving(all, answers, (connection, about) -> oneByOne(connection, predicate, about));
        }
    }

    private void halving(List<Case> cases, Answers answers, Asking<Case> asking) throws SQLException {
        if (cases.isEmpty()) {
            return;
        }
        if (answers.failed().size() >= MOST_FAILURES) {
            answers.fail(cases, "too many failures");
            return;
        }
        try {
            answers.add(database.ask(connection -> asking.ask(connection, cases)));
        } catch (SQLException e) {
            if (!isOfPolicies(e)) {
                throw e;
            }
            if (cases.size() == 1) {
                answers.fail(cases, String.valueOf(e.getSQLState()));
                return;
            }
            halving(cases.subList(0, cases.size() / 2), answers, asking);
            halving(cases.subList(cases.size() / 2, cases.size()), answers, asking);
        }
    }

    /** Whether this was said of the row or the viewer, rather than of the connection, the server or its resources. */
    static boolean isOfPolicies(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return switch (state.substring(0, Math.min(2, state.length()))) {
            case "22", "42", "P0", "2F", "21", "38", "39", "0A", "54", "2B", "28", "23" -> true;
            default -> false;
        };
    }

    private Answers together(Connection connection, Together predicate, List<Case> cases) throws SQLException {
        become(connection, predicate.actor(), predicate.path());
        Numbers<Projection> images = new Numbers<>();
        Numbers<List<@Nullable String>> claims = new Numbers<>();
        Integer[] imageOfCase = new Integer[cases.size()];
        Integer[] claimsOfCase = new Integer[cases.size()];
        for (int i = 0; i < cases.size(); i++) {
            imageOfCase[i] = images.of(cases.get(i).image());
            List<@Nullable String> values = cases.get(i).seer().claims();
            claimsOfCase[i] = claims.of(values == null ? List.of() : values);
        }
        Map<Long, List<Case>> byNumbers = new HashMap<>();
        for (int i = 0; i < cases.size(); i++) {
            byNumbers
                    .computeIfAbsent(pair(imageOfCase[i], claimsOfCase[i]), any -> new ArrayList<>(1))
                    .add(cases.get(i));
        }
        Answers answers = new Answers();
        try (PreparedStatement statement = connection.prepareStatement(predicate.sql())) {
            statement.setArray(1, connection.createArrayOf("int4", imageOfCase));
            statement.setArray(2, connection.createArrayOf("int4", claimsOfCase));
            statement.setString(3, json(images.all(), predicate.columns()));
            for (int i = 0; i < predicate.claims().size(); i++) {
                int place = i;
                Object[] values =
                        claims.all().stream().map(list -> list.get(place)).toArray();
                statement.setArray(4 + i, connection.createArrayOf("text", values));
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    answers.visible().addAll(byNumbers.getOrDefault(pair(row.getInt(1), row.getInt(2)), List.of()));
                }
            }
        }
        return answers;
    }

    private static long pair(int left, int right) {
        return (long) left << 32 | right;
    }

    /** Things in the order in which they came, numbered from 1. */
    private static final class Numbers<T> {
        private final Map<T, Integer> numbers = new HashMap<>();
        private final List<T> all = new ArrayList<>();

        int of(T thing) {
            return numbers.computeIfAbsent(thing, any -> {
                all.add(thing);
                return all.size();
            });
        }

        List<T> all() {
            return all;
        }
    }

    private static String json(List<Projection> images, List<ImageColumn> columns) {
        StringBuilder out = new StringBuilder("[");
        for (int i = 0; i < images.size(); i++) {
            out.append(i == 0 ? "" : ",");
            images.get(i).write(out, i + 1, columns);
        }
        return out.append(']').toString();
    }

    private Answers oneByOne(Connection connection, OneByOne predicate, List<Case> cases) throws SQLException {
        become(connection, predicate.role(), null);
        Map<Viewer, List<Case>> byViewer = new LinkedHashMap<>();
        cases.forEach(one -> byViewer.computeIfAbsent(one.seer().viewer(), any -> new ArrayList<>())
                .add(one));
        String sql = String.join(";", Collections.nCopies(byViewer.size(), CLAIMS + ";" + predicate.sql()));
        Answers answers = new Answers();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int parameter = 1;
            for (Map.Entry<Viewer, List<Case>> one : byViewer.entrySet()) {
                parameter = setClaims(statement, parameter, one.getKey());
                List<Projection> images =
                        one.getValue().stream().map(Case::image).toList();
                statement.setString(parameter++, json(images, predicate.columns()));
            }
            statement.execute();
            for (List<Case> about : byViewer.values()) {
                statement.getMoreResults();
                try (ResultSet row = statement.getResultSet()) {
                    while (row.next()) {
                        answers.visible().add(about.get(row.getInt(1) - 1));
                    }
                }
                statement.getMoreResults();
            }
        }
        return answers;
    }

    /** The values of functions for each viewer; null for one for whom they fail. */
    Map<Viewer, Seer> seers(String role, List<Routine> functions, Collection<Viewer> viewers) throws SQLException {
        Map<Viewer, Seer> seers = new HashMap<>();
        List<Viewer> all = List.copyOf(viewers);
        if (functions.isEmpty()) {
            all.forEach(viewer -> seers.put(viewer, Seer.of(viewer, List.of())));
            return seers;
        }
        for (int i = 0; i < all.size(); i += AT_ONCE) {
            seers(role, functions, all.subList(i, Math.min(all.size(), i + AT_ONCE)), seers);
        }
        return seers;
    }

    private void seers(String role, List<Routine> functions, List<Viewer> viewers, Map<Viewer, Seer> seers)
            throws SQLException {
        try {
            database.ask(connection -> {
                become(connection, role, null);
                call(connection, functions, viewers, seers);
                return seers;
            });
        } catch (SQLException e) {
            if (!isOfPolicies(e)) {
                throw e;
            }
            if (viewers.size() == 1) {
                seers.put(viewers.getFirst(), Seer.alone(viewers.getFirst()));
                return;
            }
            for (Viewer viewer : viewers) {
                seers(role, functions, List.of(viewer), seers);
            }
        }
    }

    private static void call(
            Connection connection, List<Routine> functions, List<Viewer> viewers, Map<Viewer, Seer> seers)
            throws SQLException {
        StringBuilder call = new StringBuilder(CLAIMS).append(";SELECT ");
        for (int i = 0; i < functions.size(); i++) {
            Routine function = functions.get(i);
            call.append(i == 0 ? "" : ", ");
            call.append(Sql.quoted(function.schema())).append('.').append(Sql.quoted(function.name()));
            call.append("()::pg_catalog.text");
        }
        try (PreparedStatement statement =
                connection.prepareStatement(String.join(";", Collections.nCopies(viewers.size(), call)))) {
            int parameter = 1;
            for (Viewer viewer : viewers) {
                parameter = setClaims(statement, parameter, viewer);
            }
            statement.execute();
            for (Viewer viewer : viewers) {
                statement.getMoreResults();
                List<@Nullable String> values = new ArrayList<>();
                try (ResultSet row = statement.getResultSet()) {
                    row.next();
                    for (int i = 1; i <= functions.size(); i++) {
                        values.add(row.getString(i));
                    }
                }
                seers.put(viewer, Seer.of(viewer, values));
                statement.getMoreResults();
            }
        }
    }

    private static int setClaims(PreparedStatement statement, int first, Viewer viewer) throws SQLException {
        statement.setString(first, viewer.claims());
        statement.setString(first + 1, subject(viewer.claims()));
        statement.setString(first + 2, viewer.role());
        return first + 3;
    }

    private static String subject(String claims) {
        try {
            JsonNode subject = JSON.readTree(claims).path("sub");
            return subject.isTextual() ? subject.textValue() : "";
        } catch (IOException e) {
            return "";
        }
    }

    private void become(Connection connection, String role, @Nullable String path) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // A statement that judges many is short: compiling it would take longer than running it.
            // Small tables that policies read would be read as a whole for each viewer, once Postgres has analysed
            // them.
            statement.execute(
                    RecentCommits.SNAPSHOT + "; SET LOCAL jit = off; SET LOCAL enable_seqscan = off; SET LOCAL ROLE "
                            + Sql.quoted(role)
                            + (path == null ? "" : "; SET LOCAL search_path = " + path));
            try (ResultSet row = statement.getResultSet()) {
                row.next();
                commits.awaitSeen(connection, row.getString(1));
            }
        }
    }
}
