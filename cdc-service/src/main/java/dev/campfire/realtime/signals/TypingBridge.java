package dev.campfire.realtime.signals;

import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.channel.ChannelKey;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.channel.Subscription;
import dev.campfire.realtime.vocabulary.EventName;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Joins the channels on which people hear that somebody types: what is said on one is heard on all, and who says nothing
 * more has stopped. Safe for use by several threads; never blocks.
 *
 * <p>Order: what one sender says of one typist is heard on each channel in the order in which it was told there.
 */
public final class TypingBridge {

    /** Who has said nothing for this long does not type any more. */
    public static final Duration SILENCE = Duration.ofSeconds(5);

    /** For so long the same words on another channel of the room are taken for the same utterance. */
    static final Duration COPY = Duration.ofSeconds(2);

    /** So many people type at a time; what others say is heard where they say it, and nowhere else. */
    private static final int MOST_TYPISTS = 20_000;

    private final ChannelHub hub;
    private final boolean speaksLegacy;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Later later;
    private final ConcurrentMap<TypistKey, Typist> typists = new ConcurrentHashMap<>();

    /**
     * @param speaksLegacy whether the spellings from before the standard are understood and spoken
     * @param clock for the times that are told
     * @param later for silence
     */
    public TypingBridge(ChannelHub hub, boolean speaksLegacy, InstantSource clock, Later later) {
        this(hub, speaksLegacy, clock, System::nanoTime, later);
    }

    /** @param nanoTime what silence is measured by */
    public TypingBridge(ChannelHub hub, boolean speaksLegacy, InstantSource clock, LongSupplier nanoTime, Later later) {
        this.hub = hub;
        this.speaksLegacy = speaksLegacy;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.later = later;
    }

    /** What is said of one typist in one spelling: the last word is enough. */
    private record Words(TypistKey typist, int spelling) {}

    /** What a message says of typing; null when it does not. */
    public @Nullable TypingReport read(Message message) {
        return TypingReport.read(message, speaksLegacy);
    }

    /**
     * Takes up what was said; nobody is told before {@link Utterance#tell}. Who says the same on several channels of the
     * room gets the same utterance.
     *
     * @param speaker who types, where the report does not say
     * @param channel the name under which it was sent
     */
    public Utterance hear(TypingRoom room, TypingReport report, String speaker, String channel) {
        TypistKey key = new TypistKey(room, Objects.requireNonNullElse(report.typist(), speaker));
        long now = nanoTime.getAsLong();
        @Nullable Utterance[] heard = {null};
        boolean hasRoom = typists.size() < MOST_TYPISTS;
        typists.compute(key, (same, known) -> {
            if (known == null && !hasRoom) {
                return null;
            }
            Typist typist = known == null ? new Typist() : known;
            Utterance said = typist.repeated(report, channel, now);
            if (said == null) {
                said = new Utterance(this, key, report, typist.event(report), now, true);
                said.takes(report, channel);
                typist.remember(said);
            }
            heard[0] = said;
            if (known == null) {
                later.run(() -> look(key), COPY);
            }
            return typist;
        });
        Utterance said = heard[0];
        return said != null ? said : unknown(key, report, room.partOf(channel), now);
    }

    /** One that is only heard where it is said. */
    private Utterance unknown(TypistKey key, TypingReport report, TypingRoom.Part part, long now) {
        EventName event = report.isTyping() ? EventName.TYPING_START : EventName.TYPING_STOP;
        EventName named = Objects.requireNonNullElse(report.named(), event);
        Utterance utterance = new Utterance(this, key, report, named, now, false);
        utterance.toldOn.add(part.other());
        return utterance;
    }

    /** The bus of the part is written to within the lock on the typist: what ends by itself does so behind what it ends. */
    boolean tell(Utterance utterance, TypingRoom.Part part, List<Subscription> except) {
        boolean[] hasRoom = {true};
        typists.compute(utterance.typist, (key, typist) -> {
            if (utterance.toldOn.add(part)) {
                List<Message> messages =
                        utterance.report.messages(key.room(), utterance.event, speaksLegacy, clock.instant());
                hasRoom[0] = send(key, part, messages, except);
                return utterance.isTracked ? told(typist, utterance, part) : typist;
            }
            return typist;
        });
        return hasRoom[0];
    }

    /** One who was forgotten while it was asked who may be told is known again. */
    private Typist told(@Nullable Typist known, Utterance utterance, TypingRoom.Part part) {
        Typist typist = known == null ? new Typist() : known;
        typist.told(utterance, part, nanoTime.getAsLong());
        if (known == null) {
            later.run(() -> look(utterance.typist), SILENCE);
        }
        return typist;
    }

    private boolean send(TypistKey typist, TypingRoom.Part part, List<Message> messages, List<Subscription> except) {
        boolean hasRoom = true;
        for (ChannelKey bus : typist.room().keys(part)) {
            if (hub.hasSubscribers(bus)) {
                for (int i = 0; i < messages.size(); i++) {
                    hasRoom &= hub.broadcastLatest(bus, messages.get(i), except, new Words(typist, i));
                }
            }
        }
        return hasRoom;
    }

    /** Ends what is over. */
    private void look(TypistKey key) {
        typists.computeIfPresent(key, (same, typist) -> {
            long now = nanoTime.getAsLong();
            if (typist.isSilent(now)) {
                List<Message> stop = TypingReport.stopped(key.room(), typist.who(), speaksLegacy, clock.instant());
                typist.believers().forEach(part -> send(key, part, stop, List.of()));
                typist.believers().clear();
            }
            long rest = typist.rest(now);
            if (rest <= 0) {
                return null;
            }
            later.run(() -> look(key), Duration.ofNanos(rest));
            return typist;
        });
    }

    /** How many people type, or did so a moment ago. */
    public int typists() {
        return typists.size();
    }
}
