package dev.campfire.realtime.operations;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Runs checks on a database and tells everything that they find. */
public final class Doctor {

    private final Connector connector;
    private final List<Check> checks;

    /**
     * @param connector with the login that the service uses: what it may do is judged
     * @param checks in the order of the diagnosis
     */
    public Doctor(Connector connector, List<Check> checks) {
        this.connector = connector;
        this.checks = List.copyOf(checks);
    }

    /**
     * Examines the database over one connection. Never throws: where no connection can be had, that is the one finding.
     * Blocks for as long as the server takes to answer.
     */
    public Diagnosis examine() {
        try (Connection connection = connector.connect()) {
            connection.setAutoCommit(true);
            return new Diagnosis(
                    checks.stream().map(check -> check.run(connection)).toList());
        } catch (SQLException e) {
            return new Diagnosis(List.of(ConnectionFailure.explain(e)));
        }
    }
}
