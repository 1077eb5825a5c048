package dev.campfire.realtime.server.api;

import dev.campfire.realtime.identity.Claims;
import dev.campfire.realtime.identity.TokenVerifier;
import dev.campfire.realtime.replay.ControlLine;
import dev.campfire.realtime.replay.JournalDesk;
import dev.campfire.realtime.replay.LineSink;
import dev.campfire.realtime.server.BodyWriter;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lines for the bearer of a token, for as long as it is good. For one thread. */
final class GuardedLines implements LineSink {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedLines.class);

    private static final byte[] END = {'\n'};

    private final BodyWriter.Body out;
    private final Claims claims;
    private final TokenVerifier verifier;

    GuardedLines(BodyWriter.Body out, Claims claims, TokenVerifier verifier) {
        this.out = out;
        this.claims = claims;
        this.verifier = verifier;
    }

    /** The token has ended. */
    private static final class TokenEndedException extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** Writes everything; what goes wrong is the last line. */
    void write(JournalDesk.Work work) throws IOException, InterruptedException {
        try {
            work.writeTo(this);
        } catch (TokenEndedException e) {
            last("The token has expired");
        } catch (IOException e) {
            LOG.warn("The journal could not be read to the end: {}", String.valueOf(e.getMessage()));
            last("The journal could not be read");
        }
    }

    private void last(String message) throws IOException, InterruptedException {
        out.write(ControlLine.error(message));
        out.write(END);
    }

    @Override
    public void line(byte[] json) throws IOException, InterruptedException {
        if (verifier.expired(claims.expiresAt()) != null) {
            throw new TokenEndedException();
        }
        out.write(json);
        out.write(END);
    }

    @Override
    public void flush() throws IOException, InterruptedException {
        out.flush();
    }
}
