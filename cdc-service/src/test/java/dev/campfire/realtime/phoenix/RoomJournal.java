package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.StreamStart;
import dev.campfire.realtime.journal.JournalEntry;
import dev.campfire.realtime.journal.JournalException;
import dev.campfire.realtime.journal.JournalReader;
import dev.campfire.realtime.journal.JournalSettings;
import dev.campfire.realtime.journal.RocksJournal;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.Position;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A journal on disk of what is said in rooms, which knows when it is read. */
final class RoomJournal implements AutoCloseable {

    private static final Runnable NOTHING = () -> {};

    final AtomicInteger reads = new AtomicInteger();
    final AtomicReference<Runnable> behindNextRead = new AtomicReference<>(NOTHING);
    private final RocksJournal journal;

    RoomJournal(Path folder) throws JournalException {
        journal = RocksJournal.open(
                JournalSettings.in(folder.resolve("journal")), "postgres", InstantSource.system(), lsn -> {}, () -> {});
        begin(5);
    }

    /** Begins a stretch without gaps at this LSN. */
    void begin(long lsn) {
        journal.begin(new StreamStart(1, lsn, Math.max(1000, lsn), true));
    }

    JournalReader reader() {
        JournalReader real = journal.reader();
        return (JournalReader) Proxy.newProxyInstance(
                JournalReader.class.getClassLoader(),
                new Class<?>[] {JournalReader.class},
                (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(real, arguments);
                        if (method.getName().equals("read")) {
                            reads.incrementAndGet();
                            behindNextRead.getAndSet(NOTHING).run();
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    static String id(long lsn) {
        return position(lsn).toString();
    }

    private static Position position(long lsn) {
        return new Position(new ChangeId(1, lsn, 0), 0);
    }

    void say(long lsn, String room, boolean isPrivate) {
        Position position = position(lsn);
        Change change = new Change(
                position.change(),
                0,
                Instant.EPOCH,
                Operation.MESSAGE,
                null,
                null,
                null,
                new Change.LogicalMessage(true, "p", new byte[] {1}));
        Event event = new Event(position, id(lsn), room, isPrivate, "said", Instant.EPOCH, false, new byte[] {'1'});
        journal.append(List.of(new JournalEntry(change, List.of(event))), change.id());
    }

    @Override
    public void close() {
        journal.close();
    }
}
