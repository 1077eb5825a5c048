package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.client.ResumeFleet;
import dev.campfire.realtime.benchmarks.measure.Figure;
import dev.campfire.realtime.benchmarks.measure.Report;
import dev.campfire.realtime.benchmarks.measure.Spread;
import dev.campfire.realtime.benchmarks.measure.Table;
import dev.campfire.realtime.benchmarks.postgres.PublishedDatabase;
import dev.campfire.realtime.benchmarks.subject.ServiceProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How fast clients that were away go on. */
@Command(
        name = "resume",
        description = {
            "How fast one client gets what it missed, and how fast many do that come again at once, while others are served"
                    + " live.",
            ""
        })
final class ResumeScenario extends ScenarioCommand {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final double FIRST_EVENT = 10;
    private static final double RATE = 100_000;
    private static final double STORM = 2_000;
    private static final double SLOWED = 1.2;
    private static final long LIVE_INTERVAL = 5_000_000;
    private static final int LIVE = 200;

    /** Resumes before those that count, so that what is measured is not the compiler. */
    private static final int WARMING_UP = 40;

    private static final int STORMS_WARMING_UP = 30;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Events that the one client missed. Default: ${DEFAULT-VALUE}.")
    private int events;

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Clients that come again at once. Default: ${DEFAULT-VALUE}.")
    private int clients;

    @Option(
            names = "--each",
            paramLabel = "N",
            defaultValue = "100",
            description = "Events that each of them missed. Default: ${DEFAULT-VALUE}.")
    private int each;

    @Option(
            names = "--channels",
            paramLabel = "N",
            defaultValue = "100",
            description = "Channels that they are spread over. Default: ${DEFAULT-VALUE}.")
    private int channels;

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "11",
            description = "Of each. Default: ${DEFAULT-VALUE}.")
    private int repetitions;

    @Override
    public void run(Workbench workbench, Report report) throws Exception {
        report.parameter("events", events)
                .parameter("clients", clients)
                .parameter("each", each)
                .parameter("channels", channels)
                .parameter("repetitions", repetitions);
        PublishedDatabase database = workbench.database("resume");
        ServiceProcess service = workbench.service(database);
        UUID one = UUID.randomUUID();
        List<UUID> many = new ArrayList<>();
        for (int i = 0; i < channels; i++) {
            many.add(UUID.randomUUID());
        }
        fill(workbench, database, service, one, many);
        List<String> before = firstIds(workbench, service, database.channel(one), WARMING_UP + repetitions);
        List<String> names = new ArrayList<>();
        List<List<String>> ids = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            String channel = database.channel(many.get(i % channels));
            names.add(channel);
            ids.add(
                    i < channels
                            ? firstIds(workbench, service, channel, STORMS_WARMING_UP + repetitions)
                            : ids.get(i % channels));
        }
        alone(workbench, report, service, database.channel(one), before);
        storm(workbench, report, database, service, names, ids);
    }

    /**
     * A first event in each conversation, and behind it those that are missed; some more, so that each repetition begins
     * behind an event of its own and finds nothing ready that another one has left.
     */
    private void fill(
            Workbench workbench, PublishedDatabase database, ServiceProcess service, UUID one, List<UUID> many)
            throws Exception {
        workbench.say("filling the journal");
        try (Connection connection = database.connect();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO messages (conversation_id, organization_id, content, sender_type)"
                                + " SELECT ?, ?, repeat('x', 200), 'customer' FROM generate_series(1, ?)")) {
            insert.setObject(2, database.organization());
            database.openConversation(one);
            insert.setObject(1, one);
            insert.setInt(3, events + WARMING_UP + repetitions);
            insert.executeUpdate();
            for (UUID conversation : many) {
                database.openConversation(conversation);
            }
            // In turns, so that what one client misses lies between what others miss.
            for (int i = 0; i < each + STORMS_WARMING_UP + repetitions; i++) {
                for (UUID conversation : many) {
                    insert.setObject(1, conversation);
                    insert.setInt(3, 1);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String last = database.channel(many.getLast());
        while (count(workbench, service, last) < each + STORMS_WARMING_UP + repetitions + 1) {
            if (System.nanoTime() > deadline) {
                throw new IOException("the service has not journaled what was committed");
            }
            Thread.sleep(50);
        }
    }

    private static int count(Workbench workbench, ServiceProcess service, String channel) throws Exception {
        String page = events(workbench, service, channel, 1000);
        return page.split("\"seq\":", -1).length - 1;
    }

    /** The ids of a channel's first events: of the conversation's creation, and of its first messages. */
    private static List<String> firstIds(Workbench workbench, ServiceProcess service, String channel, int count)
            throws Exception {
        // The payload may tell of the id once more.
        Set<String> ids = new LinkedHashSet<>();
        Matcher id = Pattern.compile("\"id\":\"([0-9a-f]{32})\",\"seq\"")
                .matcher(events(workbench, service, channel, count));
        while (id.find()) {
            ids.add(id.group(1));
        }
        if (ids.size() != count) {
            throw new IOException("the service tells of " + ids.size() + " events instead of " + count);
        }
        return List.copyOf(ids);
    }

    private static String events(Workbench workbench, ServiceProcess service, String channel, int limit)
            throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + "/api/channels/"
                        + channel.replace(":", "%3A") + "/events?limit=" + limit))
                .header("Authorization", "Bearer " + workbench.token())
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException("the service answers " + answer.statusCode() + ": " + answer.body());
            }
            return answer.body();
        }
    }

    private void alone(Workbench workbench, Report report, ServiceProcess service, String channel, List<String> after)
            throws Exception {
        double[] first = new double[repetitions];
        double[] rate = new double[repetitions];
        for (int i = -WARMING_UP; i < repetitions; i++) {
            workbench.say("one client, %s", i < 0 ? "warming up" : "repetition " + (i + 1) + " of " + repetitions);
            try (ResumeFleet fleet = ResumeFleet.connect(
                    service.port(),
                    workbench.token(),
                    List.of(channel),
                    List.of(after.get(WARMING_UP + i)),
                    events,
                    PATIENCE)) {
                fleet.resume(PATIENCE);
                if (i >= 0) {
                    first[i] = fleet.firstMillis();
                    rate[i] = events / fleet.lastMillis() * 1000;
                }
            }
        }
        report.measured("ms to the first event", "one client", first);
        report.measured("events per second", "one client", rate);
        Table table = new Table("", "ms to the first event", "events/s");
        table.row(
                "one client, " + events + " events",
                Spread.of(first).text(1),
                Spread.of(rate).text(0));
        report.add(table);
        report.add(Figure.atMost(
                "first of " + events + " missed events", Spread.of(first).median(), FIRST_EVENT, "ms"));
        report.add(Figure.atLeast("missed events per second", Spread.of(rate).median(), RATE, ""));
    }

    private void storm(
            Workbench workbench,
            Report report,
            PublishedDatabase database,
            ServiceProcess service,
            List<String> names,
            List<List<String>> ids)
            throws Exception {
        Lane lane = new Lane("live", workbench, database, 200);
        workbench.subscriber(service, database, lane);
        double[] took = new double[repetitions];
        live(lane, 2 * LIVE);
        lane.forget();
        double[] calm = new double[repetitions];
        double[] meanwhile = new double[repetitions];
        for (int i = -STORMS_WARMING_UP; i < repetitions; i++) {
            int storm = STORMS_WARMING_UP + i;
            workbench.say(
                    "%d clients, %s", clients, i < 0 ? "warming up" : "repetition " + (i + 1) + " of " + repetitions);
            live(lane, LIVE);
            double before = lane.spread(50).median();
            lane.forget();
            try (ResumeFleet fleet = ResumeFleet.connect(
                    service.port(),
                    workbench.token(),
                    names,
                    ids.stream().map(some -> some.get(storm)).toList(),
                    each,
                    PATIENCE)) {
                Thread resuming = Thread.ofPlatform().start(() -> {
                    try {
                        fleet.resume(PATIENCE);
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
                live(lane, LIVE);
                resuming.join();
                if (i >= 0) {
                    took[i] = fleet.lastMillis();
                    calm[i] = before;
                    meanwhile[i] = lane.spread(50).median();
                }
            }
            lane.forget();
        }
        report.measured("ms until all have everything", "storm", took);
        report.measured("live p50 ms", "nobody resumes", calm);
        report.measured("live p50 ms", "meanwhile", meanwhile);
        Spread calmSpread = Spread.of(calm);
        Spread stormSpread = Spread.of(meanwhile);
        Table table = new Table("", "ms");
        table.row(
                clients + " clients, " + each + " events each, all done",
                Spread.of(took).text(0));
        table.row("live delivery, p50, nobody resumes", calmSpread.text(2));
        table.row("live delivery, p50, meanwhile", stormSpread.text(2));
        report.add(table);
        report.add(Figure.atMost("all resumed", Spread.of(took).median(), STORM, "ms"));
        report.add(Figure.atMost(
                "live delivery's median meanwhile, as a multiple",
                stormSpread.median() / calmSpread.median(),
                SLOWED,
                ""));
    }

    /** Commits messages at a steady rate, and waits until all have arrived. */
    private static void live(Lane lane, int messages) throws Exception {
        lane.begin(messages);
        Metronome metronome = new Metronome(LIVE_INTERVAL);
        for (int i = 0; i < messages; i++) {
            metronome.await();
            lane.commit(i);
        }
        lane.end(PATIENCE);
    }
}
