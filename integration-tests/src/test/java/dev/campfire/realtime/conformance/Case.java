package dev.campfire.realtime.conformance;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement of the protocol's description, and how it is tried.
 *
 * @param id unique: the number of the statement's section, a hyphen, and a few words
 * @param statement what holds, in a sentence
 * @param differs what is better here than in the original, or null where both are alike
 * @param versions the versions of the protocol that it is about
 */
record Case(String id, String statement, @Nullable String differs, List<String> versions, Script script) {

    /** How a case is tried; whatever it throws is a failure. */
    interface Script {
        void play(Scene scene) throws Exception;
    }

    private static final List<String> BOTH = List.of("1.0.0", "2.0.0");

    static Case of(String id, String statement, Script script) {
        return new Case(id, statement, null, BOTH, script);
    }

    /** The same, where the original does something else. */
    Case differs(String text) {
        return new Case(id, statement, text, versions, script);
    }

    /** The same, for one version of the protocol. */
    Case only(String version) {
        return new Case(id, statement, differs, List.of(version), script);
    }

    String section() {
        return id.substring(0, id.indexOf('-'));
    }
}
