package dev.campfire.realtime.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.capture.Column;
import dev.campfire.realtime.capture.PostgresType;
import dev.campfire.realtime.capture.Relation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TableJsonTest {

    @Test
    void a_key_is_the_column_s_name_as_a_json_string() {
        assertThat(key(relation(1, "id"))).isEqualTo("\"id\":");
        assertThat(key(relation(1, "it's \"né\""))).isEqualTo("\"it's \\\"né\\\"\":");
    }

    @Test
    void a_table_has_its_own_keys_whichever_was_written_before() {
        Relation table = relation(5, "one");
        Relation altered = relation(5, "renamed");
        Relation neighbor = relation(5 + 256, "other");

        assertThat(key(table)).isEqualTo("\"one\":");
        assertThat(key(altered)).isEqualTo("\"renamed\":");
        assertThat(key(neighbor)).isEqualTo("\"other\":");
        assertThat(key(table)).isEqualTo("\"one\":");
    }

    @Test
    void they_are_made_once_while_the_table_stays_the_same() {
        Relation table = relation(7, "id");

        assertThat(TableJson.of(table).key(0)).isSameAs(TableJson.of(table).key(0));
    }

    private static String key(Relation relation) {
        return new String(TableJson.of(relation).key(0), StandardCharsets.UTF_8);
    }

    private static Relation relation(int oid, String column) {
        return new Relation(
                oid,
                "public",
                "things",
                Relation.ReplicaIdentity.DEFAULT,
                List.of(new Column(column, PostgresType.base(25, "text"), true, true)));
    }
}
