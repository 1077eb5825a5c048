package dev.campfire.realtime.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.identity.TokenVerifier;
import dev.campfire.realtime.identity.Verification;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class CommandLineTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine line = CampfireCommand.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "serve", "init", "doctor", "token"})
    void explains_every_command(String command) {
        assertThat(run(command, "--help")).isZero();
        assertThat(out.toString()).contains("Usage: campfire " + command);
    }

    @Test
    void answers_wrong_usage_with_status_2() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("dance")).isEqualTo(2);
        assertThat(run("token")).isEqualTo(2);
        assertThat(run("token", "--role", "root")).isEqualTo(2);
        assertThat(run("token", "--role", "anon", "--ttl", "soon")).isEqualTo(2);
        assertThat(run("token", "--role", "anon", "--claim", "exp=1")).isEqualTo(2);
        assertThat(err.toString()).contains("exp");
    }

    @Test
    void prints_a_token_and_nothing_else() {
        String subject = "5f0c6a1e-0b1d-4c53-9d0c-3f5b8f0f8a11";
        int status = run(
                "token",
                "--role",
                "authenticated",
                "--sub",
                subject,
                "--claim",
                "n=7",
                "--claim",
                "s=x",
                "--ttl",
                "2h");

        assertThat(status).isZero();
        String secret = DemoSecret.orFrom(System.getenv());
        Verification verification = new TokenVerifier(List.of(secret), InstantSource.system())
                .verify(out.toString().strip());
        assertThat(verification).isInstanceOfSatisfying(Verification.Accepted.class, accepted -> {
            assertThat(accepted.claims().role()).isEqualTo("authenticated");
            assertThat(accepted.claims().subject()).isEqualTo(subject);
            assertThat(accepted.claims().all()).containsEntry("n", 7).containsEntry("s", "x");
            assertThat(Duration.between(Instant.now(), accepted.claims().expiresAt()))
                    .isBetween(Duration.ofMinutes(119), Duration.ofMinutes(120));
        });
    }

    @Test
    void prints_what_init_would_run_without_a_database() {
        assertThat(run("init", "--dry-run")).isZero();
        assertThat(out.toString())
                .contains("CREATE PUBLICATION supabase_realtime")
                .contains("CREATE POLICY");
    }

    @Test
    void tells_a_missing_config_file_in_a_line() {
        assertThat(run("serve", "--config", "/nowhere/campfire.yaml")).isEqualTo(2);
        assertThat(err.toString()).contains("/nowhere/campfire.yaml").doesNotContain("\tat ");
    }
}
