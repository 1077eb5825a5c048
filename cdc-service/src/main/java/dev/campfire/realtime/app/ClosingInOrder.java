package dev.campfire.realtime.app;

import org.jspecify.annotations.Nullable;

/** Closes parts one after the other, each also when one before it could not be closed. */
final class ClosingInOrder {

    private ClosingInOrder() {}

    /** Something that ends; quick, or bounded by a deadline of its own. */
    interface Part {
        void close() throws InterruptedException;
    }

    /** @throws InterruptedException the first failure, as any other: what failed behind it is suppressed in it */
    static void of(Part... parts) throws InterruptedException {
        Throwable failure = null;
        for (Part part : parts) {
            try {
                part.close();
            } catch (InterruptedException | RuntimeException | Error e) {
                failure = first(failure, e);
            }
        }
        switch (failure) {
            case null -> {}
            case InterruptedException e -> throw e;
            case Error e -> throw e;
            default -> throw (RuntimeException) failure;
        }
    }

    private static Throwable first(@Nullable Throwable before, Throwable failure) {
        if (before == null) {
            return failure;
        }
        before.addSuppressed(failure);
        return before;
    }
}
