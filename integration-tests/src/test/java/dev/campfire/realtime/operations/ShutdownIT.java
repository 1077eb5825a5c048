package dev.campfire.realtime.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.FreePort;
import dev.campfire.realtime.support.Json;
import dev.campfire.realtime.support.PhoenixMessage;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.ServiceProcess;
import dev.campfire.realtime.support.SharedBackend;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** SIGTERM: accepting ends, sockets are told, the slot is moved on, and the process is gone within five seconds. */
@ExtendWith(SharedBackend.class)
class ShutdownIT {

    private static final Duration ALLOWED = Duration.ofSeconds(5);

    private final Database database;
    private final Conversation conversation;

    ShutdownIT(Backend backend) {
        this.database = Database.create(backend.server());
        this.conversation = Conversation.open(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void ends_with_status_zero_within_five_seconds_while_sockets_are_open() {
        ServiceProcess service = ServiceProcess.forDatabase(database).startHealthy();
        try (PhoenixSocket one = PhoenixSocket.open(service.port(), "1.0.0");
                PhoenixSocket two = PhoenixSocket.open(service.port(), "2.0.0")) {
            one.join(conversation.channel());
            two.join(conversation.channel());

            // These clients answer no close frame, as a frozen browser tab does not.
            assertThat(service.terminate(ALLOWED)).isZero();
        }
    }

    @Test
    void tells_every_channel_and_closes_every_socket_with_1012() {
        ServiceProcess service = ServiceProcess.forDatabase(database).startHealthy();
        try (PhoenixSocket socket = PhoenixSocket.open(service.port(), "2.0.0")) {
            socket.join(conversation.channel());
            socket.join(conversation.channel("status"));

            service.terminate(ALLOWED);

            PhoenixMessage first = socket.awaitEvent("system");
            PhoenixMessage second = socket.awaitEvent("system");
            assertThat(first.payload())
                    .isEqualTo(
                            Json.read(
                                    "{\"extension\":\"system\",\"status\":\"ok\",\"message\":\"Server requested disconnect\"}"));
            assertThat(first.joinRef()).isNull();
            assertThat(new String[] {first.topic(), second.topic()})
                    .containsExactlyInAnyOrder(
                            "realtime:" + conversation.channel(), "realtime:" + conversation.channel("status"));
            assertThat(socket.raw().awaitClose().code()).isEqualTo(1012);
        }
    }

    @Test
    void accepts_nobody_afterwards() {
        ServiceProcess service = ServiceProcess.forDatabase(database).startHealthy();

        service.terminate(ALLOWED);

        assertThatThrownBy(() -> PhoenixSocket.open(service.port(), "2.0.0")).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void acknowledges_what_was_delivered_and_a_new_process_does_not_deliver_it_again() {
        ServiceProcess.Settings settings = ServiceProcess.forDatabase(database);
        ServiceProcess first = settings.startHealthy();
        String delivered;
        try (PhoenixSocket socket = PhoenixSocket.open(first.port(), "2.0.0")) {
            socket.join(conversation.channel());
            conversation.say("delivered by the first process");
            socket.awaitBroadcast("message:created");
            delivered = database.value("SELECT pg_current_wal_lsn()");
        }

        first.terminate(ALLOWED);

        assertThat(database.hasConfirmed(delivered))
                .as("the slot's position is at or beyond the delivered commit")
                .isTrue();
        try (ServiceProcess second = settings.startHealthy();
                PhoenixSocket socket = PhoenixSocket.open(second.port(), "2.0.0")) {
            socket.join(conversation.channel());
            conversation.say("delivered by the second process");
            PhoenixMessage message = socket.awaitBroadcast("message:created");
            assertThat(message.payload().at("/payload/record/content").asText())
                    .isEqualTo("delivered by the second process");
        }
    }

    @Test
    void ends_as_quickly_while_the_database_can_not_be_reached() {
        ServiceProcess service = ServiceProcess.forDatabase(database)
                .with("DB_PORT", Integer.toString(FreePort.choose()))
                .start();
        service.awaitUnhealthy();

        assertThat(service.terminate(ALLOWED)).isZero();
    }

    @Test
    void prints_no_stack_trace_on_the_way_out() {
        ServiceProcess service = ServiceProcess.forDatabase(database).startHealthy();
        conversation.say("something to have streamed");

        service.terminate(ALLOWED);

        assertThat(service.log()).noneMatch(line -> line.startsWith("\tat "));
    }
}
