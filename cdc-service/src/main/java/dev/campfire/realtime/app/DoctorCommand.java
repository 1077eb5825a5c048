package dev.campfire.realtime.app;

import dev.campfire.realtime.capture.CaptureSettings;
import dev.campfire.realtime.capture.DatabaseSettings;
import dev.campfire.realtime.operations.CaptureNames;
import dev.campfire.realtime.operations.Check;
import dev.campfire.realtime.operations.CheckList;
import dev.campfire.realtime.operations.Diagnosis;
import dev.campfire.realtime.operations.DiagnosisText;
import dev.campfire.realtime.operations.Doctor;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Examines a database. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Examines a database with the login that the service uses (DATABASE_URL, or DB_HOST and its siblings):"
                    + " wal_level, free slots and senders, the publication and its tables, replica identities, roles,"
                    + " privileges, the slot and its lag, the clock, the mapping.",
            "Prints a line for each finding (ok, warn, FAIL) and below it the statement that mends it.",
            "Exit status: 0 when the service can do its work, 1 when something fails.",
            ""
        })
final class DoctorCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", description = "A YAML file with the environment's names.")
    private @Nullable Path config;

    DoctorCommand() {}

    @Override
    public Integer call() throws SettingsException {
        Map<String, String> values = ConfigFile.under(System.getenv(), config);
        CaptureSettings capture = Settings.readCapture(values);
        DatabaseSettings database = capture.database();
        PrintWriter out = spec.commandLine().getOut();
        out.println("Examining " + database + " ...");
        out.flush();
        Diagnosis diagnosis = new Doctor(
                        () -> DriverManager.getConnection(
                                database.url(), database.properties("campfire-realtime doctor")),
                        checks(capture, values))
                .examine();
        out.print(new DiagnosisText().render(diagnosis));
        out.flush();
        return diagnosis.exitStatus();
    }

    private static List<Check> checks(CaptureSettings capture, Map<String, String> values) {
        List<Check> checks = new ArrayList<>(
                new CheckList(new CaptureNames(capture.publication(), capture.slot()), InstantSource.system())
                        .everything());
        Environment environment = new Environment(values);
        MappingFile mapping = MappingFile.read(environment);
        try {
            environment.requireNoProblems();
            checks.add(MappingFit.check(mapping, capture.publication()));
        } catch (SettingsException e) {
            checks.add(MappingFit.unreadable(e));
        }
        return checks;
    }
}
