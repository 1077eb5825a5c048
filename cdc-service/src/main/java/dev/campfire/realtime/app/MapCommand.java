package dev.campfire.realtime.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.capture.CaptureSettings;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.TableReader;
import dev.campfire.realtime.mapping.Explanation;
import dev.campfire.realtime.mapping.rules.CompiledTable;
import dev.campfire.realtime.mapping.rules.MappingRules;
import dev.campfire.realtime.mapping.rules.TableRules;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads a mapping, and explains what it makes of a change. */
@Command(
        name = "map",
        mixinStandardHelpOptions = true,
        description = {
            "Reads the mapping (CAMPFIRE_MAPPING, or the built-in one) and says what is wrong with it.",
            "With --explain it shows what a change becomes: which rules match and why the others do not, the channels,"
                    + " the names, the payload.",
            "The columns' types are those of the database where DATABASE_URL or DB_HOST is set, and otherwise guessed"
                    + " from the values.",
            "Exit status: 0 when the mapping can be used, 1 when it can't, 2 for wrong usage.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  campfire map --explain --table messages --operation UPDATE --old '{\"status\":\"sent\", ...}' --new '{...}'",
            "  campfire map --explain '{\"table\":\"orders\",\"operation\":\"INSERT\",\"new\":{\"id\":1}}'",
            "  campfire map --explain -          (the change in JSON from the standard input)",
            "  campfire map --print > mapping.yaml          (the built-in mapping, to begin with)"
        })
final class MapCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", description = "A YAML file with the environment's names.")
    private @Nullable Path config;

    @Option(names = "--mapping", paramLabel = "FILE", description = "The mapping, instead of CAMPFIRE_MAPPING.")
    private @Nullable Path mapping;

    @Option(names = "--print", description = "Prints the built-in mapping.")
    private boolean print;

    @Option(names = "--explain", description = "Shows what a change becomes.")
    private boolean explain;

    @Option(names = "--schema", paramLabel = "NAME", description = "The changed table's schema (public).")
    private String schema = "public";

    @Option(names = "--table", paramLabel = "NAME", description = "The changed table.")
    private @Nullable String table;

    @Option(names = "--operation", paramLabel = "NAME", description = "INSERT, UPDATE or DELETE.")
    private @Nullable String operation;

    @Option(names = "--new", paramLabel = "JSON", description = "The new row.")
    private @Nullable String after;

    @Option(names = "--old", paramLabel = "JSON", description = "The old row.")
    private @Nullable String before;

    @Parameters(arity = "0..1", paramLabel = "CHANGE", description = "The change in JSON; - for the standard input.")
    private @Nullable String change;

    MapCommand() {}

    @Override
    public Integer call() throws SettingsException, IOException, SQLException {
        PrintWriter out = spec.commandLine().getOut();
        if (print) {
            out.print(MappingRules.builtInText());
            out.flush();
            return CommandLine.ExitCode.OK;
        }
        Map<String, String> values = ConfigFile.under(System.getenv(), config);
        MappingFile file = readable(values);
        if (file == null) {
            return CommandLine.ExitCode.SOFTWARE;
        }
        if (!explain) {
            return check(file, values, out);
        }
        DescribedChange described;
        try {
            described = described();
        } catch (SettingsException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), String.join("; ", e.problems()));
        }
        return explain(file, described, values, out);
    }

    /** The mapping; null when it can't be used, which is told. */
    private @Nullable MappingFile readable(Map<String, String> values) {
        try {
            if (mapping != null) {
                return MappingFile.read(mapping);
            }
            Environment environment = new Environment(values);
            MappingFile file = MappingFile.read(environment);
            environment.requireNoProblems();
            return file;
        } catch (SettingsException e) {
            e.problems().forEach(spec.commandLine().getErr()::println);
            return null;
        }
    }

    private static boolean knowsDatabase(Map<String, String> values) {
        Environment environment = new Environment(values);
        return environment.text("DATABASE_URL").isPresent()
                || environment.text("DB_HOST").isPresent();
    }

    private static Connection connect(CaptureSettings capture) throws SQLException {
        return DriverManager.getConnection(
                capture.database().url(), capture.database().properties("campfire-realtime map"));
    }

    private int check(MappingFile file, Map<String, String> values, PrintWriter out)
            throws SettingsException, SQLException {
        if (knowsDatabase(values)) {
            CaptureSettings capture = Settings.readCapture(values);
            try (Connection connection = connect(capture)) {
                MappingFit fit = MappingFit.of(file.rules(), connection, capture.publication());
                fit.missing().forEach(name -> out.println("There is no table " + name + "."));
                if (!fit.unheard().isEmpty()) {
                    fit.unheard().forEach(out::println);
                    out.println(fit.remedy(capture.publication()));
                }
                fit.mistakes().forEach(spec.commandLine().getErr()::println);
                if (!fit.mistakes().isEmpty() && !file.isBuiltIn()) {
                    return CommandLine.ExitCode.SOFTWARE;
                }
            }
        }
        out.println(
                file.title() + ": " + file.size() + (knowsDatabase(values) ? "" : " (not checked against a database)"));
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private DescribedChange described() throws SettingsException, IOException {
        if (change != null) {
            String json = change.equals("-") ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8) : change;
            return DescribedChange.parse(json);
        }
        JsonNode newRow = after == null ? null : DescribedChange.object(after, "--new");
        JsonNode oldRow = before == null ? null : DescribedChange.object(before, "--old");
        return DescribedChange.of(
                schema, table == null ? "" : table, operation == null ? "" : operation, newRow, oldRow);
    }

    private int explain(MappingFile file, DescribedChange described, Map<String, String> values, PrintWriter out)
            throws SettingsException, SQLException {
        TableRules rules = file.rules().find(described.schema(), described.table());
        if (rules == null) {
            out.println("No event: " + file.title() + " has no rules for " + described.schema() + "."
                    + described.table() + ".");
            out.flush();
            return CommandLine.ExitCode.OK;
        }
        boolean fromDatabase = knowsDatabase(values);
        CompiledTable compiled = fromDatabase
                ? fromCatalog(rules, described, values)
                : CompiledTable.of(rules, described.guessedTable());
        Relation relation = compiled.relation();
        out.println(described.operation() + " of " + rules.name() + ", by " + file.title() + "; columns "
                + (fromDatabase
                        ? "as they are in the database, replica identity " + relation.replicaIdentity()
                        : "guessed from the values"));
        described
                .unknownColumns(relation)
                .forEach(column -> out.println("The table has no column \"" + column + "\"; it is left out."));
        out.print(ExplanationText.of(Explanation.of(compiled, described.on(relation))));
        // What a rule lacks stands beside the rule.
        compiled.mistakes().stream()
                .filter(mistake -> compiled.rules().stream()
                        .noneMatch(rule -> rule.mistakes().contains(mistake)))
                .forEach(mistake -> out.println("all rules are off: " + mistake));
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private static CompiledTable fromCatalog(TableRules rules, DescribedChange described, Map<String, String> values)
            throws SettingsException, SQLException {
        CaptureSettings capture = Settings.readCapture(values);
        try (Connection connection = connect(capture)) {
            TableReader tables = new TableReader(connection, capture.publication());
            Relation relation = tables.find(described.schema(), described.table())
                    .map(TableReader.Found::relation)
                    .orElseThrow(() -> new SettingsException(
                            List.of("there is no table " + described.schema() + "." + described.table())));
            return CompiledTable.checked(rules, relation, tables.enumLabels(relation));
        }
    }
}
