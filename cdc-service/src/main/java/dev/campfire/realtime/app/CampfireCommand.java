package dev.campfire.realtime.app;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line, as picocli reads it. Exit status: 0 fine, 1 a finding or a failure, 2 wrong usage. */
@Command(
        name = "campfire",
        mixinStandardHelpOptions = true,
        versionProvider = CampfireCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Gives an existing Postgres a realtime backend: every committed row change becomes a named event on a named"
                    + " channel, pushed over websockets that speak Supabase Realtime's protocol.",
            ""
        },
        footer = {
            "",
            "To look around without a database of your own:  campfire demo",
            "For a Postgres that you have:  campfire doctor, campfire init, campfire serve",
            "To measure it on this machine:  campfire bench --help",
            "Exit status: 0 fine, 1 a finding or a failure, 2 wrong usage."
        })
final class CampfireCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run()
    private CommandSpec spec;

    /** In the order of the help. Each costs milliseconds to be looked at, which who names one of them has no use for. */
    private static final List<Class<?>> COMMANDS = List.of(
            DemoCommand.class,
            ServeCommand.class,
            InitCommand.class,
            DoctorCommand.class,
            MapCommand.class,
            TokenCommand.class,
            JournalCommand.class,
            ReplayCommand.class,
            TrainCommand.class,
            BackfillCommand.class,
            CommandLine.HelpCommand.class);

    CampfireCommand() {}

    static int run(String... arguments) {
        return commandLine(arguments).execute(arguments);
    }

    /** The command line with the rules for errors that all commands share, and the one command that is meant, if it is plain. */
    static CommandLine commandLine(String... arguments) {
        CommandLine line = new CommandLine(new CampfireCommand());
        List<Class<?>> meant = COMMANDS.stream()
                .filter(command -> arguments.length > 0
                        && command != CommandLine.HelpCommand.class
                        && command.getAnnotation(Command.class).name().equals(arguments[0]))
                .toList();
        (meant.isEmpty() ? COMMANDS : meant).forEach(line::addSubcommand);
        return line.setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler((failure, command, result) -> {
                    command.getErr().println(FailureText.of(failure));
                    return FailureText.status(failure);
                });
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do: a command is missing.");
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = CampfireCommand.class.getPackage().getImplementationVersion();
            return new String[] {"campfire " + (version == null ? "(not packaged)" : version)};
        }
    }
}
