package dev.campfire.realtime.app;

import dev.campfire.realtime.capture.DatabaseSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Inserts a message into the demo's conversation: what an application would do with its own client. */
@Command(
        name = "insert",
        mixinStandardHelpOptions = true,
        description = "Inserts a message into the sample conversation of a running demo, and prints its id.")
final class DemoInsertCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "CONTENT", defaultValue = "Hello", description = "What it says.")
    private String content = "Hello";

    @Option(names = "--pg-port", paramLabel = "PORT", defaultValue = "54322", description = "Where Postgres listens.")
    private int postgresPort;

    @Option(
            names = "--from",
            paramLabel = "TYPE",
            defaultValue = "customer",
            description = "Who says it: customer, agent or system. Default: ${DEFAULT-VALUE}.")
    private String sender = "customer";

    DemoInsertCommand() {}

    @Override
    public Integer call() throws Exception {
        DatabaseSettings database = new DatabaseSettings(
                "localhost", postgresPort, DemoDatabase.NAME, DemoDatabase.SUPERUSER, DemoDatabase.PASSWORD, Map.of());
        try (Connection connection =
                DriverManager.getConnection(database.url(), database.properties("campfire-realtime demo"))) {
            spec.commandLine().getOut().println(DemoRows.insertMessage(connection, content, sender));
        }
        return CommandLine.ExitCode.OK;
    }
}
