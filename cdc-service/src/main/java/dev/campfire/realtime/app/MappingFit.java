package dev.campfire.realtime.app;

import dev.campfire.realtime.capture.Relation;
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
 * @param partitioned tables with rules whose changes come under the names of their partitions, which have none
 */
record MappingFit(
        List<Mistake> mistakes, List<String> missing, List<TableRules> unpublished, List<TableRules> partitioned) {

    private static final String NAME = "mapping";

    /** Looks at each table that has rules. Changes nothing. */
    static MappingFit of(MappingRules rules, Connection connection, String publication) throws SQLException {
        TableReader tables = new TableReader(connection, publication);
        List<Mistake> mistakes = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        List<TableRules> unpublished = new ArrayList<>();
        List<TableRules> partitioned = new ArrayList<>();
        for (TableRules table : rules.tables()) {
            Optional<TableReader.Found> found = tables.find(table.schema(), table.table());
            if (found.isEmpty()) {
                missing.add(table.name());
                continue;
            }
            Relation relation = found.get().relation();
            mistakes.addAll(CompiledTable.checked(table, relation, tables.enumLabels(relation))
                    .mistakes());
            switch (found.get().publishing()) {
                case AS_ITSELF -> {}
                case BY_PARTITIONS -> partitioned.add(table);
                case NOT_AT_ALL -> unpublished.add(table);
            }
        }
        return new MappingFit(mistakes, missing, unpublished, partitioned);
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
        if (!unheard().isEmpty() && !file.isBuiltIn()) {
            return Finding.warn(NAME, String.join("; ", unheard()), remedy(publication));
        }
        return Finding.ok(NAME, file.title() + ", " + file.size());
    }

    /** Of which rules nobody hears, and why: a line for each reason. */
    List<String> unheard() {
        List<String> lines = new ArrayList<>();
        if (!unpublished.isEmpty()) {
            lines.add("not published, so that their rules make no events: " + names(unpublished));
        }
        if (!partitioned.isEmpty()) {
            lines.add("published under the names of their partitions, so that their rules make no events: "
                    + names(partitioned));
        }
        return lines;
    }

    /** The statements after which they are heard. */
    String remedy(String publication) {
        List<String> statements = new ArrayList<>();
        unpublished.forEach(table -> statements.add("ALTER PUBLICATION " + quoted(publication) + " ADD TABLE "
                + quoted(table.schema()) + "." + quoted(table.table()) + ";"));
        if (!partitioned.isEmpty()) {
            statements.add("ALTER PUBLICATION " + quoted(publication) + " SET (publish_via_partition_root = true);");
        }
        return String.join(System.lineSeparator(), statements);
    }

    private static String names(List<TableRules> tables) {
        return String.join(", ", tables.stream().map(TableRules::name).toList());
    }

    private static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
