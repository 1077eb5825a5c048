package dev.campfire.realtime.faults;

import dev.campfire.realtime.support.Follower.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What came of a run: each row is counted for the fault in whose round it was written. For one thread.
 *
 * <p>A message is known by its number, which is its content.
 */
final class FaultReport {

    private final List<Round> rounds = new ArrayList<>();
    private final Map<Fault, Line> lines = new EnumMap<>(Fault.class);
    private final List<String> findings = new ArrayList<>();

    /** @param first the first number of each conversation that was not written before */
    private record Round(Fault fault, List<Integer> first) {}

    private static final class Line {
        private int rounds;
        private int rows;
        private int received;
        private int lost;
        private int twice;
        private int disordered;
        private Duration worst = Duration.ZERO;
    }

    /** A round begins. */
    void begin(Fault fault, List<Integer> first) {
        rounds.add(new Round(fault, List.copyOf(first)));
        line(fault).rounds++;
    }

    /** Everybody heard again of what was written after the fault, so long after it had begun. */
    void recovered(Fault fault, Duration after) {
        Line line = line(fault);
        line.worst = line.worst.compareTo(after) < 0 ? after : line.worst;
    }

    private Line line(Fault fault) {
        return lines.computeIfAbsent(fault, any -> new Line());
    }

    private Line line(int conversation, int number) {
        Fault fault = rounds.getFirst().fault();
        for (Round round : rounds) {
            if (round.first().get(conversation) > number) {
                break;
            }
            fault = round.fault();
        }
        return line(fault);
    }

    /** Postgres has these numbers from 0 on. */
    void committed(int conversation, int count) {
        for (int i = 0; i < count; i++) {
            line(conversation, i).rows++;
        }
    }

    /**
     * Compares what somebody received with what was committed.
     *
     * @param who for people
     */
    void compare(String who, int conversation, int committed, List<Received> received) {
        Map<Integer, Integer> times = new HashMap<>();
        int before = -1;
        String idBefore = "";
        long sequenceBefore = -1;
        for (Received each : received) {
            int number = Integer.parseInt(each.content());
            Line line = line(conversation, number);
            line.received++;
            if (times.merge(number, 1, Integer::sum) > 1) {
                line.twice++;
                find(who + " got number " + number + " again");
            } else if (number < before || each.id().compareTo(idBefore) <= 0) {
                line.disordered++;
                find(who + " got number " + number + " behind " + before);
            } else if (sequenceBefore >= 0 && each.sequence() != sequenceBefore + 1) {
                find(who + " got meta.seq " + each.sequence() + " behind " + sequenceBefore);
            }
            before = number;
            idBefore = each.id();
            sequenceBefore = each.sequence();
        }
        for (int number = 0; number < committed; number++) {
            if (!times.containsKey(number)) {
                line(conversation, number).lost++;
                find(who + " did not get number " + number);
            }
        }
    }

    void find(String finding) {
        findings.add(finding);
    }

    /** What is wrong, the first hundred. */
    List<String> findings() {
        return findings.stream().limit(100).toList();
    }

    /** The table, for people. */
    String text() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%-31s %6s %8s %9s %5s %6s %11s %14s%n",
                "fault",
                "rounds",
                "rows",
                "received",
                "lost",
                "twice",
                "disordered",
                "worst recovery"));
        lines.forEach((fault, line) -> text.append(String.format(
                Locale.ROOT,
                "%-31s %6d %8d %9d %5d %6d %11d %12.1f s%n",
                fault.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                line.rounds,
                line.rows,
                line.received,
                line.lost,
                line.twice,
                line.disordered,
                line.worst.toMillis() / 1000.0)));
        return text.toString();
    }
}
