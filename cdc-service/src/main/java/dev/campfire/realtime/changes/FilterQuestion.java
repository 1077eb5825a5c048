package dev.campfire.realtime.changes;

import dev.campfire.realtime.database.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Conditions on one change that only Postgres can decide. Blocking. */
final class FilterQuestion {

    /** Postgres takes no more than 1,664 columns and 65,535 parameters. */
    private static final int MOST_AT_A_TIME = 500;

    /** A condition and the text of the column, which is not NULL. */
    record Case(ColumnTest test, String text) {}

    private final Database database;

    FilterQuestion(Database database) {
        this.database = database;
    }

    /** Those of the cases that hold. One that Postgres can't evaluate does not. */
    Set<Case> holding(Set<Case> cases) throws SQLException {
        Set<Case> holding = new HashSet<>();
        List<Case> all = List.copyOf(cases);
        for (int start = 0; start < all.size(); start += MOST_AT_A_TIME) {
            holding.addAll(ask(all.subList(start, Math.min(all.size(), start + MOST_AT_A_TIME))));
        }
        return holding;
    }

    private List<Case> ask(List<Case> cases) throws SQLException {
        try {
            return askTogether(cases);
        } catch (SQLException e) {
            if (!PostgresError.isVerdict(e)) {
                throw e;
            }
            // One of them fails, such as a pattern on a value that is too long for it: the others are not to suffer.
            List<Case> holding = new ArrayList<>();
            if (cases.size() > 1) {
                holding.addAll(ask(cases.subList(0, cases.size() / 2)));
                holding.addAll(ask(cases.subList(cases.size() / 2, cases.size())));
            }
            return holding;
        }
    }

    private List<Case> askTogether(List<Case> cases) throws SQLException {
        return database.ask(connection -> {
            String sql = cases.stream().map(each -> each.test().sql()).collect(Collectors.joining(", ", "SELECT ", ""));
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                int parameter = 1;
                for (Case each : cases) {
                    statement.setString(parameter++, each.text());
                    statement.setString(parameter++, each.test().condition().value());
                }
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    List<Case> holding = new ArrayList<>();
                    for (int i = 0; i < cases.size(); i++) {
                        if (row.getBoolean(i + 1)) {
                            holding.add(cases.get(i));
                        }
                    }
                    return holding;
                }
            }
        });
    }
}
