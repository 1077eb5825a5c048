package dev.campfire.realtime.replay.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.replay.LostException;
import dev.campfire.realtime.replay.Pause;
import dev.campfire.realtime.replay.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A running service. When the connection is cut it is made again, and goes on behind the last event; only at the very
 * beginning a server that does not answer ends the tool at once.
 */
final class ServerSource implements Source {

    private static final int TRIES = 10;

    private final ServerCalls calls;
    private final RangeArguments range;
    private final Backoff backoff;
    private final Pause pause;
    private final Consumer<String> notices;
    private @Nullable String position;
    private long told;
    private int failures;
    private long readBefore;
    private long lastRead;

    /** @param notices told when the connection is made again */
    ServerSource(ServerCalls calls, RangeArguments range, Backoff backoff, Pause pause, Consumer<String> notices) {
        this.calls = calls;
        this.range = range;
        this.backoff = backoff;
        this.pause = pause;
        this.notices = notices;
    }

    @Override
    public String name() {
        return calls.name();
    }

    @Override
    public Progress tell(Listener listener) throws IOException, InterruptedException, LostException {
        boolean hasBegun = false;
        while (true) {
            try (InputStream answer = calls.get("/api/journal/events?" + rest().query());
                    LineReader lines = new LineReader(answer)) {
                hasBegun = true;
                return read(lines, listener);
            } catch (ServerCalls.UnavailableException | LineReader.CutException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (!hasBegun || ++failures > TRIES) {
                    throw e;
                }
                if (told >= range.limit()) {
                    return new Progress(position, told, lastRead, lastRead);
                }
                readBefore = lastRead;
                notices.accept(e.getMessage() + "; trying again");
                pause.pause(backoff.after(failures));
            }
        }
    }

    private RangeArguments rest() {
        return (position == null ? range : range.behind(position)).less(told);
    }

    private Progress read(LineReader lines, Listener listener) throws IOException, InterruptedException, LostException {
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            failures = 0;
            if (!ControlReader.isControl(line)) {
                Told event = ControlReader.event(line);
                listener.event(event);
                position = event.position();
                told++;
            } else {
                Progress end = control(ControlReader.control(line), listener);
                if (end != null) {
                    return end;
                }
            }
            if (!lines.hasMoreAtHand()) {
                listener.caughtUp();
            }
        }
        throw new LineReader.CutException("The server ended the answer before its end", null);
    }

    /** What the end says; null when it is not the end. */
    private @Nullable Progress control(JsonNode line, Listener listener)
            throws IOException, InterruptedException, LostException {
        switch (line.path("control").asText()) {
            case "at" -> {
                Progress progress = progress(line);
                position = progress.position() == null ? position : progress.position();
                listener.at(progress);
                return null;
            }
            case "gap" -> {
                LostException lost = ControlReader.lost(line);
                if (!range.crossesGaps()) {
                    throw lost;
                }
                listener.gap(lost);
                return null;
            }
            case "end" -> {
                Progress progress = progress(line);
                listener.at(progress);
                return progress;
            }
            default ->
                throw new IOException(
                        "The server can't go on: " + line.path("message").asText());
        }
    }

    /** Over all connections. */
    private Progress progress(JsonNode line) {
        Progress progress = ControlReader.progress(line);
        lastRead = readBefore + progress.bytesRead();
        return new Progress(progress.position(), told, lastRead, readBefore + progress.bytes());
    }
}
