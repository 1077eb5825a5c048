package dev.campfire.realtime.signals;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.vocabulary.EventName;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of somebody who types: what they said lately, and who believes that they still do. Guarded by its bridge. */
final class Typist {

    /** So many things may be on their way on several channels at once. */
    private static final int REMEMBERED = 8;

    private final Deque<Utterance> recent = new ArrayDeque<>(2);
    private final Set<TypingRoom.Part> believers = EnumSet.noneOf(TypingRoom.Part.class);
    private ObjectNode who = JsonNodeFactory.instance.objectNode();
    private long lastTold;

    /** What a report repeats; null when it says something of its own. */
    @Nullable
    Utterance repeated(TypingReport report, String channel, long now) {
        recent.removeIf(utterance -> now - utterance.at >= TypingBridge.COPY.toNanos());
        for (Utterance utterance : recent) {
            if (utterance.takes(report, channel)) {
                return utterance;
            }
        }
        return null;
    }

    void remember(Utterance utterance) {
        if (recent.size() == REMEMBERED) {
            recent.removeFirst();
        }
        recent.addLast(utterance);
    }

    /** What a report is in the standard's words: who says again and again that they type has begun once. */
    EventName event(TypingReport report) {
        if (report.named() != null) {
            return report.named();
        }
        if (!report.isTyping()) {
            return EventName.TYPING_STOP;
        }
        return believers.isEmpty() ? EventName.TYPING_START : EventName.TYPING_UPDATE;
    }

    void told(Utterance utterance, TypingRoom.Part part, long now) {
        if (utterance.event == EventName.TYPING_STOP) {
            believers.remove(part);
        } else {
            believers.add(part);
            who = utterance.report.who();
            lastTold = now;
        }
    }

    /** Who believes that this one types. */
    Set<TypingRoom.Part> believers() {
        return believers;
    }

    ObjectNode who() {
        return who;
    }

    /** Whether nothing has been heard for so long that it is over. */
    boolean isSilent(long now) {
        return !believers.isEmpty() && now - lastTold >= TypingBridge.SILENCE.toNanos();
    }

    /** How long nothing has to be looked at, in nanoseconds; 0 when this one can be forgotten. */
    long rest(long now) {
        long rest = believers.isEmpty() ? 0 : TypingBridge.SILENCE.toNanos() - (now - lastTold);
        Utterance last = recent.peekLast();
        return last == null ? rest : Math.max(rest, TypingBridge.COPY.toNanos() - (now - last.at));
    }
}
