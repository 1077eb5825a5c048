package dev.campfire.realtime.phoenix;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.campfire.realtime.journal.JournalReader;
import dev.campfire.realtime.journal.ReadPoint;
import dev.campfire.realtime.journal.Selection;
import java.io.IOException;
import java.time.Duration;

/**
 * Reads what was missed, page by page, and remembers for a moment what it read: when many clients come again at once, those
 * of a channel have mostly stopped at the same event. Safe for use by several threads.
 */
final class MissedPages {

    private static final long REMEMBERED_BYTES = 32L << 20;
    private static final Duration MOMENT = Duration.ofSeconds(10);

    private final JournalReader journal;
    private final Cache<Asked, MissedPage> pages = Caffeine.newBuilder()
            .maximumWeight(REMEMBERED_BYTES)
            .weigher((Asked asked, MissedPage page) -> page.size())
            .expireAfterWrite(MOMENT)
            .build();

    private record Asked(Selection selection, ReadPoint from, int most) {}

    MissedPages(JournalReader journal) {
        this.journal = journal;
    }

    /**
     * The page behind a point.
     *
     * @throws IOException when the journal can't be read, or something behind the point is not there any more
     */
    MissedPage read(Selection selection, ReadPoint from, int most) throws IOException {
        Asked asked = new Asked(selection, from, most);
        MissedPage known = pages.getIfPresent(asked);
        return known == null ? readAnew(asked) : goOn(asked, known);
    }

    private MissedPage readAnew(Asked asked) throws IOException {
        MissedPage page = MissedPage.of(journal.read(asked.selection(), asked.from(), asked.most()));
        // Retention says what it takes before it takes it: when the point is good still, nothing was missing.
        if (!journal.hasAllBehind(asked.from())) {
            throw new IOException("what was missed is not kept any more");
        }
        if (!page.isEmpty()) {
            pages.put(asked, page);
        }
        return page;
    }

    /** What was the end when the page was read need not be it now. */
    private MissedPage goOn(Asked asked, MissedPage known) throws IOException {
        if (!known.isAtEnd()) {
            return known;
        }
        MissedPage behind = readAnew(new Asked(asked.selection(), known.next(), asked.most()));
        return behind.isEmpty() ? known.endingAt(behind) : known.notAtEnd();
    }
}
