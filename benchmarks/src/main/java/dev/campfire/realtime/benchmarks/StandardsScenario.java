package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.client.NodePackages;
import dev.campfire.realtime.benchmarks.client.OfflineSwitch;
import dev.campfire.realtime.benchmarks.client.SupabaseClients;
import dev.campfire.realtime.benchmarks.measure.Figure;
import dev.campfire.realtime.benchmarks.measure.Report;
import dev.campfire.realtime.benchmarks.measure.Spread;
import dev.campfire.realtime.benchmarks.measure.Table;
import dev.campfire.realtime.benchmarks.postgres.PublishedDatabase;
import dev.campfire.realtime.benchmarks.subject.ServiceProcess;
import dev.campfire.realtime.vocabulary.EventName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The performance standards of the chat application, each with its limit. */
@Command(
        name = "standards",
        description = {
            "The performance standards of the chat application, with the real supabase-js in Node.js: delivery of"
                    + " messages, typing indicators, bursts, joining and cleaning up, conversations at once, and coming"
                    + " back after being offline.",
            "",
            "A message counts from before its INSERT until this program has heard of its arrival from Node.js."
        })
final class StandardsScenario extends ScenarioCommand {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The client's own longest pause between two attempts is 10 s; the rest is for joining again. */
    private static final double LONGEST_RECONNECTION_SECONDS = 12;

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "5",
            description = "Of everything but the reconnection. Default: ${DEFAULT-VALUE}.")
    private int repetitions;

    @Option(
            names = "--conversations",
            paramLabel = "N",
            defaultValue = "5",
            description = "At once, each with a widget and an agent. Default: ${DEFAULT-VALUE}.")
    private int conversations;

    @Option(
            names = "--offline",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "Without network, before the client may come back. Default: ${DEFAULT-VALUE}.")
    private Duration offline = Duration.ZERO;

    private final Table table = new Table("standard", "measured", "limit");

    @Override
    public void run(Workbench workbench, Report report) throws Exception {
        report.parameter("repetitions", repetitions)
                .parameter("conversations", conversations)
                .parameter("offline", offline);
        Path packages = NodePackages.install(workbench.log("npm"));
        PublishedDatabase database = workbench.database("service");
        ServiceProcess service = workbench.service(database);
        OfflineSwitch network = workbench.owned(new OfflineSwitch(service.port()));
        Chat chat = workbench.owned(new Chat(database));
        SupabaseClients clients = workbench.owned(SupabaseClients.start(packages, workbench.out(), chat));

        String token = workbench.token();
        clients.connect("widget", "http://127.0.0.1:" + service.port(), token);
        clients.connect("agent", "http://127.0.0.1:" + service.port(), token);
        clients.connect("traveller", "http://127.0.0.1:" + network.port(), token);

        workbench.say("messages, one after another and 20 at once");
        messages(report, clients, chat, database);
        workbench.say("typing indicators, one after another and 100 at once");
        typing(report, clients, database);
        workbench.say("50 channels, joined and cleaned up");
        channels(report, clients, database);
        workbench.say("%d conversations at once", conversations);
        manyConversations(report, clients, chat, database, "http://127.0.0.1:" + service.port(), token);
        workbench.say("offline for %d s", offline.toSeconds());
        reconnection(report, clients, chat, database, network);
        report.add(table);
    }

    private void messages(Report report, SupabaseClients clients, Chat chat, PublishedDatabase database)
            throws Exception {
        clients.listen("widget", database.channel(), EventName.MESSAGE_CREATED.text());
        List<UUID> one = List.of(database.conversation());
        // Both sides of the string warm up first.
        chat.exchange(one, 20, 20, Duration.ZERO, PATIENCE);
        double[] delivery = new double[repetitions];
        double[] insert = new double[repetitions];
        double[] rapid = new double[repetitions];
        for (int i = 0; i < repetitions; i++) {
            Chat.Exchange calm = chat.exchange(one, 20, 20, Duration.ofMillis(50), PATIENCE);
            delivery[i] = calm.averageDeliveryMillis();
            insert[i] = calm.averageInsertMillis();
            rapid[i] = chat.exchange(one, 20, 20, Duration.ZERO, PATIENCE).totalMillis();
        }
        tell(report, "delivery of a message, average", delivery, 100);
        tell(report, "insert of a message, average", insert, 50);
        tell(report, "20 messages, all of them", rapid, 2_000);
    }

    private void typing(Report report, SupabaseClients clients, PublishedDatabase database) throws Exception {
        String channel = database.channel() + ":typing";
        clients.typing("widget", "agent", channel, 20);
        double[] average = new double[repetitions];
        double[] burst = new double[repetitions];
        for (int i = 0; i < repetitions; i++) {
            average[i] = Arrays.stream(clients.typing("widget", "agent", channel, 20))
                    .average()
                    .orElseThrow();
            burst[i] = clients.burst("widget", "agent", channel, 100);
        }
        tell(report, "typing indicator, average", average, 50);
        tell(report, "100 events, all of them", burst, 1_000);
    }

    private void channels(Report report, SupabaseClients clients, PublishedDatabase database) throws Exception {
        double[] join = new double[repetitions];
        double[] cleanup = new double[repetitions];
        for (int i = 0; i < repetitions; i++) {
            double[] times = clients.channels("agent", "benchmark:" + database.organization() + ":", 50);
            join[i] = times[0];
            cleanup[i] = times[1];
        }
        report.measured("ms", "50 channels, joined", join);
        table.row("50 channels, joined", Spread.of(join).text(1) + " ms", "");
        tell(report, "50 channels, cleaned up", cleanup, 100);
    }

    private void manyConversations(
            Report report, SupabaseClients clients, Chat chat, PublishedDatabase database, String url, String token)
            throws Exception {
        List<UUID> all = new ArrayList<>();
        for (int i = 0; i < conversations; i++) {
            UUID conversation = UUID.randomUUID();
            database.openConversation(conversation);
            all.add(conversation);
            for (String side : List.of("widget-", "agent-")) {
                clients.connect(side + i, url, token);
                clients.listen(side + i, database.channel(conversation), EventName.MESSAGE_CREATED.text());
            }
        }
        double[] total = new double[repetitions];
        for (int i = 0; i < repetitions; i++) {
            total[i] = chat.exchange(all, 20 * conversations, 2 * 20 * conversations, Duration.ZERO, PATIENCE)
                    .totalMillis();
        }
        tell(report, conversations + " conversations at once, 20 messages each", total, 2_000);
    }

    private void reconnection(
            Report report, SupabaseClients clients, Chat chat, PublishedDatabase database, OfflineSwitch network)
            throws Exception {
        UUID conversation = UUID.randomUUID();
        database.openConversation(conversation);
        clients.listen("traveller", database.channel(conversation), EventName.MESSAGE_CREATED.text());
        long subscriptions = chat.subscriptions("traveller");
        network.goOffline();
        Thread.sleep(offline);
        network.goOnline();
        long start = System.nanoTime();
        long back = chat.awaitSubscription("traveller", subscriptions + 1, PATIENCE);
        chat.exchange(List.of(conversation), 1, 1, Duration.ZERO, PATIENCE);
        double seconds = (back - start) / 1e9;
        report.measured("s", "subscribed again after " + offline.toSeconds() + " s offline", seconds);
        table.row(
                "subscribed again after " + offline.toSeconds() + " s offline",
                Spread.of(seconds).text(1) + " s",
                "12 s, of which 10 are the client's own pause");
        report.add(Figure.atMost(
                "subscribed again after " + offline.toSeconds() + " s offline",
                seconds,
                LONGEST_RECONNECTION_SECONDS,
                "s"));
    }

    private void tell(Report report, String what, double[] millis, double limit) {
        Spread spread = Spread.of(millis);
        report.measured("ms", what, millis);
        table.row(what, spread.text(1) + " ms", String.format(java.util.Locale.ROOT, "%,.0f ms", limit));
        report.add(Figure.atMost(what, spread.median(), limit, "ms"));
    }
}
