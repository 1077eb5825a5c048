package dev.campfire.realtime.phoenix;

import java.time.Duration;

/** A join that is refused, and is told so after a while. Used by the socket's event loop alone. */
final class RefusedJoin extends PendingJoin {

    private final SocketLink.ScheduledTask answer;

    /** @param refuse writes the answer */
    RefusedJoin(SocketContext context, Duration delay, Runnable refuse) {
        this.answer = context.link().schedule(delay, () -> {
            refuse.run();
            context.link().flush();
        });
    }

    @Override
    void cancel() {
        answer.cancel();
    }
}
