package dev.campfire.realtime.app;

import java.util.List;

/** Where the process begins. */
public final class Campfire {

    /** Whether Netty tells Java's flight recorder what it allocates. */
    private static final String NETTY_EVENTS = "io.netty.jfr.enabled";

    /** How many of Netty's buffers are watched for never being given back. */
    private static final String NETTY_LEAKS = "io.netty.leakDetection.level";

    private Campfire() {}

    public static void main(String[] arguments) {
        if (System.getProperty(NETTY_EVENTS) == null) {
            // The recorder would be set up at each start, for events that nobody has asked for.
            System.setProperty(NETTY_EVENTS, "false");
        }
        if (System.getProperty(NETTY_LEAKS) == null) {
            // The tests watch all of them. One of each 128, Netty's default, costs a stack trace for each 128 events.
            System.setProperty(NETTY_LEAKS, "disabled");
        }
        if (ModuleLayer.boot()
                        .findModule(DiagnosticBeansLeftOut.WHERE_THEY_COST)
                        .isPresent()
                && System.getProperty(DiagnosticBeansLeftOut.PROPERTY) == null) {
            System.setProperty(DiagnosticBeansLeftOut.PROPERTY, DiagnosticBeansLeftOut.class.getName());
        }
        System.exit(run(arguments));
    }

    /**
     * Does what the arguments say, and returns the exit status. {@code serve} alone, which is how a service is started, is not
     * worth a command line's library: picocli's classes are too old for a cache of classes, and were an eighth of a start.
     */
    private static int run(String... arguments) {
        return List.of(arguments).equals(List.of(ServeCommand.NAME)) ? serve() : CampfireCommand.run(arguments);
    }

    private static int serve() {
        try {
            return new ServeCommand().call();
        } catch (Exception e) {
            System.err.println(FailureText.of(e));
            return FailureText.status(e);
        }
    }
}
