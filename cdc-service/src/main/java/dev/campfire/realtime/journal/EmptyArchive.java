package dev.campfire.realtime.journal;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Holds nothing, and never will. */
final class EmptyArchive implements Archive {

    @Override
    public ReadPoint beginning() {
        return ReadPoint.BEGINNING;
    }

    @Override
    public ReadPoint end() {
        return ReadPoint.BEGINNING;
    }

    @Override
    public ReadPoint at(Instant time) {
        return ReadPoint.BEGINNING;
    }

    @Override
    public Optional<ReadPoint> behind(String id) {
        return Optional.empty();
    }

    @Override
    public boolean isKept(ReadPoint point) {
        return true;
    }

    @Override
    public @Nullable String id(ReadPoint point) {
        return null;
    }

    @Override
    public long bytesBefore(ReadPoint point) {
        return 0;
    }

    @Override
    public Page scan(EventFilter filter, ReadPoint from, @Nullable ReadPoint to, int most) {
        return new Page(List.of(), from, true, false);
    }

    @Override
    public Contents contents() {
        return new Contents(List.of(), null, null, null, null, 0, 0);
    }

    @Override
    public ChannelPage channels(Predicate<String> wanted, @Nullable String after, int most) {
        return new ChannelPage(List.of(), null);
    }

    @Override
    public Survey survey(Watcher watcher) {
        return new Survey(List.of(), null, null, 0, 0, 0, 0, 0, 0, List.of(), List.of());
    }
}
