package dev.campfire.realtime.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.EventsApi;
import dev.campfire.realtime.support.Follower.Received;
import dev.campfire.realtime.support.MessageCopy;
import dev.campfire.realtime.support.ResumingClient;
import dev.campfire.realtime.support.SmallDisk;
import dev.campfire.realtime.support.Tokens;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A journal on a disk that has no room. */
class FullDiskIT extends OneFault {

    FullDiskIT(Backend backend) {
        super(backend);
    }

    @Test
    void a_full_disk_stops_acknowledging_but_not_delivery_and_heals_by_itself() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(64)) {
            assumeTrue(disk.isSmall(), "no small file system could be mounted: not tested");
            Conversation conversation = start(disk.folder().resolve("journal"));
            MessageCopy messages = new MessageCopy(conversation);
            messages.copy(0, 1000);
            awaitCount(1000);
            disk.fill();

            messages.copy(1000, 20_000);
            awaitCount(20_000);

            assertThat(service.awaitUnhealthy().body()).contains("the journal can't be written");
            String confirmed = confirmed();
            conversation.say("20000");
            awaitCount(20_001);
            assertThat(confirmed()).isEqualTo(confirmed);
            disk.empty();
            service.awaitHealthy();
            await().atMost(PATIENCE).until(() -> !confirmed().equals(confirmed));
            assertThat(contents()).isEqualTo(MessageCopy.contents(20_001));
            assertThat(client.joins()).isEqualTo(1);
            assertContiguous();
            service.kill();
            service = settings.startHealthy();
            conversation.say("20001");
            awaitCount(20_002);
            assertThat(client.unrecovered()).isEmpty();
            assertThat(contents()).isEqualTo(MessageCopy.contents(20_002));
            assertContiguous();
            stop();
        }
    }

    @Test
    void who_comes_again_while_the_disk_is_full_is_told_that_something_is_missing_and_is_live() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(64)) {
            assumeTrue(disk.isSmall(), "no small file system could be mounted: not tested");
            Conversation conversation = start(disk.folder().resolve("journal"));
            new MessageCopy(conversation).copy(0, 100);
            awaitCount(100);
            disk.fill();
            new MessageCopy(conversation).copy(100, 20_000);
            awaitCount(20_000);
            service.awaitUnhealthy();

            client.cut();
            await().atMost(PATIENCE).until(() -> client.joins() >= 2);
            conversation.say("live");

            await().atMost(PATIENCE).until(() -> contents().getLast().equals("live"));
            assertThat(client.unrecovered()).hasSize(1);
            disk.empty();
            client.cut();
            try (ResumingClient newcomer = client(conversation)) {
                service.awaitHealthy();
                await().atMost(PATIENCE).until(() -> newcomer.joins() == 1);
                conversation.say("kept again");
                await().atMost(PATIENCE).until(() -> contents().getLast().equals("kept again"));
                await().atMost(PATIENCE).until(() -> newcomer.count() > 0);
                assertThat(newcomer.received().stream().map(Received::content)).containsExactly("kept again");
            }
            assertThat(contents().stream().distinct()).hasSameSizeAs(contents());
            stop();
        }
    }

    @Test
    void a_service_that_starts_on_a_full_disk_delivers_and_keeps_when_there_is_room() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(64)) {
            assumeTrue(disk.isSmall(), "no small file system could be mounted: not tested");
            Conversation conversation = start(disk.folder().resolve("journal"));
            conversation.say("before");
            awaitCount(1);
            service.terminate(Duration.ofSeconds(10));
            disk.fill();
            conversation.say("while it was down");

            service = settings.start();
            await().atMost(PATIENCE).until(() -> client.joins() >= 2);
            conversation.say("while the disk was full");
            await().atMost(PATIENCE).until(() -> contents().getLast().equals("while the disk was full"));

            assertThat(service.awaitUnhealthy().body()).contains("the journal can't be written");
            disk.empty();
            service.awaitHealthy();
            client.cut();
            conversation.say("after");
            await().atMost(PATIENCE).until(() -> contents().getLast().equals("after"));
            try (EventsApi api = new EventsApi(
                    service.port(), Tokens.authenticated(conversation.agent().toString()))) {
                assertThat(api.all(conversation.channel(), null, 100).stream()
                                .map(event ->
                                        event.at("/payload/record/content").asText())
                                .filter(content -> !content.isEmpty()))
                        .containsExactly("before", "while it was down", "while the disk was full", "after");
            }
            stop();
        }
    }
}
