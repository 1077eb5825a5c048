package dev.campfire.realtime.app;

import dev.campfire.realtime.capture.CaptureSettings;
import dev.campfire.realtime.mapping.RuleMapping;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the mapping's file against the database when the service starts, and reads it anew when it is told to. Rules that
 * can't be used never take the place of those in force.
 */
final class MappingReload {

    private static final Logger LOG = LoggerFactory.getLogger(MappingReload.class);

    private final CaptureSettings capture;
    private final RuleMapping mapping;
    private MappingFile file;

    MappingReload(CaptureSettings capture, MappingFile file, RuleMapping mapping) {
        this.capture = capture;
        this.file = file;
        this.mapping = mapping;
    }

    /**
     * Checks the rules with which the service starts. A database that can't be asked yet is no obstacle: rules that do not
     * fit are then off, from their table's first change on.
     *
     * @throws SettingsException when a rule of the operator's file does not fit its table
     */
    synchronized void check() throws SettingsException {
        try {
            check(file);
        } catch (SQLException e) {
            LOG.warn(
                    "{} could not be checked against the database yet ({}); rules that do not fit will be off.",
                    file.title(),
                    e.getSQLState());
        }
    }

    /** Says what of the built-in rules is off, because it does not fit. */
    void checkBuiltIn() {
        try {
            check();
        } catch (SettingsException e) {
            throw new IllegalStateException("nobody can mend the built-in rules", e);
        }
    }

    /** Reads the file again and maps by it from the next change on; what is wrong is logged, and the old rules stay. */
    synchronized void reload() {
        try {
            MappingFile fresh = file.again();
            check(fresh);
            mapping.replace(fresh.rules());
            file = fresh;
            LOG.info("Read {} again; {} in force.", fresh.title(), fresh.size());
        } catch (SettingsException e) {
            LOG.error(
                    "{} can't be used; the rules that were in force stay in force:{}  {}",
                    file.title(),
                    System.lineSeparator(),
                    String.join(System.lineSeparator() + "  ", e.problems()));
        } catch (SQLException e) {
            LOG.error(
                    "{} could not be checked against the database ({}); the rules that were in force stay in force.",
                    file.title(),
                    e.getSQLState());
        }
    }

    private void check(MappingFile fresh) throws SettingsException, SQLException {
        MappingFit fit;
        try (Connection connection = DriverManager.getConnection(
                capture.database().url(), capture.database().properties("campfire-realtime mapping"))) {
            fit = MappingFit.of(fresh.rules(), connection, capture.publication());
        }
        List<String> mistakes = MappingFile.lines(fit.mistakes());
        if (fresh.isBuiltIn()) {
            mistakes.forEach(mistake -> LOG.info("a rule of the built-in mapping is off: {}", mistake));
            return;
        }
        if (!mistakes.isEmpty()) {
            throw new SettingsException(mistakes);
        }
        fit.missing().forEach(table -> LOG.warn("{} has rules for {}, which is not there", fresh.title(), table));
        fit.unheard().forEach(line -> LOG.warn("{}: {}", fresh.title(), line));
    }
}
