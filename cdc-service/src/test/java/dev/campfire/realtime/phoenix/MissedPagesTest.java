package dev.campfire.realtime.phoenix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.campfire.realtime.channel.FrameEncoder;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.journal.ReadPoint;
import dev.campfire.realtime.journal.Selection;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MissedPagesTest {

    private static final String TOPIC = "realtime:room";
    private static final Selection ROOM = Selection.channel("room", false);

    @TempDir
    Path folder;

    private RoomJournal journal;
    private MissedPages pages;

    @BeforeEach
    void open() throws Exception {
        journal = new RoomJournal(folder);
        pages = new MissedPages(journal.reader());
    }

    @AfterEach
    void close() {
        journal.close();
    }

    private void say(long lsn, String channel) {
        journal.say(lsn, channel, false);
    }

    private static List<String> ids(MissedPage page) {
        return Objects.requireNonNull(page.changes()).stream()
                .flatMap(change -> change.whole().stream())
                .map(message -> ((Message.Broadcast) message).id())
                .toList();
    }

    @Test
    void who_reads_the_same_gets_the_same_messages_and_bytes() throws Exception {
        say(10, "room");
        say(11, "room");
        MissedPage first = pages.walk(ROOM).read(journal.reader().oldest(), 10);
        FrameEncoder encoder = ProtocolVersion.V2.serializer().forTopic(TOPIC);

        MissedPage second = pages.walk(ROOM).read(journal.reader().oldest(), 10);

        assertThat(ids(second)).containsExactly(RoomJournal.id(10), RoomJournal.id(11));
        assertThat(second.isAtEnd()).isTrue();
        assertThat(second.changes()).isSameAs(first.changes());
        assertThat(frames(second, encoder, 0, 1).array())
                .isSameAs(frames(first, encoder, 0, 1).array());
    }

    private static ByteBuf frames(MissedPage page, FrameEncoder encoder, int... told) {
        return Objects.requireNonNull(page.frames(wording(told), encoder));
    }

    private static MissedPage.Wording wording(int... told) {
        BitSet places = new BitSet();
        IntStream.of(told).forEach(places::set);
        return new MissedPage.Wording(ProtocolVersion.V2.serializer(), TOPIC, places);
    }

    @Test
    void who_is_told_less_gets_other_bytes_which_are_kept_as_well() throws Exception {
        say(10, "room");
        say(11, "room");
        MissedPages.Walk walk = pages.walk(ROOM);
        MissedPage page = walk.readWhole(journal.reader().oldest(), 10);
        FrameEncoder encoder = ProtocolVersion.V2.serializer().forTopic(TOPIC);

        ByteBuf all = frames(page, encoder, 0, 1);
        ByteBuf last = frames(page, encoder, 1);

        assertThat(text(all)).contains(RoomJournal.id(10), RoomJournal.id(11));
        assertThat(text(last)).doesNotContain(RoomJournal.id(10)).contains(RoomJournal.id(11));
        assertThat(frames(page, encoder, 1).array()).isSameAs(last.array());
        assertThat(frames(page, encoder).isReadable()).isFalse();
    }

    @Test
    void a_page_that_is_kept_as_bytes_has_nothing_else() throws Exception {
        say(10, "room");
        say(11, "room");
        MissedPages.Walk walk = pages.walk(ROOM);
        ReadPoint oldest = journal.reader().oldest();
        FrameEncoder encoder = ProtocolVersion.V2.serializer().forTopic(TOPIC);
        ByteBuf first = frames(walk.read(oldest, 1), encoder, 0);

        MissedPage known = pages.walk(ROOM).read(oldest, 1);

        assertThat(known.changes()).isNull();
        assertThat(known.needs()).hasSize(1);
        assertThat(frames(known, encoder, 0).array()).isSameAs(first.array());
        assertThat(known.frames(wording(), encoder)).isNull();
        assertThat(ids(pages.walk(ROOM).readWhole(oldest, 1))).containsExactly(RoomJournal.id(10));
        MissedPage again = pages.walk(ROOM).read(oldest, 1);
        assertThat(text(frames(again, encoder, 0))).contains(RoomJournal.id(10));
        assertThat(again.changes()).as("somebody needed it before").isNotNull();
    }

    private static String text(ByteBuf frames) {
        return frames.toString(StandardCharsets.UTF_8);
    }

    @Test
    void what_was_the_end_when_it_was_read_is_not_taken_for_it_later() throws Exception {
        say(10, "room");
        assertThat(pages.walk(ROOM).read(journal.reader().oldest(), 10).isAtEnd())
                .isTrue();
        say(11, "elsewhere");
        say(12, "room");

        MissedPage page = pages.walk(ROOM).read(journal.reader().oldest(), 10);

        assertThat(ids(page)).containsExactly(RoomJournal.id(10));
        assertThat(page.isAtEnd()).isFalse();
        MissedPage behind = pages.walk(ROOM).read(page.next(), 10);
        assertThat(ids(behind)).containsExactly(RoomJournal.id(12));
        assertThat(behind.isAtEnd()).isTrue();
    }

    @Test
    void who_reads_far_alone_leaves_only_the_first_pages_to_others() throws Exception {
        for (int lsn = 10; lsn < 15; lsn++) {
            say(lsn, "room");
        }
        List<MissedPage> alone = readAll();
        List<MissedPage> next = readAll();
        List<MissedPage> last = readAll();

        assertThat(alone).hasSize(5);
        assertThat(whichAreTheSame(alone, next)).containsExactly(true, true, false, false, false);
        // The second has followed the first through two pages, so the third page may be asked for again.
        assertThat(whichAreTheSame(next, last)).containsExactly(true, true, true, false, false);
    }

    /** In pages of one event. */
    private List<MissedPage> readAll() throws IOException {
        MissedPages.Walk walk = pages.walk(ROOM);
        List<MissedPage> read = new ArrayList<>();
        ReadPoint point = journal.reader().oldest();
        boolean isAtEnd = false;
        while (!isAtEnd) {
            MissedPage page = walk.read(point, 1);
            read.add(page);
            point = page.next();
            isAtEnd = page.isAtEnd();
        }
        return read;
    }

    private static List<Boolean> whichAreTheSame(List<MissedPage> some, List<MissedPage> others) {
        return IntStream.range(0, some.size())
                .mapToObj(i -> some.get(i).changes() == others.get(i).changes())
                .toList();
    }

    @Test
    void bytes_are_kept_for_others_only_where_others_may_come() throws Exception {
        for (int lsn = 10; lsn < 13; lsn++) {
            say(lsn, "room");
        }
        Serializer arrays = ProtocolVersion.V2.serializer();

        List<Boolean> areTheSame = readAll().stream()
                .map(page -> {
                    ByteBuf first = frames(page, arrays.forTopic(TOPIC), 0);
                    ByteBuf second = frames(page, arrays.forTopic(TOPIC), 0);
                    assertThat(second).isEqualTo(first);
                    boolean isShared = first.hasArray() && first.array() == second.array();
                    first.release();
                    second.release();
                    return isShared;
                })
                .toList();

        assertThat(areTheSame).containsExactly(true, true, false);
    }

    @Test
    void each_protocol_and_topic_has_frames_of_its_own() throws Exception {
        say(10, "room");
        MissedPage page = pages.walk(ROOM).readWhole(journal.reader().oldest(), 10);
        Serializer objects = ProtocolVersion.V1.serializer();
        ByteBuf arrays = frames(page, ProtocolVersion.V2.serializer().forTopic(TOPIC), 0);

        assertThat(page.frames(new MissedPage.Wording(objects, TOPIC, wording(0).told()), objects.forTopic(TOPIC)))
                .isNotEqualTo(arrays);
    }

    @Test
    void what_is_not_kept_any_more_is_not_left_out_in_silence() {
        journal.begin(500);
        say(510, "room");

        assertThatThrownBy(() -> pages.walk(ROOM).read(ReadPoint.BEGINNING, 10)).isInstanceOf(IOException.class);
    }
}
