package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.changes.MissedChange;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.journal.BroadcastHistory;
import dev.campfire.realtime.journal.JournalEntry;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.signals.TypingBridge;
import dev.campfire.realtime.signals.TypingRoom;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * What a join gets that asks for the newest broadcasts: from the journal, in the order of commits and by the policies of the
 * rows that they tell of; where that does not reach back so far, those of {@code realtime.messages} go before.
 */
final class Replays {

    private final ResumeSource source;
    private final BroadcastHistory table;
    private final TypingBridge typing;

    Replays(ChannelServices services) {
        this.source = services.resume();
        this.table = services.history();
        this.typing = services.typing();
    }

    /**
     * The newest broadcasts of a private channel, oldest first.
     *
     * @param since none older than this
     * @param limit no more than this
     */
    CompletionStage<List<Message.Broadcast>> since(String topic, Instant since, int limit, Viewer viewer) {
        CompletableFuture<Kept> kept =
                CompletableFuture.supplyAsync(() -> read(topic, since, limit, viewer), source.reading());
        return kept.thenCompose(found -> {
            if (!found.isShort()) {
                return CompletableFuture.completedStage(found.broadcasts());
            }
            return table.since(topic, since, limit).thenApply(events -> join(events, found.broadcasts(), limit));
        });
    }

    /** @param isShort whether there may be more, from before the journal */
    private record Kept(List<Message.Broadcast> broadcasts, boolean isShort) {}

    private Kept read(String topic, Instant since, int limit, Viewer viewer) {
        try {
            List<MissedChange> missed = new ArrayList<>();
            for (JournalEntry entry : source.journal().newest(topic, true, since, limit)) {
                missed.add(new MissedChange(entry.change(), entry.events(), false));
            }
            List<Message.Broadcast> broadcasts = new ArrayList<>();
            for (Message message : source.retelling().retell(missed, viewer, null)) {
                if (message instanceof Message.Broadcast broadcast) {
                    broadcasts.add(broadcast);
                }
            }
            boolean isShort =
                    missed.size() < limit && source.journal().keptSince().isAfter(since);
            return new Kept(last(broadcasts, limit), isShort);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
        } catch (IOException | SQLException e) {
            throw new CompletionException(e);
        }
    }

    private List<Message.Broadcast> join(List<Event> older, List<Message.Broadcast> newer, int limit) {
        try {
            List<Message.Broadcast> all = new ArrayList<>();
            for (Event event : older) {
                if (!isTyping(event) && source.journal().after(event.id()).isEmpty()) {
                    all.add(Message.Broadcast.replayOf(event));
                }
            }
            all.addAll(newer);
            return last(all, limit);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /** Who typed long ago is of no interest, even where the database wrote it down. */
    private boolean isTyping(Event event) {
        return TypingRoom.of(event.channel()) != null && typing.read(Message.Broadcast.replayOf(event)) != null;
    }

    private static List<Message.Broadcast> last(List<Message.Broadcast> all, int limit) {
        return all.subList(Math.max(0, all.size() - limit), all.size());
    }
}
