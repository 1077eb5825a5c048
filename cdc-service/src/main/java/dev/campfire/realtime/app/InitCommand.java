package dev.campfire.realtime.app;

import dev.campfire.realtime.capture.DatabaseSettings;
import dev.campfire.realtime.operations.Applied;
import dev.campfire.realtime.operations.DatabaseSetup;
import dev.campfire.realtime.operations.ServerNotice;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prepares a database. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = {
            "Prepares a database: applies publication.sql, rls-policies.sql and realtime.sql, which create what is missing and leave"
                    + " alone what is there. It may be run again at any time.",
            "",
            "It connects as the environment says (DATABASE_URL, or DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME), which"
                    + " for this command must be a role that owns the tables and may create roles: a superuser, or"
                    + " postgres on Supabase. The service itself then logs in as campfire_realtime, which may do no more"
                    + " than it needs; give that role a password:  psql -c '\\password campfire_realtime'",
            ""
        })
final class InitCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Option(names = "--dry-run", description = "Print what would be run, and change nothing.")
    private boolean dryRun;

    @Option(names = "--config", paramLabel = "FILE", description = "A YAML file with the environment's names.")
    private @Nullable Path config;

    InitCommand() {}

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        DatabaseSetup setup = DatabaseSetup.shipped();
        if (dryRun) {
            out.println(setup.dryRun());
            return CommandLine.ExitCode.OK;
        }
        DatabaseSettings database =
                Settings.readCapture(ConfigFile.under(System.getenv(), config)).database();
        try (Connection connection = connect(database)) {
            for (Applied applied : setup.apply(connection)) {
                out.println("applied " + applied.script().name());
                applied.notices().forEach(notice -> print(out, notice));
            }
        }
        return CommandLine.ExitCode.OK;
    }

    private static Connection connect(DatabaseSettings database) throws SQLException {
        return DriverManager.getConnection(database.url(), database.properties("campfire-realtime init"));
    }

    private static void print(PrintWriter out, ServerNotice notice) {
        out.println("  " + notice.severity().toLowerCase(java.util.Locale.ROOT) + ": " + notice.text());
        if (notice.hint() != null) {
            out.println("    " + notice.hint());
        }
    }
}
