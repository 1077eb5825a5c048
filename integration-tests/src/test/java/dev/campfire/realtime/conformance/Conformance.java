package dev.campfire.realtime.conformance;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.SharedBackend;
import java.util.List;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tries a group of cases, each in every version that it is about, on a service that they share. */
@ExtendWith(SharedBackend.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Conformance {

    /** What the group is about, as a heading. */
    abstract String title();

    abstract List<Case> cases();

    List<Trial> trials() {
        return cases().stream()
                .flatMap(each -> each.versions().stream().map(version -> new Trial(each, version)))
                .toList();
    }

    /** Where the cases play; unless another service is needed, the one that all tests share. */
    Stage stage(Backend shared) {
        return new Stage(shared.service(), shared.database());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("trials")
    void holds(Trial trial, Backend shared) throws Throwable {
        boolean hasPassed = false;
        Stage stage = stage(shared);
        try (Scene scene = new Scene(stage, trial.version())) {
            trial.tried().script().play(scene);
            hasPassed = true;
        } catch (Throwable failure) {
            if (stage.service() != shared.service()) {
                failure.addSuppressed(new AssertionError(stage.service().logTail()));
            }
            throw failure;
        } finally {
            Ledger.note(trial.tried().id(), trial.version(), hasPassed);
        }
    }
}
