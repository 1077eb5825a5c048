package dev.campfire.realtime.mapping.rules;

import dev.campfire.realtime.capture.Operation;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A rule for one event, compiled for a table's columns. */
public final class CompiledRule {

    private final EventRule rule;
    private final @Nullable Condition condition;
    private final int[] channels;
    private final @Nullable List<String> payload;
    private final List<Mistake> mistakes;

    CompiledRule(EventRule rule, @Nullable Condition condition, List<Mistake> mistakes) {
        this.rule = rule;
        this.condition = condition;
        this.channels = rule.channels().stream().mapToInt(Integer::intValue).toArray();
        this.payload = rule.payload() == null
                ? null
                : rule.payload().stream().map(ColumnText::name).toList();
        this.mistakes = List.copyOf(mistakes);
    }

    /** The event's name. */
    public String event() {
        return rule.event();
    }

    /** Where the rule begins in its file. */
    public Place at() {
        return rule.at();
    }

    /** What must have been done. */
    public Set<Operation> operations() {
        return rule.operations();
    }

    /** The condition as it is written; null for none. */
    public @Nullable String condition() {
        ScalarText text = rule.condition();
        return text == null ? null : text.text();
    }

    /** Where the event goes, as places among the table's channels. For reading only. */
    int[] channels() {
        return channels;
    }

    public int channelCount() {
        return channels.length;
    }

    /** The columns that it tells of; null for all. */
    public @Nullable List<String> payload() {
        return payload;
    }

    /** Why the rule does not fit the table and makes no events; empty when it does fit. */
    public List<Mistake> mistakes() {
        return mistakes;
    }

    /** Whether the condition holds. Never throws. */
    public Verdict judge(Images images) {
        return condition == null ? Verdict.HOLDS : condition.judge(images);
    }
}
