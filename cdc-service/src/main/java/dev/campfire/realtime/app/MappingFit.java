package dev.campfire.realtime.app;

import dev.campfire.realtime.capture.TableReader;
import dev.campfire.realtime.mapping.rules.CompiledTable;
import dev.campfire.realtime.mapping.rules.MappingRules;
import dev.campfire.realtime.mapping.rules.Mistake;
import dev.campfire.realtime.mapping.rules.TableRules;
import dev.campfire.realtime.operations.Check;
import dev.campfire.realtime.operations.Finding;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How rules fit the tables of a database.
 *
 * @param mistakes what does not go with the columns of tables that are there
 * @param missing tables with rules that are not there
 * @param unpublished tables with rules of whose changes nobody hears
 */
record MappingFit(List<Mistake> mistakes, List<String> missing, List<TableRules> unpublished) {

    private static final String NAME = "mapping";

    /** Looks at each table that has rules. Changes nothing. */
    static MappingFit of(MappingRules rules, Connection connection, String publication) throws SQLException {
        TableReader tables = new TableReader(connection, publication);
        List<Mistake> mistakes = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        List<TableRules> unpublished = new ArrayList<>();
        for (TableRules table : rules.tables()) {
            Optional<TableReader.Found> found = tables.find(table.schema(), table.table());
            if (found.isEmpty()) {
                missing.add(table.name());
                continue;
            }
            mistakes.addAll(CompiledTable.of(table, found.get().relation()).mistakes());
            if (!found.get().isPublished()) {
                unpublished.add(table);
            }
        }
        return new MappingFit(mistakes, missing, unpublished);
    }

    /** The doctor's check of a file. Of the built-in rules those that do not fit are off, and that is no failure. */
    static Check check(MappingFile file, String publication) {
        return new Check(
                NAME, connection -> of(file.rules(), connection, publication).finding(file, publication));
    }

    /** The doctor's check of a file that can't be read at all. */
    static Check unreadable(SettingsException failure) {
        return new Check(NAME, connection -> Finding.fail(NAME, String.join("; ", failure.problems()), null));
    }

    private Finding finding(MappingFile file, String publication) {
        if (!mistakes.isEmpty()) {
            String text = String.join("; ", MappingFile.lines(mistakes));
            return file.isBuiltIn()
                    ? Finding.warn(NAME, "rules of the built-in mapping are off: " + text, null)
                    : Finding.fail(NAME, text, null);
        }
        if (!missing.isEmpty() && !file.isBuiltIn()) {
            return Finding.warn(
                    NAME,
                    file.title() + " has rules for tables that are not there: " + String.join(", ", missing),
                    null);
        }
        if (!unpublished.isEmpty() && !file.isBuiltIn()) {
            return Finding.warn(
                    NAME,
                    "not published, so that their rules make no events: "
                            + String.join(
                                    ", ",
                                    unpublished.stream().map(TableRules::name).toList()),
                    unpublishedRemedy(publication));
        }
        return Finding.ok(NAME, file.title() + ", " + file.size());
    }

    /** The statements that publish the tables that are not. */
    String unpublishedRemedy(String publication) {
        return String.join(
                System.lineSeparator(),
                unpublished.stream()
                        .map(table -> "ALTER PUBLICATION " + quoted(publication) + " ADD TABLE "
                                + quoted(table.schema()) + "." + quoted(table.table()) + ";")
                        .toList());
    }

    private static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
