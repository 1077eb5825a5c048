package dev.campfire.realtime.replay.tool;

import dev.campfire.realtime.journal.Archive;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.replay.LostException;
import dev.campfire.realtime.replay.Pause;
import dev.campfire.realtime.replay.Progress;
import dev.campfire.realtime.replay.ReplayRequest;
import dev.campfire.realtime.replay.Tape;
import dev.campfire.realtime.replay.TapeListener;
import java.io.IOException;
import java.nio.file.Path;

/** The journal of a service that does not run. */
final class DirectorySource implements Source {

    private final Path folder;
    private final Archive archive;
    private final ReplayRequest request;

    /** @param archive what the directory holds; closed by whoever opened it */
    DirectorySource(Path folder, Archive archive, ReplayRequest request) {
        this.folder = folder;
        this.archive = archive;
        this.request = request;
    }

    @Override
    public Progress tell(Listener listener) throws IOException, InterruptedException, LostException {
        Tape.Ended ended = Tape.open(archive, request, Pause.SLEEP).play(new TapeListener() {
            @Override
            public void event(Event event) throws IOException, InterruptedException {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                listener.event(Told.of(event));
            }

            @Override
            public void at(Progress progress) throws IOException, InterruptedException {
                listener.at(progress);
            }

            @Override
            public void gap(LostException gap) {
                listener.gap(gap);
            }
        });
        return ended.progress();
    }

    @Override
    public String name() {
        return folder.toString();
    }
}
