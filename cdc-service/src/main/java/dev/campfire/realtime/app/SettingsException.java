package dev.campfire.realtime.app;

import java.util.List;

/** Settings that can't be used: all that is wrong with them at once. */
final class SettingsException extends Exception {

    private final List<String> problems;

    SettingsException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    /** One line each: which setting, what is wrong, what would be right. */
    List<String> problems() {
        return problems;
    }
}
