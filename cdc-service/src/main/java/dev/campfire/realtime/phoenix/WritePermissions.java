package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.access.ChannelUser;
import dev.campfire.realtime.access.Extension;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Whether a client may send on a channel: asked when it first does, and remembered until it brings another token. What it
 * sends meanwhile waits, in order. Used by the socket's event loop alone.
 */
final class WritePermissions {

    /** How much may wait for an answer, in messages; more is dropped, as what is not permitted is. */
    private static final int MOST_WAITING = 256;

    private final SocketContext context;
    private final boolean isAsked;
    private final Map<Extension, Boolean> known = new EnumMap<>(Extension.class);
    private final Queue<Sending> waiting = new ArrayDeque<>();
    private ChannelUser user;
    private boolean isAsking;
    private int version;

    /** What a client wants to send, and what becomes of it. */
    private record Sending(Extension extension, Runnable permitted, Runnable denied) {}

    /** @param isAsked whether it is a private channel: on others everybody may send */
    WritePermissions(SocketContext context, ChannelUser user, boolean isAsked) {
        this.context = context;
        this.user = user;
        this.isAsked = isAsked;
    }

    /** Forgets what was answered, because the user has other claims now. */
    void renew(ChannelUser renewed) {
        user = renewed;
        known.clear();
        version++;
    }

    /** Runs one of the two, behind everything that waits already. */
    void send(Extension extension, Runnable permitted, Runnable denied) {
        if (!isAsked) {
            permitted.run();
        } else if (waiting.size() >= MOST_WAITING) {
            context.endpoint().oddities().note(Oddity.TOO_MUCH_WAITING);
        } else {
            waiting.add(new Sending(extension, permitted, denied));
            drain();
        }
    }

    private void drain() {
        while (!isAsking && !waiting.isEmpty()) {
            Sending next = waiting.element();
            Boolean isPermitted = known.get(next.extension());
            if (isPermitted == null) {
                ask(next.extension());
                return;
            }
            waiting.remove();
            (isPermitted ? next.permitted() : next.denied()).run();
        }
    }

    private void ask(Extension extension) {
        isAsking = true;
        int asked = version;
        context.await(
                context.services().authority().isWritable(user, extension),
                (isPermitted, failure) -> answered(extension, asked, isPermitted, failure));
    }

    private void answered(Extension extension, int asked, @Nullable Boolean isPermitted, @Nullable Throwable failure) {
        isAsking = false;
        if (asked == version) {
            // Not answered is not permitted; the next message asks again.
            boolean permitted = failure == null && Boolean.TRUE.equals(isPermitted);
            known.put(extension, permitted);
            drainOne();
            if (failure != null) {
                known.remove(extension);
            }
        }
        drain();
    }

    private void drainOne() {
        Sending next = waiting.poll();
        if (next != null) {
            (Boolean.TRUE.equals(known.get(next.extension())) ? next.permitted() : next.denied()).run();
        }
    }
}
