package dev.campfire.realtime.mapping.rules;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A condition that CEL's own interpreter decides.
 *
 * @param guard what must hold for the whole to hold, and is cheaper to ask; null when there is nothing such
 */
record CelCondition(CelRuntime.Program program, RowTypes types, Condition.@Nullable Quick guard) implements Condition {

    @Override
    public Verdict judge(Images images) {
        if (guard != null && guard.judge(images) == Verdict.HOLDS_NOT) {
            return Verdict.HOLDS_NOT;
        }
        Map<String, Object> variables = Map.of(
                "new", new RowValues(types, images, Side.NEW),
                "old", new RowValues(types, images, Side.OLD),
                "operation", images.operation().name());
        try {
            return program.eval(variables) instanceof Boolean holds ? Verdict.of(holds) : Verdict.FAILS;
        } catch (CelEvaluationException | RuntimeException e) {
            return isOfNotKnown(e) ? Verdict.NOT_KNOWN : Verdict.FAILS;
        }
    }

    private static boolean isOfNotKnown(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RowValues.NotKnownException) {
                return true;
            }
        }
        return false;
    }
}
