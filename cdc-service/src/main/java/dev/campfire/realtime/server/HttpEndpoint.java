package dev.campfire.realtime.server;

import java.util.concurrent.CompletionStage;

/** Answers the requests of a route. Called on event loops: whatever blocks is done elsewhere, and completes the stage. */
@FunctionalInterface
public interface HttpEndpoint {

    /** The answer, on whatever thread it is found; a stage that fails is answered with 500. */
    CompletionStage<HttpAnswer> answer(HttpCall call);
}
