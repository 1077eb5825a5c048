package dev.campfire.realtime.app;

import dev.campfire.realtime.replay.tool.ReplayTool.Goal;

/** Whether somebody watches. The launcher says which of the outputs are terminals; Java can't tell. */
final class Terminals {

    private static final String KNOWN = System.getProperty("campfire.terminals", "");

    private Terminals() {}

    /** Whether standard error is one. */
    static boolean isForMessages() {
        return KNOWN.contains("2");
    }

    /** Whether a progress bar is shown: not among the events that are printed on the same terminal. */
    static boolean showProgress(Goal goal) {
        return isForMessages() && !(goal instanceof Goal.Lines && KNOWN.contains("1"));
    }
}
