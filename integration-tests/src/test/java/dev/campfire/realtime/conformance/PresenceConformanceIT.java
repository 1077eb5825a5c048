package dev.campfire.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.support.PhoenixMessage;
import java.util.List;

/** Who is present. */
class PresenceConformanceIT extends Conformance {

    private static final String ENABLED = "{'presence':{'enabled':true,'key':'me'}}";
    private static final String OTHER = "{'presence':{'enabled':true,'key':'you'}}";

    @Override
    String title() {
        return "Presence";
    }

    @Override
    List<Case> cases() {
        return List.of(
                Case.of("6-track", "track is answered, and all get a diff with the object and a phx_ref", scene -> {
                    Member me = scene.member(ENABLED);
                    Member you = scene.member(OTHER);
                    PhoenixMessage reply = me.call("presence", "{'type':'presence','event':'track','payload':{'a':1}}");
                    assertThat(reply.payload()).isEqualTo(scene.json("{'status':'ok','response':{}}"));
                    for (Member member : List.of(me, you)) {
                        JsonNode diff = member.diff();
                        assertThat(diff.fieldNames()).toIterable().containsExactlyInAnyOrder("joins", "leaves");
                        assertThat(diff.path("leaves")).isEqualTo(scene.json("{}"));
                        JsonNode meta = diff.at("/joins/me/metas/0");
                        assertThat(meta.path("a").asInt()).isEqualTo(1);
                        assertThat(meta.path("phx_ref").asText()).isNotEmpty();
                        assertThat(meta.has("phx_ref_prev")).isFalse();
                    }
                }),
                Case.of("6-state", "Who joins gets the state of those who are there", scene -> {
                    Member me = scene.member(ENABLED);
                    me.track("{'a':1}");
                    String ref = me.diff().at("/joins/me/metas/0/phx_ref").asText();
                    assertThat(scene.member(OTHER).state())
                            .isEqualTo(scene.json("{'me':{'metas':[{'a':1,'phx_ref':'" + ref + "'}]}}"));
                }),
                Case.of("6-update", "Another object is a leave and a join in one diff, with the old phx_ref", scene -> {
                    Member me = scene.member(ENABLED);
                    me.track("{'a':1}");
                    String ref = me.diff().at("/joins/me/metas/0/phx_ref").asText();
                    me.track("{'a':2}");
                    JsonNode diff = me.diff();
                    assertThat(diff.at("/leaves/me/metas/0/phx_ref").asText()).isEqualTo(ref);
                    assertThat(diff.at("/joins/me/metas/0/a").asInt()).isEqualTo(2);
                    assertThat(diff.at("/joins/me/metas/0/phx_ref").asText()).isNotEqualTo(ref);
                    assertThat(diff.at("/joins/me/metas/0/phx_ref_prev").asText())
                            .isEqualTo(ref);
                }),
                Case.of("6-identical", "The same object again is answered and makes no diff", scene -> {
                    Member me = scene.member(ENABLED);
                    me.track("{'a':1}");
                    me.diff();
                    me.track("{'a':1}");
                    me.track("{'a':2}");
                    assertThat(me.diff().at("/joins/me/metas/0/a").asInt()).isEqualTo(2);
                }),
                Case.of("6-untrack", "untrack, in any case of letters, is a leave", scene -> {
                    Member me = scene.member(ENABLED);
                    me.track("{'a':1}");
                    me.diff();
                    assertThat(me.call("presence", "{'type':'presence','event':'UnTrack'}")
                                    .status())
                            .isEqualTo("ok");
                    JsonNode diff = me.diff();
                    assertThat(diff.path("joins")).isEqualTo(scene.json("{}"));
                    assertThat(diff.at("/leaves/me/metas")).hasSize(1);
                }),
                Case.of("6-untrack-nothing", "untrack of nothing is answered", scene -> assertThat(scene.member(ENABLED)
                                .call("presence", "{'type':'presence','event':'untrack'}")
                                .payload())
                        .isEqualTo(scene.json("{'status':'ok','response':{}}"))),
                Case.of("6-several-metas", "Several channels of one key are several metas", scene -> {
                    Member one = scene.member(ENABLED);
                    Member two = scene.member(ENABLED);
                    one.track("{'n':1}");
                    one.diff();
                    two.track("{'n':2}");
                    one.diff();
                    assertThat(scene.member(OTHER).state().at("/me/metas"))
                            .extracting(meta -> meta.path("n").asInt())
                            .containsExactlyInAnyOrder(1, 2);
                    two.push("phx_leave", "{}");
                    JsonNode diff = one.diff();
                    assertThat(diff.at("/leaves/me/metas")).hasSize(1);
                    assertThat(diff.at("/leaves/me/metas/0/n").asInt()).isEqualTo(2);
                }),
                Case.of("6-leave", "Leaving the channel is a leave", scene -> {
                    Member me = scene.member(ENABLED);
                    Member you = scene.member(OTHER);
                    me.track("{}");
                    you.diff();
                    me.push("phx_leave", "{}");
                    assertThat(you.diff().path("leaves").has("me")).isTrue();
                }),
                Case.of("6-socket-loss", "The loss of the socket is a leave", scene -> {
                    Member me = scene.member(ENABLED);
                    Member you = scene.member(OTHER);
                    me.track("{}");
                    you.diff();
                    me.socket().close();
                    assertThat(you.diff().path("leaves").has("me")).isTrue();
                }),
                Case.of("6-rejoin", "A second join of the same socket leaves no ghost", scene -> {
                    Member me = scene.member(ENABLED);
                    me.track("{'n':1}");
                    me.diff();
                    Member again = scene.member(me.socket(), ENABLED);
                    again.track("{'n':2}");
                    Member you = scene.member(OTHER);
                    // Diffs may be merged: what counts is where they lead to.
                    JsonNode state = you.state();
                    int metas = state.at("/me/metas").size();
                    while (metas != 1 || state.at("/me/metas/0/n").asInt() != 2) {
                        JsonNode diff = you.diff();
                        metas += diff.at("/joins/me/metas").size()
                                - diff.at("/leaves/me/metas").size();
                        state = metas == 1 ? scene.json("{'me':{'metas':[{'n':2}]}}") : state;
                    }
                    assertThat(scene.member(OTHER).state().at("/me/metas"))
                            .extracting(meta -> meta.path("n").asInt())
                            .containsExactly(2);
                }),
                Case.of("6-not-a-map", "A payload that is no object is refused in words", scene -> assertThat(
                                scene.member(ENABLED)
                                        .call("presence", "{'type':'presence','event':'track','payload':[1]}")
                                        .payload())
                        .isEqualTo(scene.json("{'status':'error','response':"
                                + "{'reason':'Presence track payload must be a map'}}"))),
                Case.of("6-unknown-event", "An unknown event of presence is refused", scene -> assertThat(
                                scene.member(ENABLED)
                                        .call("presence", "{'type':'presence','event':'dance','payload':{}}")
                                        .payload())
                        .isEqualTo(scene.json("{'status':'error','response':{}}"))),
                Case.of("6-no-event", "A message without an event is answered and ignored", scene -> assertThat(
                                scene.member(ENABLED)
                                        .call("presence", "{'type':'presence','payload':{}}")
                                        .payload())
                        .isEqualTo(scene.json("{'status':'ok','response':{}}"))),
                Case.of(
                        "6-auto-enable",
                        "Who joined without presence may track all the same, and gets diffs but no state",
                        scene -> {
                            Member me = scene.member("{'presence':{'key':'me'}}");
                            me.track("{}");
                            assertThat(me.diff().path("joins").has("me")).isTrue();
                            assertThat(me.rest()).isEmpty();
                        }),
                Case.of("6-diffs-for-all", "On a public channel everybody gets diffs", scene -> {
                    Member without = scene.member();
                    scene.member(ENABLED).track("{}");
                    assertThat(without.diff().path("joins").has("me")).isTrue();
                }),
                Case.of("6-unique-refs", "Every phx_ref is another", scene -> {
                    Member me = scene.member(ENABLED);
                    java.util.Set<String> refs = new java.util.HashSet<>();
                    for (int i = 0; i < 10; i++) {
                        me.track("{'i':" + i + "}");
                        assertThat(refs.add(me.diff()
                                        .at("/joins/me/metas/0/phx_ref")
                                        .asText()))
                                .isTrue();
                    }
                }),
                Case.of("6-merged", "Diffs that come together may be merged, and always lead to the state", scene -> {
                    Member watcher = scene.member(OTHER);
                    for (int i = 0; i < 20; i++) {
                        scene.member("{'presence':{'enabled':true,'key':'k" + i + "'}}")
                                .track("{}");
                    }
                    java.util.Set<String> seen = new java.util.HashSet<>();
                    watcher.state().fieldNames().forEachRemaining(seen::add);
                    while (seen.size() < 20) {
                        watcher.diff().path("joins").fieldNames().forEachRemaining(seen::add);
                    }
                    assertThat(scene.member(OTHER).state()).hasSize(20);
                }));
    }
}
