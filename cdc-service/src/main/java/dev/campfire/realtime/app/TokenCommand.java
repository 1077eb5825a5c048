package dev.campfire.realtime.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.campfire.realtime.identity.TokenMinter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Mints a token for development. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Prints a development token, signed with API_JWT_SECRET, and nothing else.",
            "Without API_JWT_SECRET the secret of the demo is used, which is Supabase's for local development.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  campfire token --role anon",
            "  campfire token --role authenticated --sub 5f0c6a1e-0b1d-4c53-9d0c-3f5b8f0f8a11 --ttl 8h",
            "  campfire token --role anon --claim organization_id=b5e80170-004c-4e82-a88c-3e2166b169dd"
        })
final class TokenCommand implements Callable<Integer> {

    private static final Set<String> OWN_OPTIONS = Set.of("role", "sub", "exp", "iat");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The roles that Supabase's policies know. */
    enum Role {
        anon,
        authenticated,
        service_role
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Option(
            names = "--role",
            required = true,
            paramLabel = "ROLE",
            description = "The role to act as: ${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("NullAway.Init")
    private Role role;

    @Option(names = "--sub", paramLabel = "UUID", description = "The user that the token stands for (auth.uid()).")
    private @Nullable UUID subject;

    @Option(
            names = "--claim",
            paramLabel = "NAME=VALUE",
            description = "A further claim; repeatable. A value that is JSON stays what it is, any other is a text.")
    private Map<String, String> claims = new LinkedHashMap<>();

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            defaultValue = "1h",
            description = "How long it is good, such as 30s, 15m, 1h or 365d. Default: ${DEFAULT-VALUE}.")
    private String ttl = "1h";

    TokenCommand() {}

    @Override
    public Integer call() {
        Map<String, @Nullable Object> extra = new LinkedHashMap<>();
        claims.forEach((name, value) -> {
            if (OWN_OPTIONS.contains(name)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "The claim " + name + " is set by --role, --sub and --ttl, not by --claim.");
            }
            extra.put(name, value(value));
        });
        String secret = DemoSecret.orFrom(System.getenv());
        TokenMinter minter = new TokenMinter(secret, InstantSource.system());
        spec.commandLine()
                .getOut()
                .println(minter.mint(role.name(), subject == null ? null : subject.toString(), extra, lifetime()));
        return CommandLine.ExitCode.OK;
    }

    private Duration lifetime() {
        try {
            Duration lifetime = Environment.parseDuration(ttl);
            if (lifetime.toSeconds() > 0) {
                return lifetime;
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            // Said below, for both cases.
        }
        throw new ParameterException(
                spec.commandLine(),
                "--ttl must be a time of a second or more such as 30s, 15m, 1h or 365d, not " + ttl);
    }

    private static @Nullable Object value(String text) {
        try {
            return JSON.readValue(text, Object.class);
        } catch (JsonProcessingException e) {
            return text;
        }
    }
}
