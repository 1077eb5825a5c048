package dev.campfire.realtime.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.benchmarks.load.LoadClient;
import dev.campfire.realtime.benchmarks.load.LoadTarget;
import dev.campfire.realtime.benchmarks.measure.Figure;
import dev.campfire.realtime.benchmarks.measure.Report;
import dev.campfire.realtime.benchmarks.measure.Spread;
import dev.campfire.realtime.benchmarks.measure.Table;
import dev.campfire.realtime.benchmarks.postgres.PublishedDatabase;
import dev.campfire.realtime.benchmarks.postgres.RoomMessages;
import dev.campfire.realtime.benchmarks.subject.Chromium;
import dev.campfire.realtime.benchmarks.subject.ServiceProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Whether the console stays quick when there is much to show. */
@Command(
        name = "console",
        description = {
            "The console in a headless Chromium, where one is installed, while many channels are heard: how long its frames"
                    + " take, with changes coming and somebody who searches.",
            "",
            "Frames are those of requestAnimationFrame, drawn without a graphics card. The browser, the load and Postgres share"
                    + " their processors."
        })
final class ConsoleScenario extends ScenarioCommand {

    private static final double LIMIT = 50;
    private static final int SOCKETS = 100;
    private static final Duration BETWEEN = Duration.ofMillis(100);

    private static final String TIME = "TIME";

    /** Watches frames for a time, and searches channels meanwhile. */
    private static final String FRAMES = """
            new Promise((done) => {
              const frames = [];
              const search = document.querySelector('#channel-search');
              const words = ['1', '12', '12*', ''];
              let searches = 0;
              const typing = setInterval(() => {
                search.value = words[searches++ % words.length];
                search.dispatchEvent(new Event('input', { bubbles: true }));
              }, 500);
              const end = performance.now() + TIME;
              let last = performance.now();
              const frame = (now) => {
                frames.push(now - last);
                last = now;
                if (now < end) {
                  requestAnimationFrame(frame);
                } else {
                  clearInterval(typing);
                  frames.shift();
                  frames.sort((a, b) => a - b);
                  done({ p50: frames[frames.length >> 1], p99: frames[Math.floor(frames.length * 0.99)],
                    longest: frames[frames.length - 1], count: frames.length });
                }
              };
              requestAnimationFrame(frame);
            })""";

    @Option(
            names = "--channels",
            paramLabel = "N",
            defaultValue = "10000",
            description = "How many there are, each with a subscriber. Default: ${DEFAULT-VALUE}.")
    private int channels;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "500",
            description = "Changes per second, to the channels in turns. Default: ${DEFAULT-VALUE}.")
    private int rate;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "Of one repetition. Default: ${DEFAULT-VALUE}.")
    private Duration duration = Duration.ZERO;

    @Option(names = "--repetitions", paramLabel = "N", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}.")
    private int repetitions;

    @Override
    public void run(Workbench workbench, Report report) throws Exception {
        report.parameter("channels", channels).parameter("rate", rate).parameter("repetitions", repetitions);
        Optional<Path> program = Chromium.find();
        if (program.isEmpty()) {
            report.note("not measured: no Chromium is installed (Debian: apt-get install chromium)");
            return;
        }
        PublishedDatabase database = workbench.database("service");
        ServiceProcess service = workbench.service(
                database,
                Map.of("TENANT_MAX_CHANNELS_PER_CLIENT", "100000", "CAMPFIRE_MAX_JOINS_PER_SOCKET", "100000"));
        Path topics = workbench.scratch().resolve("topics");
        Files.write(
                topics,
                IntStream.range(0, channels).mapToObj(RoomMessages::topic).toList());
        LoadTarget target = LoadTarget.service(service.port(), workbench.token())
                .with("topics", topics)
                .with("each", (channels + SOCKETS - 1) / SOCKETS);
        Path profile = Files.createTempDirectory(workbench.scratch(), "chromium");
        AtomicBoolean isOver = new AtomicBoolean();
        try (LoadClient load = workbench.load(workbench.loadProgram(), target, "console");
                RoomMessages messages = new RoomMessages(database, channels, 200)) {
            workbench.say("joining %,d channels", channels);
            load.connect(Math.min(channels, SOCKETS));
            Thread writer = Thread.ofPlatform().start(() -> write(messages, isOver));
            try (Chromium browser = Chromium.open(program.get(), profile, "http://127.0.0.1:" + service.port() + "/")) {
                signIn(browser, workbench.serviceRoleToken());
                measure(workbench, report, browser);
            } finally {
                isOver.set(true);
                writer.join();
            }
        }
    }

    private void write(RoomMessages messages, AtomicBoolean isOver) {
        int batch = (int) Math.max(1, rate * BETWEEN.toMillis() / 1000);
        Metronome metronome = new Metronome(BETWEEN.toNanos());
        try {
            for (long first = 0; !isOver.get(); first += batch) {
                metronome.await();
                messages.commit(first, first + batch - 1);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void signIn(Chromium browser, String key) throws Exception {
        browser.await("document.readyState === 'complete' && document.querySelector('#sign-in')");
        browser.evaluate(
                "(() => { const form = document.querySelector('#sign-in form') ?? document.querySelector('#sign-in');"
                        + " form.querySelector('input').value = '" + key + "'; form.requestSubmit(); })()");
        browser.await("document.querySelector('#link').textContent.trim() === 'Live'");
    }

    private void measure(Workbench workbench, Report report, Chromium browser) throws Exception {
        double[] medians = new double[repetitions];
        double[] tails = new double[repetitions];
        double[] longest = new double[repetitions];
        for (int i = -1; i < repetitions; i++) {
            workbench.say("%s", i < 0 ? "warming up" : "repetition " + (i + 1) + " of " + repetitions);
            JsonNode frames = browser.evaluate(FRAMES.replace(TIME, Long.toString(duration.toMillis())));
            if (i >= 0) {
                medians[i] = frames.path("p50").asDouble();
                tails[i] = frames.path("p99").asDouble();
                longest[i] = frames.path("longest").asDouble();
            }
        }
        report.measured("ms of a frame, p50", "console", medians);
        report.measured("ms of a frame, p99", "console", tails);
        report.measured("ms of a frame, longest", "console", longest);
        Table table = new Table("milliseconds of a frame", "p50", "p99", "longest");
        table.row(
                String.format(Locale.ROOT, "%,d channels, %,d changes/s", channels, rate),
                Spread.of(medians).text(1),
                Spread.of(tails).text(1),
                Spread.of(longest).text(1));
        report.add(table);
        report.add(Figure.atMost("99 of 100 frames", Spread.of(tails).median(), LIMIT, "ms"));
        report.add(Figure.atMost("the longest frame", Spread.of(longest).median(), LIMIT, "ms"));
    }
}
