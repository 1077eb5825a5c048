package dev.campfire.realtime.operations;

import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/**
 * A NOTICE or WARNING of the server.
 *
 * @param severity as the server calls it: "NOTICE"
 * @param hint what it proposes, if anything
 */
public record ServerNotice(
        String severity, String text, @Nullable String hint) {

    /** All of a chain, in the server's order. */
    static List<ServerNotice> all(@Nullable SQLWarning chain) {
        List<ServerNotice> notices = new ArrayList<>();
        for (SQLWarning warning = chain; warning != null; warning = warning.getNextWarning()) {
            notices.add(of(warning));
        }
        return notices;
    }

    private static ServerNotice of(SQLWarning warning) {
        if (warning instanceof PSQLWarning psql) {
            ServerErrorMessage message = psql.getServerErrorMessage();
            return new ServerNotice(orEmpty(message.getSeverity()), orEmpty(message.getMessage()), message.getHint());
        }
        return new ServerNotice("WARNING", orEmpty(warning.getMessage()), null);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
