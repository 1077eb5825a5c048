package dev.campfire.realtime.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TurnTest {

    @Test
    void each_of_many_channels_gets_its_own_in_order_turn_after_turn() {
        TextFormat format = new TextFormat();
        List<LocalChannel> channels = new ArrayList<>();
        List<RecordingOutlet> outlets = new ArrayList<>();
        List<StringBuilder> expected = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            channels.add(new LocalChannel(ChannelKey.joined("room:" + i, false), null));
            outlets.add(new RecordingOutlet());
            expected.add(new StringBuilder());
            channels.getLast().join(outlets.getLast(), format, "realtime:room:" + i, null);
        }
        Turn turn = new Turn();
        for (int round = 1; round <= 3; round++) {
            for (int n = 0; n < 1000; n++) {
                int channel = n * 7 % (100 * round);
                String payload = round + "." + n;
                Message message = new Message.Push("broadcast", payload.getBytes(StandardCharsets.UTF_8));
                turn.add(new Delivery(channels.get(channel), message, List.of()));
                expected.get(channel).append(payload).append(';');
            }
            assertThat(turn.channels()).isEqualTo(100 * round);
            List<Outlet> unflushed = new ArrayList<>();
            assertThat(turn.deliver(new UnpooledByteBufAllocator(true), unflushed, false))
                    .isEqualTo(1000);
            unflushed.forEach(Outlet::flush);
            assertThat(turn.channels()).isZero();
        }
        for (int i = 0; i < outlets.size(); i++) {
            assertThat(outlets.get(i).received()).isEqualTo(expected.get(i).toString());
        }
    }
}
