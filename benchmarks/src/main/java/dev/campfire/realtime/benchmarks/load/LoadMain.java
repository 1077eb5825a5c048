package dev.campfire.realtime.benchmarks.load;

import dev.campfire.realtime.benchmarks.measure.Latencies;
import dev.campfire.realtime.benchmarks.measure.ProcessCpu;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The load in Java: obeys the same lines as load.c and answers the same, for machines without a compiler of C. */
final class LoadMain {

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long PATIENCE = 120_000 * NANOS_PER_MILLI;
    private static final long LATE = 50 * NANOS_PER_MILLI;
    private static final int AT_ONCE = 128;

    private final JavaLoad load;
    private final long betweenBeats;
    private final long patience;
    private final ProcessCpu cpu = new ProcessCpu(ProcessHandle.current().pid());
    private long[] latencies = new long[1 << 20];
    private volatile int measured;
    private int stalled;
    private long begun;
    private long deliveredBefore;
    private long deadBefore;
    private long usedBefore;
    private long beaten = System.nanoTime();

    /** @param patience with what is still on its way, in nanoseconds */
    private LoadMain(JavaLoad load, long betweenBeats, long patience) {
        this.load = load;
        this.betweenBeats = betweenBeats;
        this.patience = patience;
    }

    public static void main(String[] arguments) throws Exception {
        Map<String, String> options = new HashMap<>();
        for (String argument : Arrays.asList(arguments).subList(2, arguments.length)) {
            int equals = argument.indexOf('=');
            options.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        LoadMain main = new LoadMain(
                new JavaLoad(Dialect.of(arguments[0]), Integer.parseInt(arguments[1]), options),
                millis(options.getOrDefault("beat", "25000")),
                millis(options.getOrDefault("patience", "10000")));
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        int status = 0;
        try {
            for (String line = orders.readLine(); line != null; line = orders.readLine()) {
                System.out.println(main.obey(line.split(" ")));
            }
        } catch (Exception e) {
            e.printStackTrace();
            status = 1;
        }
        // The event loop would go on for ever.
        System.exit(status);
    }

    private String obey(String[] words) throws Exception {
        return switch (words[0]) {
            case "connect" -> connect(Integer.parseInt(words[1]));
            case "run" -> run(Double.parseDouble(words[1]), Long.parseLong(words[2]), millis(words[3]));
            case "expect" -> {
                begin();
                yield "{}";
            }
            case "await" -> {
                long count = Long.parseLong(words[1]);
                until(() -> arrived() >= count, millis(words[2]));
                yield told(0, count, arrived(), System.nanoTime(), false);
            }
            case "stall" -> {
                for (; stalled < Integer.parseInt(words[1]); stalled++) {
                    load.stall(stalled);
                }
                yield "{}";
            }
            case "track" -> track(millis(words[1]));
            case "hop" -> hop(Double.parseDouble(words[1]), millis(words[2]));
            default -> throw new IOException("no such command: " + words[0]);
        };
    }

    private static long millis(String word) {
        return Long.parseLong(word) * NANOS_PER_MILLI;
    }

    private String connect(int count) throws InterruptedException {
        long start = System.nanoTime();
        long used = cpu.used().toNanos();
        while (load.subscribers() < count) {
            load.subscribe();
            until(() -> load.subscribers() - load.ready() - load.failed() <= AT_ONCE, PATIENCE);
        }
        until(() -> load.ready() + load.failed() >= count, PATIENCE);
        double seconds = (System.nanoTime() - start) / 1e9;
        load.openPublisher();
        until(load::publisherReady, PATIENCE);
        return String.format(
                Locale.ROOT,
                "{\"ready\":%d,\"failed\":%d,\"seconds\":%.4f,\"cpu\":%.4f}",
                load.ready(),
                load.failed(),
                seconds,
                (cpu.used().toNanos() - used) / 1e9);
    }

    private String run(double rate, long window, long time) {
        begin();
        long each = load.subscribers() - stalled;
        long sent = 0;
        boolean late = false;
        if (rate > 0) {
            long planned = (long) (rate * time / 1e9);
            for (; sent < planned; sent++) {
                long turn = begun + (long) (sent * 1e9 / rate);
                late = System.nanoTime() - turn > LATE;
                pause(turn);
                load.publish();
            }
            pause(begun + time);
        } else {
            while (System.nanoTime() - begun < time) {
                if (sent * each - arrived() < window * each) {
                    load.publish();
                    sent++;
                } else {
                    LockSupport.parkNanos(20_000);
                }
            }
        }
        return finished(sent, sent * each, late);
    }

    private String track(long time) {
        begin();
        long each = load.subscribers() - stalled;
        for (int i = 0; i < load.subscribers(); i++) {
            load.track(i);
        }
        long sent = load.subscribers();
        until(() -> arrived() >= sent * each, time);
        return told(sent, sent * each, arrived(), System.nanoTime(), false);
    }

    private String hop(double rate, long time) {
        begin();
        long planned = (long) (rate * time / 1e9);
        for (long i = 0; i < planned; i++) {
            pause(begun + (long) (i * 1e9 / rate));
            load.track((int) (i % load.subscribers()));
        }
        pause(begun + time);
        return finished(planned, planned * (load.subscribers() - stalled), false);
    }

    /** What keep_alive of load.c does. */
    private void keepAlive() {
        if (System.nanoTime() - beaten < betweenBeats) {
            return;
        }
        beaten = System.nanoTime();
        long before = load.beatsAnswered();
        int expected = load.beat(stalled);
        until(() -> load.beatsAnswered() - before >= expected, patience);
    }

    private void begin() {
        keepAlive();
        load.listen(null);
        measured = 0;
        deliveredBefore = load.delivered();
        deadBefore = load.dead();
        usedBefore = cpu.used().toNanos();
        begun = System.nanoTime();
        load.listen(this::note);
    }

    // On the event loop alone.
    private void note(long nanos) {
        int at = measured;
        if (at == latencies.length) {
            latencies = Arrays.copyOf(latencies, at * 2);
        }
        latencies[at] = nanos;
        measured = at + 1;
    }

    private String finished(long sent, long expected, boolean late) {
        long end = System.nanoTime();
        long inTime = arrived();
        until(() -> arrived() >= expected, patience);
        return told(sent, expected, inTime, end, late);
    }

    private String told(long sent, long expected, long inTime, long end, boolean late) {
        load.listen(null);
        int count = measured;
        Latencies all = new Latencies(count == 0 ? new long[1] : Arrays.copyOf(latencies, count));
        return String.format(
                Locale.ROOT,
                "{\"sent\":%d,\"delivered\":%d,\"lost\":%d,\"dead\":%d,\"seconds\":%.4f,\"p50\":%d,\"p90\":%d,"
                        + "\"p99\":%d,\"max\":%d,\"cpu\":%.4f,\"late\":%b}",
                sent,
                inTime,
                expected - arrived(),
                load.dead() - deadBefore,
                (end - begun) / 1e9,
                micros(all, 50),
                micros(all, 90),
                micros(all, 99),
                micros(all, 100),
                (cpu.used().toNanos() - usedBefore) / 1e9,
                late);
    }

    private static long micros(Latencies all, double percent) {
        return Math.round(all.percentile(percent) * 1e3);
    }

    private long arrived() {
        return load.delivered() - deliveredBefore;
    }

    private static void pause(long moment) {
        for (long left = moment - System.nanoTime(); left > 0; left = moment - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static void until(BooleanSupplier condition, long patience) {
        long end = System.nanoTime() + patience;
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            LockSupport.parkNanos(200_000);
        }
    }
}
