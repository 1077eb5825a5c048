package dev.campfire.realtime.app;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the service against an existing database. */
@Command(
        name = ServeCommand.NAME,
        mixinStandardHelpOptions = true,
        description = {
            "Serves an existing Postgres: reads its publication and pushes every change to the subscribers.",
            "SIGTERM and Ctrl-C end it in order, with status 0, within five seconds.",
            "",
            "Settings come from the environment:",
            "  API_JWT_SECRET            the secret that clients' tokens are signed with; must be set",
            "  DATABASE_URL              postgres://user:password@host:5432/database?sslmode=require",
            "  DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME, DB_SSL, DB_SSL_CA_CERT",
            "                            the same in parts (127.0.0.1, 5432, campfire_realtime, -, postgres, false, -)",
            "  PORT                      where to listen (4000)",
            "  SLOT_NAME_SUFFIX          keeps the replication slots of several services apart",
            "  MAX_CONNECTIONS           how many connections there may be (100000)",
            "  TENANT_MAX_CHANNELS_PER_CLIENT   how many channels one socket may join (1000)",
            "  CAMPFIRE_HOST             the address to listen on (0.0.0.0)",
            "  CAMPFIRE_PUBLICATION      the publication to read (supabase_realtime)",
            "  CAMPFIRE_SLOT             the replication slot's name (campfire_realtime)",
            "  CAMPFIRE_MAPPING          a YAML file of rules: which changes become which events (the standard's);"
                    + " SIGHUP reads it again",
            "  CAMPFIRE_IDLE_TIMEOUT     when a silent socket is ended (3m)",
            "  CAMPFIRE_OUTBOUND_LIMIT   how much may wait for one slow socket before it is ended (16MiB)",
            "  CAMPFIRE_TRANSPORT        auto, epoll, io_uring or nio (auto: epoll where there is one)",
            "  CAMPFIRE_COMPRESSION      whether messages are compressed for clients that offer permessage-deflate (false)",
            "  CAMPFIRE_JOURNAL          the directory of the event journal, or none (data/journal)",
            "  CAMPFIRE_JOURNAL_AGE      how long events are kept (72h)",
            "  CAMPFIRE_JOURNAL_BYTES    how many bytes of events are kept (10GB)",
            "  CAMPFIRE_LOG_LEVEL        error, warn, info, debug (info)",
            "There are more, for tokens, limits and signals: README.md has all of them.",
            "Others of Supabase's container are accepted and ignored.",
            ""
        },
        footer = {
            "",
            "Example:",
            "  DATABASE_URL=postgres://campfire_realtime:secret@localhost/postgres API_JWT_SECRET=... campfire serve",
            "The database needs wal_level=logical and a publication:  campfire doctor  says what is missing."
        })
final class ServeCommand implements Callable<Integer> {

    static final String NAME = "serve";

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A YAML file with the same names (PORT: 4000); the environment wins over it.")
    private @Nullable Path config;

    ServeCommand() {}

    @Override
    public Integer call() throws Exception {
        ServedService service = ServedService.start(ConfigFile.under(System.getenv(), config));
        UntilStopped.run(service::close);
        return CommandLine.ExitCode.OK;
    }
}
