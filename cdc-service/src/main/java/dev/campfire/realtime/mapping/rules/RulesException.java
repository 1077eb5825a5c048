package dev.campfire.realtime.mapping.rules;

import java.util.List;
import java.util.stream.Collectors;

/** A file of rules that can't be used: all that is wrong with it at once. */
public final class RulesException extends Exception {

    private final transient List<Mistake> mistakes;

    public RulesException(List<Mistake> mistakes) {
        super(mistakes.stream().map(Mistake::toString).collect(Collectors.joining(System.lineSeparator())));
        this.mistakes = List.copyOf(mistakes);
    }

    /** In the order of the file. */
    public List<Mistake> mistakes() {
        return mistakes;
    }
}
