package dev.campfire.realtime.channel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets a client that wants few messages have the last of each kind in every window: the first goes out at once, what
 * follows within the window waits for its end, and what is overtaken there is never sent. Only what can be overtaken is
 * kept: everything else passes. Used by one loop.
 */
final class Conflation {

    /** What is kept beyond this goes out at once. */
    private static final int MOST_BYTES = 256 * 1024;

    private final Duration window;
    private final Consumer<Runnable> atItsEnd;
    private final Consumer<List<Message>> out;
    private final Map<Object, Message> latest = new LinkedHashMap<>();
    private @Nullable PresenceDiff diff;
    private long bytes;
    private boolean isOpen;

    /** Runs a task of the loop after a time. */
    @FunctionalInterface
    public interface Timer {
        void schedule(Duration delay, Runnable task);
    }

    /** @param out writes what was kept, and flushes it */
    Conflation(Duration window, Timer timer, Consumer<List<Message>> out) {
        this.window = window;
        this.atItsEnd = task -> timer.schedule(this.window, task);
        this.out = out;
    }

    /** Whether it keeps the message; one that it does not keep is to be written now. */
    boolean keeps(Message message, @Nullable Object subject) {
        boolean isDiff = message instanceof Message.Push push && push.event().equals(PresenceDiff.EVENT);
        if (!isDiff && subject == null) {
            return false;
        }
        if (!isOpen) {
            open();
            return false;
        }
        if (message instanceof Message.Push push && isDiff) {
            diff = diff == null ? new PresenceDiff() : diff;
            diff.add(push.payload());
            bytes += push.size();
        } else if (subject != null) {
            // Behind what came meanwhile of others.
            Message overtaken = latest.remove(subject);
            latest.put(subject, message);
            bytes += message.size() - (overtaken == null ? 0 : overtaken.size());
        }
        if (bytes > MOST_BYTES) {
            write();
        }
        return true;
    }

    private void open() {
        isOpen = true;
        atItsEnd.accept(() -> {
            isOpen = false;
            if (write()) {
                open();
            }
        });
    }

    /** Writes what is kept; false when there was nothing. */
    private boolean write() {
        if (bytes == 0) {
            return false;
        }
        List<Message> kept = new ArrayList<>(latest.values());
        byte[] changed = diff == null ? new byte[0] : diff.payload();
        if (changed.length > 0) {
            kept.add(new Message.Push(PresenceDiff.EVENT, changed));
        }
        latest.clear();
        diff = null;
        bytes = 0;
        out.accept(kept);
        return true;
    }
}
