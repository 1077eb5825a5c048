package dev.campfire.realtime.support;

import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** A Postgres in a container. The port on the host is chosen here, because Docker would choose another at a restart. */
final class ContainerServer implements PostgresServer {

    private final PostgreSQLContainer container;
    private final String image;
    private final int port;
    private @Nullable Leash leash;

    ContainerServer(String image, Map<String, String> settings) {
        this.image = image;
        this.port = FreePort.choose();
        List<String> command = new ArrayList<>(List.of("postgres"));
        settings.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        this.container = new PostgreSQLContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("postgres"))
                .withUsername(SUPERUSER)
                .withPassword(PASSWORD)
                .withDatabaseName("postgres")
                .withCommand(command.toArray(String[]::new));
        container.setPortBindings(List.of(port + ":" + PostgreSQLContainer.POSTGRESQL_PORT));
    }

    @Override
    public String description() {
        return "Postgres in a container of " + image;
    }

    @Override
    public String host() {
        return container.getHost();
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void start() {
        if (container.getContainerId() == null) {
            container.start();
            leash = Leash.running("docker rm --force --volumes " + container.getContainerId());
            return;
        }
        container
                .getDockerClient()
                .startContainerCmd(container.getContainerId())
                .exec();
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(SQLException.class)
                .until(() -> {
                    try (Connection connection = connect("postgres")) {
                        return connection.isValid(1);
                    }
                });
    }

    @Override
    public void stop() {
        container.getDockerClient().stopContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void kill() {
        // The postmaster is the container's first process: with it, all of them go at once.
        container
                .getDockerClient()
                .killContainerCmd(container.getContainerId())
                .withSignal("KILL")
                .exec();
        container
                .getDockerClient()
                .waitContainerCmd(container.getContainerId())
                .start()
                .awaitStatusCode();
    }

    @Override
    public void close() {
        container.stop();
        if (leash != null) {
            leash.close();
            leash = null;
        }
    }
}
