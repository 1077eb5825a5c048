package dev.campfire.realtime.changes;

import static dev.campfire.realtime.changes.ThingsFeed.ALL;
import static dev.campfire.realtime.changes.ThingsFeed.INT8;
import static dev.campfire.realtime.changes.ThingsFeed.filtered;
import static dev.campfire.realtime.changes.ThingsFeed.id;
import static dev.campfire.realtime.changes.ThingsFeed.meta;
import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.capture.Column;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Relation.ReplicaIdentity;
import dev.campfire.realtime.capture.Row;
import dev.campfire.realtime.changes.ThingsFeed.Subscriber;
import dev.campfire.realtime.limits.TenantLimits;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What subscribers are told of a change: in the words of the original, and never more than may be told. */
final class ChangeMessageTest {

    @RegisterExtension
    static final ThingsPostgres POSTGRES = new ThingsPostgres();

    private final ThingsFeed things = new ThingsFeed(POSTGRES);

    @Test
    void a_change_is_told_as_the_original_tells_it() throws Exception {
        Subscriber subscriber = things.subscribe(ALL);

        things.publish(
                things.insert(1, "a"),
                things.change(Operation.UPDATE, Row.of("1", "a"), Row.of("1", "b")),
                things.change(Operation.DELETE, Row.of("1", "b"), null));

        String start = "{'ids':[" + id(ALL) + "],'data':{'schema':'public','table':'things','type':'";
        String middle = "','commit_timestamp':'2026-01-02T03:04:05.678Z','columns':[{'name':'id','type':'int8'},"
                + "{'name':'name','type':'text'}],";
        assertThat(subscriber.got())
                .containsExactly(
                        start + "INSERT" + middle + "'record':{'id':1,'name':'a'},'errors':null}" + meta(1),
                        start + "UPDATE" + middle
                                + "'record':{'id':1,'name':'b'},'old_record':{'id':1,'name':'a'},'errors':null}"
                                + meta(2),
                        start + "DELETE" + middle + "'old_record':{'id':1,'name':'b'},'errors':null}" + meta(3));
    }

    @Test
    void under_the_default_identity_the_old_record_is_the_key() throws Exception {
        Relation table = things.table(ReplicaIdentity.DEFAULT);
        Subscriber subscriber = things.subscribe(ALL);

        things.publish(
                things.change(table, Operation.UPDATE, null, Row.of("1", "b")),
                things.change(table, Operation.DELETE, Row.of("1", "invented"), null));

        assertThat(subscriber.got()).allSatisfy(message -> assertThat(message).contains("'old_record':{'id':1}"));
    }

    @Test
    void all_bindings_of_a_channel_that_match_are_in_one_message_the_last_first() throws Exception {
        String insert = ALL.replace("'*'", "'INSERT'");
        Subscriber subscriber = things.subscribe(ALL, filtered("id=gt.5"), insert);

        things.publish(things.insert(3, "a"));

        assertThat(subscriber.got())
                .singleElement()
                .asString()
                .startsWith("{'ids':[" + id(insert) + "," + id(ALL) + "],'data':");
    }

    @Test
    void a_selection_keeps_the_key_and_hides_the_rest() throws Exception {
        Subscriber subscriber = things.subscribe(ALL.replace("}", ",'select':['id']}"));

        things.publish(things.insert(1, "a"));

        assertThat(subscriber.got())
                .singleElement()
                .asString()
                .contains("'columns':[{'name':'id','type':'int8'}],'record':{'id':1},");
    }

    @Test
    void a_role_that_may_not_read_the_key_gets_error_401() throws Exception {
        things.visibility.columns.clear(0);
        Subscriber subscriber = things.subscribe(ALL);

        things.publish(things.insert(1, "a"));

        assertThat(subscriber.got())
                .containsExactly("{'ids':[" + id(ALL) + "],'data':{'schema':'public','table':'things','type':'INSERT',"
                        + "'commit_timestamp':null,'columns':[],'record':{},'errors':['Error 401: Unauthorized']}"
                        + meta(1));
    }

    @Test
    void a_table_without_a_key_gives_error_400_to_all_its_subscribers() throws Exception {
        Relation keyless = things.table(ReplicaIdentity.NOTHING, List.of(new Column("id", INT8, false, false)));
        Subscriber subscriber = things.subscribe(filtered("id=eq.99"));

        things.publish(things.change(keyless, Operation.INSERT, null, Row.of("1")));

        assertThat(subscriber.got())
                .singleElement()
                .asString()
                .contains("'errors':['Error 400: Bad Request, no primary key']");
    }

    @Test
    void a_record_that_is_too_large_loses_its_large_values() throws Exception {
        things.tenant.limit(new TenantLimits(1, 1, 1_000, 1_000, 1, 1, Duration.ZERO, 1, 1, 1, 300, false, false));
        Subscriber subscriber = things.subscribe(ALL);

        things.publish(things.insert(1, "x".repeat(500)));

        assertThat(subscriber.got())
                .singleElement()
                .asString()
                .contains("'record':{'id':1},'errors':['Error 413: Payload Too Large']");
    }
}
