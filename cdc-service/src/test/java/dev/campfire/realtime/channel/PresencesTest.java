package dev.campfire.realtime.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Who is present, and what is told of it. */
final class PresencesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ChannelKey ROOM = ChannelKey.joined("room", false);

    private final ChannelHub hub = new ChannelHub(new UnpooledByteBufAllocator(true), Long.MAX_VALUE);
    private final Queue<Runnable> ticks = new ArrayDeque<>();
    private final List<JsonNode> diffs = new ArrayList<>();
    private final Presences presences = new Presences(
            (key, message) -> {
                diffs.add(read(((Message.Push) message).payload()));
                hub.broadcast(key, message, null);
            },
            (task, delay) -> ticks.add(task));

    @Test
    void tells_both_joins_and_leaves_always() {
        presences.track(ROOM, new PresenceMember("ann"), meta(1));
        tick();

        assertThat(diffs).hasSize(1);
        assertThat(diffs.getFirst().at("/joins/ann/metas/0/n").intValue()).isEqualTo(1);
        assertThat(diffs.getFirst().at("/joins/ann/metas/0/phx_ref").textValue())
                .hasSize(16);
        assertThat(diffs.getFirst().get("leaves")).isEmpty();
        assertThat(diffs.getFirst().get("leaves").isObject()).isTrue();
    }

    @Test
    void tells_an_update_as_the_leave_of_the_old_and_the_join_of_the_new_which_names_the_old() {
        PresenceMember ann = new PresenceMember("ann");
        presences.track(ROOM, ann, meta(1));
        tick();
        presences.track(ROOM, ann, meta(2));
        tick();

        JsonNode update = diffs.getLast();
        assertThat(update.at("/leaves/ann/metas/0/n").intValue()).isEqualTo(1);
        assertThat(update.at("/joins/ann/metas/0/n").intValue()).isEqualTo(2);
        assertThat(update.at("/joins/ann/metas/0/phx_ref_prev"))
                .isEqualTo(update.at("/leaves/ann/metas/0/phx_ref"))
                .isEqualTo(diffs.getFirst().at("/joins/ann/metas/0/phx_ref"));
    }

    @Test
    void tells_what_happens_in_one_tick_in_one_diff_and_of_each_member_only_the_outcome() {
        PresenceMember ann = new PresenceMember("ann");
        PresenceMember bob = new PresenceMember("bob");
        presences.track(ROOM, ann, meta(1));
        presences.track(ROOM, ann, meta(2));
        presences.track(ROOM, bob, meta(3));
        presences.untrack(ROOM, bob);
        tick();

        assertThat(diffs).hasSize(1);
        assertThat(diffs.getFirst().get("joins").size()).isEqualTo(1);
        assertThat(diffs.getFirst().at("/joins/ann/metas")).hasSize(1);
        assertThat(diffs.getFirst().at("/joins/ann/metas/0").has("phx_ref_prev"))
                .as("nobody was told of the first")
                .isFalse();
    }

    @Test
    void tells_nothing_of_somebody_who_came_and_went_within_a_tick() {
        PresenceMember ann = new PresenceMember("ann");
        presences.track(ROOM, ann, meta(1));
        presences.untrack(ROOM, ann);
        tick();

        assertThat(diffs).isEmpty();
        assertThat(state()).isEmpty();
    }

    @Test
    void keeps_several_metas_under_one_key() {
        PresenceMember phone = new PresenceMember("ann");
        presences.track(ROOM, phone, meta(1));
        presences.track(ROOM, new PresenceMember("ann"), meta(2));
        tick();
        assertThat(state().at("/ann/metas")).hasSize(2);

        presences.untrack(ROOM, phone);
        tick();
        assertThat(state().at("/ann/metas")).hasSize(1);
        assertThat(state().at("/ann/metas/0/n").intValue()).isEqualTo(2);
    }

    @Test
    void writes_keys_that_need_escaping_and_metas_that_are_empty_or_have_fields_of_its_own() {
        presences.track(ROOM, new PresenceMember("\"\n\\ü"), bytes("{ }"));
        presences.track(ROOM, new PresenceMember("b"), bytes("{\"phx_ref\":\"mine\"} "));
        tick();

        assertThat(state().at("/\"\n\\ü/metas/0/phx_ref").textValue()).hasSize(16);
        assertThat(state().at("/b/metas/0/phx_ref").textValue()).hasSize(16);
    }

    @Test
    void keeps_channels_and_their_sides_apart() {
        presences.track(ROOM, new PresenceMember("ann"), meta(1));
        tick();

        assertThat(read(presences.state(ChannelKey.joined("room", true)))).isEmpty();
        assertThat(read(presences.state(ChannelKey.joined("other", false)))).isEmpty();
    }

    @Test
    void lets_a_thousand_members_cost_one_diff_and_one_state() {
        for (int i = 0; i < 1_000; i++) {
            presences.track(ROOM, new PresenceMember("user" + i), meta(i));
        }
        tick();

        assertThat(diffs).hasSize(1);
        assertThat(diffs.getFirst().get("joins").size()).isEqualTo(1_000);
        assertThat(presences.state(ROOM)).isSameAs(presences.state(ROOM));
    }

    /** A client: the state that it was given, and the frames that came after it. */
    private final class Client {
        final Executor loop;
        final RecordingOutlet outlet = new RecordingOutlet();
        JsonNode first = JSON.nullNode();

        Client(Executor loop) {
            this.loop = loop;
        }

        /** On its loop. */
        void join(Presences from) {
            hub.on(loop).join(ROOM, outlet, new TextFormat(), "realtime:room");
            first = read(from.state(ROOM));
        }

        /** What it believes, by the rules of the clients: metas are told apart by their reference. */
        Map<String, Map<String, Integer>> view() {
            Map<String, Map<String, Integer>> view = new TreeMap<>();
            enter(view, first);
            for (String frame : outlet.received().split(";")) {
                if (!frame.isEmpty()) {
                    JsonNode diff = read(bytes(frame));
                    enter(view, diff.get("joins"));
                    leave(view, diff.get("leaves"));
                }
            }
            view.values().removeIf(Map::isEmpty);
            return view;
        }
    }

    @Test
    void gives_every_client_the_state_when_it_replays_the_diffs_whenever_it_joined() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<ManualLoop> loops = List.of(new ManualLoop(), new ManualLoop(), new ManualLoop());
        List<Client> clients = new ArrayList<>();
        Map<PresenceMember, Integer> present = new LinkedHashMap<>();
        List<PresenceMember> members = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            members.add(new PresenceMember("key" + i % 7));
        }
        for (int step = 0; step < 5_000; step++) {
            PresenceMember member = members.get(random.nextInt(members.size()));
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    presences.track(ROOM, member, meta(step));
                    present.put(member, step);
                }
                case 3, 4 -> {
                    presences.untrack(ROOM, member);
                    present.remove(member);
                }
                case 5 -> tick();
                case 6 -> loops.get(random.nextInt(loops.size())).run();
                default -> {
                    if (random.nextInt(20) == 0) {
                        Client client = new Client(loops.get(random.nextInt(loops.size())));
                        client.join(presences);
                        clients.add(client);
                    }
                }
            }
        }
        tick();
        loops.forEach(ManualLoop::run);

        assertThat(numbers(state())).as("seed %d", seed).isEqualTo(expected(present));
        Map<String, Map<String, Integer>> state = new TreeMap<>();
        enter(state, state());
        assertThat(clients).isNotEmpty().allSatisfy(client -> assertThat(client.view())
                .as("seed %d", seed)
                .isEqualTo(state));
    }

    @Test
    void gives_every_client_the_state_also_when_several_threads_come_and_go_at_once() throws Exception {
        long seed = System.nanoTime();
        Map<Client, ExecutorService> clients = new HashMap<>();
        Map<PresenceMember, Integer> present = new LinkedHashMap<>();
        try (Presences timed = new Presences(hub);
                ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Future<Map<PresenceMember, Integer>>> ends = new ArrayList<>();
            for (int thread = 0; thread < 3; thread++) {
                Random random = new Random(seed + thread);
                ends.add(threads.submit(() -> comeAndGo(timed, random)));
            }
            for (int i = 0; i < 6; i++) {
                ExecutorService loop = Executors.newSingleThreadExecutor();
                Client client = new Client(loop);
                clients.put(client, loop);
                loop.submit(() -> client.join(timed)).get();
            }
            for (Future<Map<PresenceMember, Integer>> end : ends) {
                present.putAll(end.get());
            }
            await().untilAsserted(() -> assertThat(numbers(read(timed.state(ROOM))))
                    .as("seed %d", seed)
                    .isEqualTo(expected(present)));
            Map<String, Map<String, Integer>> state = new TreeMap<>();
            enter(state, read(timed.state(ROOM)));
            for (Map.Entry<Client, ExecutorService> client : clients.entrySet()) {
                await().untilAsserted(() -> assertThat(
                                client.getValue().submit(client.getKey()::view).get())
                        .as("seed %d", seed)
                        .isEqualTo(state));
            }
        } finally {
            clients.values().forEach(ExecutorService::close);
        }
    }

    private static Map<PresenceMember, Integer> comeAndGo(Presences presences, Random random) {
        List<PresenceMember> members = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            members.add(new PresenceMember("key" + i));
        }
        Map<PresenceMember, Integer> present = new LinkedHashMap<>();
        for (int step = 0; step < 20_000; step++) {
            PresenceMember member = members.get(random.nextInt(members.size()));
            if (random.nextBoolean()) {
                presences.track(ROOM, member, meta(step));
                present.put(member, step);
            } else {
                presences.untrack(ROOM, member);
                present.remove(member);
            }
        }
        return present;
    }

    private static Map<String, List<Integer>> expected(Map<PresenceMember, Integer> present) {
        Map<String, List<Integer>> expected = new TreeMap<>();
        present.forEach((member, number) ->
                expected.computeIfAbsent(member.key(), any -> new ArrayList<>()).add(number));
        expected.values().forEach(numbers -> numbers.sort(null));
        return expected;
    }

    private static Map<String, List<Integer>> numbers(JsonNode state) {
        Map<String, Map<String, Integer>> byRef = new TreeMap<>();
        enter(byRef, state);
        Map<String, List<Integer>> numbers = new TreeMap<>();
        byRef.forEach((key, metas) ->
                numbers.put(key, metas.values().stream().sorted().toList()));
        return numbers;
    }

    private static void enter(Map<String, Map<String, Integer>> view, JsonNode keys) {
        for (Map.Entry<String, JsonNode> key : keys.properties()) {
            for (JsonNode meta : key.getValue().get("metas")) {
                view.computeIfAbsent(key.getKey(), any -> new TreeMap<>())
                        .put(meta.get("phx_ref").textValue(), meta.get("n").intValue());
            }
        }
    }

    private static void leave(Map<String, Map<String, Integer>> view, JsonNode keys) {
        for (Map.Entry<String, JsonNode> key : keys.properties()) {
            for (JsonNode meta : key.getValue().get("metas")) {
                Map<String, Integer> metas = view.get(key.getKey());
                if (metas != null) {
                    metas.remove(meta.get("phx_ref").textValue());
                }
            }
        }
    }

    private void tick() {
        for (Runnable task = ticks.poll(); task != null; task = ticks.poll()) {
            task.run();
        }
    }

    private JsonNode state() {
        return read(presences.state(ROOM));
    }

    private static byte[] meta(int number) {
        return bytes("{\"n\":" + number + "}");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static JsonNode read(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
