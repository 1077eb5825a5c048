package dev.campfire.realtime.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.Row;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.Position;
import dev.campfire.realtime.mapping.RowPayload;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What somebody is told of what was missed is the same whether it is made for them or chosen from what others get. */
final class RetellingTest {

    @RegisterExtension
    static final ThingsPostgres POSTGRES = new ThingsPostgres();

    private static final Viewer VIEWER = new Viewer("viewer", "{}");

    private final ThingsFeed things = new ThingsFeed(POSTGRES);
    private final Retelling retelling = new Retelling(POSTGRES.database(), things.visibility);

    private MissedChange insert(int id) {
        return missed(things.insert(id, "a"), RowPayload.Form.AS_IS);
    }

    private MissedChange update(RowPayload.Form form) {
        return missed(things.change(Operation.UPDATE, Row.of("1", "before"), Row.of("1", "after")), form);
    }

    private static MissedChange missed(Change change, RowPayload.Form form) {
        Position position = new Position(change.id(), 0);
        RowPayload row = new RowPayload(change, change.relation(), form, null, position);
        return new MissedChange(
                change, List.of(new Event(position, "room", "thing", change.commitTime(), row.render(), row)), false);
    }

    private static MissedChange note(Change change) {
        Event event = new Event(
                new Position(change.id(), 0),
                "id",
                "room",
                true,
                "note",
                change.commitTime(),
                false,
                "{}".getBytes(StandardCharsets.UTF_8));
        return new MissedChange(change, List.of(event), false);
    }

    /** The places that are told; null when a part of one is. What is retold is looked at beside it. */
    private @Nullable List<Integer> told(MissedChange... changes) throws Exception {
        List<MissedChange> missed = List.of(changes);
        List<Need> needs =
                missed.stream().flatMap(change -> change.needs().stream()).toList();
        List<Message> whole =
                missed.stream().flatMap(change -> change.whole().stream()).toList();
        assertThat(needs).hasSameSizeAs(whole);
        List<Message> retold = retelling.retell(missed, VIEWER, null);
        BitSet told = retelling.told(needs, VIEWER);
        if (told == null) {
            assertThat(retold).isNotEmpty().doesNotContainAnyElementsOf(whole);
            return null;
        }
        List<Integer> places = told.stream().boxed().toList();
        assertThat(retold).isEqualTo(places.stream().map(whole::get).toList());
        return places;
    }

    @Test
    void who_sees_all_is_told_all() throws Exception {
        assertThat(told(insert(1), insert(2), update(RowPayload.Form.AS_IS))).containsExactly(0, 1, 2);
    }

    @Test
    void what_tells_of_no_row_is_for_everybody() throws Exception {
        things.visibility.blind.add("viewer");

        assertThat(told(insert(1), note(things.insert(2, "b")), insert(3))).containsExactly(1);
    }

    @Test
    void each_image_has_to_be_seen_that_is_told_of() throws Exception {
        things.visibility.blindToNew.add("viewer");
        assertThat(told(update(RowPayload.Form.AS_IS), update(RowPayload.Form.DEPARTURE), insert(3)))
                .containsExactly(1);

        things.visibility.blindToNew.clear();
        things.visibility.blindToOld.add("viewer");
        assertThat(told(update(RowPayload.Form.ARRIVAL), update(RowPayload.Form.DEPARTURE), insert(3)))
                .containsExactly(0, 2);
    }

    @Test
    void where_a_part_is_told_it_has_to_be_made() throws Exception {
        things.visibility.blindToOld.add("viewer");
        assertThat(told(update(RowPayload.Form.AS_IS))).isNull();

        things.visibility.blindToOld.clear();
        things.visibility.columns.clear(1);
        assertThat(told(insert(1))).isNull();
    }

    @Test
    void without_the_key_nothing_is_told() throws Exception {
        things.visibility.columns.clear(0);

        assertThat(told(insert(1))).isEmpty();
    }

    @Test
    void what_is_not_known_is_asked_for() throws Exception {
        things.visibility.slow.add("viewer");

        assertThat(told(insert(1), insert(2), insert(3))).containsExactly(0, 1, 2);
    }

    @Test
    void what_can_not_be_asked_for_is_not_told() {
        things.visibility.slow.add("viewer");
        things.visibility.failures.set(1);

        assertThatThrownBy(() -> retelling.told(insert(1).needs(), VIEWER)).isInstanceOf(SQLException.class);
    }
}
