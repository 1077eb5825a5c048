package dev.campfire.realtime.phoenix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.campfire.realtime.phoenix.ResumeSource.Keeping;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients that resume while a journal keeps nothing. */
final class ResumeWithoutJournalTest {

    private static final String RESUME = "{'config':{'resume':{'after':'00000001000000000000000a00000000'}}}";

    private final SessionFixture sessions = new SessionFixture();

    @Test
    void who_was_told_that_it_goes_on_from_nowhere_gets_what_is_published_though_it_is_not_kept() {
        SessionFixture.Client speaker = sessions.connect(ProtocolVersion.V2);
        speaker.join("realtime:room", "1", "{}");
        // Nothing has been published when it asks where it goes on, and cannot be kept when it reads.
        sessions.publishing.answer(Keeping.ALL, Keeping.NOTHING);
        SessionFixture.Client client = sessions.connect(ProtocolVersion.V2);

        List<String> got = new ArrayList<>(client.join("realtime:room", "2", RESUME));
        speaker.send("['1','9','realtime:room','broadcast',{'type':'broadcast','event':'hello','payload':{}}]");

        await().untilAsserted(() -> {
            got.addAll(client.take());
            assertThat(got).anyMatch(message -> message.contains("'hello'"));
        });
        assertThat(got).anyMatch(message -> message.contains("'recovered':false"));
        assertThat(got).noneMatch(message -> message.contains("phx_error") || message.contains("phx_close"));
    }
}
