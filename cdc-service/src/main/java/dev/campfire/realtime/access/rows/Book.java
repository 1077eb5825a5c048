package dev.campfire.realtime.access.rows;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.campfire.realtime.access.Panel;
import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.database.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one predicate's answers, and the questions that are on their way. Safe for use by several threads.
 *
 * <p>One question is asked at a time; what comes meanwhile is asked together in the next. So a predicate that is slow to
 * answer delays those who need it and nobody else.
 */
final class Book {

    /** How many answers are remembered at most. */
    private static final long MOST_ANSWERS = 500_000;

    /** How many viewers' claims are remembered at most. */
    private static final long MOST_SEERS = 50_000;

    /** How many cases, about, one question has. */
    private static final int QUESTION = 20_000;

    private final Predicate.Asked predicate;
    private final Judge judge;
    private final Database database;
    private final Cache<String, Page> pages = Caffeine.newBuilder()
            .maximumWeight(MOST_ANSWERS)
            .weigher((String key, Page page) -> 4 + page.size())
            .build();
    private final Cache<Viewer, Seer> seers = Caffeine.newBuilder()
            .maximumSize(MOST_SEERS)
            // As those of PolicyVisibility.
            .executor(Runnable::run)
            .expireAfterAccess(Duration.ofHours(1))
            .build();

    private final AtomicInteger learned = new AtomicInteger();

    // Guarded by this.
    private final Deque<Inquiry> waiting = new ArrayDeque<>();
    private boolean isAsking;
    private long epoch;

    private record Inquiry(Projection image, Panel panel, CompletableFuture<Verdicts> answer) {}

    Book(Predicate.Asked predicate, Judge judge, Database database) {
        this.predicate = predicate;
        this.judge = judge;
        this.database = database;
    }

    Predicate.Asked predicate() {
        return predicate;
    }

    /** The answers that are known about an image; null for none. */
    @Nullable
    Page page(Projection image) {
        return pages.getIfPresent(image.key());
    }

    /** How often viewers' claims were learned: with each of them answers may be known for viewers for whom they were not. */
    int learned() {
        return learned.get();
    }

    /** The answer on such a page; null when it is not known. */
    @Nullable
    Boolean known(Page page, Viewer viewer) {
        Seer seer = seers.getIfPresent(viewer);
        return seer == null ? null : page.answer(seer.key());
    }

    /** Forgets all answers, because what they rest on has changed. */
    void forget() {
        // At once for who remembers answers: one that began in between would take what is forgotten for what it has
        // asked.
        synchronized (this) {
            epoch++;
            pages.invalidateAll();
        }
    }

    /** Asks who of a panel sees the image. The stage fails with an {@link SQLException} when Postgres can't be asked. */
    CompletableFuture<Verdicts> ask(Projection image, Panel panel) {
        Inquiry inquiry = new Inquiry(image, panel, new CompletableFuture<>());
        boolean isFirst;
        synchronized (this) {
            waiting.add(inquiry);
            isFirst = !isAsking;
            isAsking = true;
        }
        if (isFirst) {
            database.later(() -> {
                        answerAll();
                        return true;
                    })
                    .exceptionally(failure -> {
                        // Only when the service ends: nobody else asks these any more.
                        failAll(failure);
                        return false;
                    });
        }
        return inquiry.answer();
    }

    private void answerAll() {
        for (List<Inquiry> some = next(); !some.isEmpty(); some = next()) {
            try {
                answer(some);
            } catch (SQLException | RuntimeException e) {
                some.forEach(inquiry -> inquiry.answer().completeExceptionally(e));
            }
        }
    }

    private synchronized List<Inquiry> next() {
        List<Inquiry> some = new ArrayList<>();
        int cases = 0;
        while (!waiting.isEmpty() && cases < QUESTION) {
            Inquiry inquiry = waiting.remove();
            cases += inquiry.panel().viewers().size();
            some.add(inquiry);
        }
        isAsking = !some.isEmpty();
        return some;
    }

    private void failAll(Throwable failure) {
        for (List<Inquiry> some = next(); !some.isEmpty(); some = next()) {
            some.forEach(inquiry -> inquiry.answer().completeExceptionally(failure));
        }
    }

    private void answer(List<Inquiry> inquiries) throws SQLException {
        long asked;
        synchronized (this) {
            asked = epoch;
        }
        Map<String, Map<Panel, List<Inquiry>>> alike = alike(inquiries);
        Map<Viewer, Seer> known = seers(alike.values());
        Map<String, Known> images = new HashMap<>();
        Set<Case> cases = new LinkedHashSet<>();
        alike.forEach((image, byPanel) -> {
            // What was answered while these waited is not asked again.
            Known ofImage = new Known(pages.getIfPresent(image), new HashMap<>(), byPanel);
            byPanel.forEach((panel, same) -> {
                Projection projection = same.getFirst().image();
                for (Viewer viewer : panel.viewers()) {
                    Seer seer = known.get(viewer);
                    if (seer != null && ofImage.answer(seer) == null) {
                        ofImage.asking().computeIfAbsent(seer.key(), any -> new Case(projection, seer));
                    }
                }
            });
            images.put(image, ofImage);
            cases.addAll(ofImage.asking().values());
        });
        Answers answers = judge.judge(predicate, cases);
        if (predicate.isLasting()) {
            remember(asked, images, answers);
        }
        images.values().forEach(ofImage -> ofImage.inquiries().forEach((panel, same) -> {
            Verdicts verdicts = verdicts(panel, known, ofImage, answers);
            same.forEach(inquiry -> inquiry.answer().complete(verdicts));
        }));
    }

    /**
     * What is remembered of an image, and what is asked about it, by the keys of those who see it.
     *
     * @param page null where nothing is remembered
     */
    private record Known(@Nullable Page page, Map<Object, Case> asking, Map<Panel, List<Inquiry>> inquiries) {

        @Nullable
        Boolean answer(Seer seer) {
            return page == null ? null : page.answer(seer.key());
        }
    }

    /** By image, and then by panel: change after change it is the same. */
    private static Map<String, Map<Panel, List<Inquiry>>> alike(List<Inquiry> inquiries) {
        Map<String, Map<Panel, List<Inquiry>>> alike = new LinkedHashMap<>();
        for (Inquiry inquiry : inquiries) {
            alike.computeIfAbsent(inquiry.image().key(), any -> new IdentityHashMap<>(1))
                    .computeIfAbsent(inquiry.panel(), any -> new ArrayList<>())
                    .add(inquiry);
        }
        return alike;
    }

    private static Verdicts verdicts(Panel panel, Map<Viewer, Seer> known, Known image, Answers answers) {
        BitSet seeing = new BitSet(panel.viewers().size());
        Map<Integer, String> failures = new HashMap<>(0);
        for (int i = 0; i < panel.viewers().size(); i++) {
            Seer seer = known.get(panel.viewers().get(i));
            if (seer == null) {
                continue;
            }
            Case asked = image.asking().get(seer.key());
            String failure = asked == null ? null : answers.failed().get(asked);
            if (failure != null) {
                failures.put(i, failure);
            } else {
                seeing.set(
                        i,
                        asked == null
                                ? Boolean.TRUE.equals(image.answer(seer))
                                : answers.visible().contains(asked));
            }
        }
        return new Verdicts(seeing, failures);
    }

    private Map<Viewer, Seer> seers(Collection<Map<Panel, List<Inquiry>>> alike) throws SQLException {
        Map<Viewer, Seer> known = new HashMap<>();
        Set<Viewer> unknown = new LinkedHashSet<>();
        Set<Panel> panels = Collections.newSetFromMap(new IdentityHashMap<>());
        alike.forEach(byPanel -> panels.addAll(byPanel.keySet()));
        for (Panel panel : panels) {
            for (Viewer viewer : panel.viewers()) {
                Seer seer = seers.getIfPresent(viewer);
                if (seer != null) {
                    known.put(viewer, seer);
                } else if (predicate instanceof Predicate.Together) {
                    unknown.add(viewer);
                } else {
                    Seer alone = Seer.alone(viewer);
                    seers.put(viewer, alone);
                    learned.incrementAndGet();
                    known.put(viewer, alone);
                }
            }
        }
        if (predicate instanceof Predicate.Together together && !unknown.isEmpty()) {
            Map<Viewer, Seer> found = judge.seers(together.role(), together.claims(), unknown);
            seers.putAll(found);
            learned.incrementAndGet();
            known.putAll(found);
        }
        return known;
    }

    private synchronized void remember(long asked, Map<String, Known> images, Answers answers) {
        if (asked != epoch) {
            return;
        }
        images.forEach((image, known) -> {
            Map<Object, Boolean> more = HashMap.newHashMap(known.asking().size());
            known.asking().forEach((key, one) -> {
                if (!answers.failed().containsKey(one)) {
                    more.put(key, answers.visible().contains(one));
                }
            });
            if (!more.isEmpty()) {
                Page page = pages.get(image, any -> new Page());
                page.add(more);
                // Put again for its weight.
                pages.put(image, page);
            }
        });
    }
}
