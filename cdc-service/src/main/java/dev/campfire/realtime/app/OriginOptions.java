package dev.campfire.realtime.app;

import dev.campfire.realtime.journal.StoredJournal;
import dev.campfire.realtime.replay.tool.ReplayTool.Origin;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which journal is meant: that of a running service, or a directory. */
final class OriginOptions {

    private static final String TOKEN = "CAMPFIRE_TOKEN";
    private static final String URL = "CAMPFIRE_URL";

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "A running service: http://localhost:4000, or what a gateway calls it. Default: CAMPFIRE_URL.")
    private @Nullable URI url;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description =
                    "A token of service_role for it. Default: CAMPFIRE_TOKEN, which, unlike an option, other users of"
                            + " the machine do not see.")
    private @Nullable String token;

    @Option(
            names = "--journal",
            paramLabel = "DIR",
            description =
                    "The directory of a service that does not run. Without --url and --journal it is CAMPFIRE_JOURNAL,"
                            + " or data/journal; and when a service has that open, http://localhost:4000 (PORT).")
    private @Nullable Path folder;

    /** @param isLive whether only a running service will do */
    Origin origin(CommandLine command, Map<String, String> variables, boolean isLive)
            throws IOException, SettingsException {
        Environment environment = new Environment(variables);
        if (url != null && folder != null) {
            throw new ParameterException(command, "--url and --journal are given both: say which one is meant.");
        }
        if (folder != null) {
            if (isLive) {
                throw new ParameterException(command, "--follow and --live need a running service: --url.");
            }
            return directory(folder.toAbsolutePath().normalize());
        }
        Optional<String> known = environment.text(URL);
        if (url != null || known.isPresent()) {
            return server(command, environment, url == null ? address(command, known.get()) : url);
        }
        Path configured = configured(environment);
        boolean isThere = configured != null && StoredJournal.isIn(configured);
        if (configured != null && isThere && !isLive && !StoredJournal.isInUse(configured)) {
            return new Origin.Directory(configured);
        }
        if (!isThere && !isLive && token == null && environment.text(TOKEN).isEmpty()) {
            throw new IOException("There is no journal in " + configured
                    + ". Say with --journal where it is, or with --url which service to ask.");
        }
        int port = environment.number("PORT", 4000, 1, 65_535);
        environment.requireNoProblems();
        return server(command, environment, URI.create("http://localhost:" + port));
    }

    private static Origin directory(Path place) throws IOException {
        if (StoredJournal.isInUse(place)) {
            throw new IOException("A service has the journal in " + place + " open. Ask the service: --url.");
        }
        return new Origin.Directory(place);
    }

    private static @Nullable Path configured(Environment environment) throws SettingsException {
        var settings = Settings.journal(environment);
        environment.requireNoProblems();
        return settings == null ? null : settings.folder();
    }

    private static URI address(CommandLine command, String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command, URL + " is no address: " + text);
        }
    }

    private Origin server(CommandLine command, Environment environment, URI address) {
        if (!List.of("http", "https").contains(String.valueOf(address.getScheme())) || address.getHost() == null) {
            throw new ParameterException(
                    command, "A service's address begins with http:// or https://, not " + address);
        }
        Optional<String> known = token == null ? environment.text(TOKEN) : Optional.of(token);
        String bearer = known.map(String::strip).orElse("");
        if (bearer.isEmpty() || bearer.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new ParameterException(
                    command,
                    "To ask " + address
                            + " a token of service_role is needed: --token or CAMPFIRE_TOKEN;  campfire token"
                            + " --role service_role  makes one.");
        }
        return new Origin.Server(address, bearer);
    }
}
