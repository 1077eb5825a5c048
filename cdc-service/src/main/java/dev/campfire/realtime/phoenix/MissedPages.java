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

    /** For so long after somebody read them. */
    private static final Duration MOMENT = Duration.ofSeconds(2);

    /** So many pages are remembered of each way; further ones only where somebody follows another one. */
    private static final int REMEMBERED_OF_FIRST = 2;

    private final JournalReader journal;
    private final Cache<Asked, MissedPage> pages = Caffeine.newBuilder()
            .maximumWeight(REMEMBERED_BYTES)
            .weigher((Asked asked, MissedPage page) -> page.size())
            .expireAfterAccess(MOMENT)
            .build();

    private record Asked(Selection selection, ReadPoint from, int most) {}

    MissedPages(JournalReader journal) {
        this.journal = journal;
    }

    /** A way through what was missed, for one reader at a time. */
    Walk walk(Selection selection) {
        return new Walk(selection);
    }

    final class Walk {
        private final Selection selection;
        private int walked;
        private boolean follows;

        private Walk(Selection selection) {
            this.selection = selection;
        }

        /**
         * The page behind a point. Of one that others have read only bytes may be left.
         *
         * @throws IOException when the journal can't be read, or something behind the point is not there any more
         */
        MissedPage read(ReadPoint from, int most) throws IOException {
            Asked asked = new Asked(selection, from, most);
            MissedPage known = pages.getIfPresent(asked);
            // Where nobody else has come by, nobody may come: who reads far alone would fill the memory for nothing.
            boolean isRemembered = walked++ < REMEMBERED_OF_FIRST || follows;
            follows = known != null;
            return known == null
                    ? readAnew(asked, isRemembered ? MissedPage.Keeping.BYTES : MissedPage.Keeping.NOT)
                    : goOn(asked, known);
        }

        /** The same page with its changes, for whoever is told something else; those who come by later find them, too. */
        MissedPage readWhole(ReadPoint from, int most) throws IOException {
            return readAnew(new Asked(selection, from, most), MissedPage.Keeping.WHOLE);
        }
    }

    private MissedPage readAnew(Asked asked, MissedPage.Keeping keeping) throws IOException {
        MissedPage page = MissedPage.of(journal.read(asked.selection(), asked.from(), asked.most()), keeping);
        // Retention says what it takes before it takes it: when the point is good still, nothing was missing.
        if (!journal.hasAllBehind(asked.from())) {
            throw new IOException("what was missed is not kept any more");
        }
        if (keeping != MissedPage.Keeping.NOT && !page.isEmpty()) {
            pages.put(asked, page);
        }
        return page;
    }

    /** What was the end when the page was read need not be it now. */
    private MissedPage goOn(Asked asked, MissedPage known) throws IOException {
        if (!known.isAtEnd()) {
            return known;
        }
        MissedPage behind =
                readAnew(new Asked(asked.selection(), known.next(), asked.most()), MissedPage.Keeping.BYTES);
        return behind.isEmpty() ? known.endingAt(behind) : known.notAtEnd();
    }
}
