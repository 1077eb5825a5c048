package dev.campfire.realtime.vocabulary;

import dev.campfire.realtime.vocabulary.ChannelKind.Scope;
import org.jspecify.annotations.Nullable;

/** Reads channel names. No two kinds can match one name, because ids hold no colon. */
final class ChannelNameParser {

    private static final ChannelKind[] KINDS = ChannelKind.values();

    private ChannelNameParser() {}

    static @Nullable ChannelName parse(String name) {
        if (!ChannelId.fits(name)) {
            return null;
        }
        return name.startsWith(ChannelKind.ORGANIZATION_PREFIX) ? parseOfOrganization(name) : parseOfSystem(name);
    }

    private static @Nullable ChannelName parseOfOrganization(String name) {
        int orgStart = ChannelKind.ORGANIZATION_PREFIX.length();
        int colon = name.indexOf(':', orgStart);
        int orgEnd = colon < 0 ? name.length() : colon;
        if (!ChannelId.isWellFormed(name, orgStart, orgEnd)) {
            return null;
        }
        for (ChannelKind kind : KINDS) {
            if (kind.scope() != Scope.SYSTEM && name.startsWith(kind.resource(), orgEnd)) {
                int idStart = orgEnd + kind.resource().length();
                int idEnd = name.length() - kind.action().length();
                if (kind.scope() == Scope.ORGANIZATION) {
                    if (idStart == name.length()) {
                        return new ChannelName(kind, name.substring(orgStart, orgEnd), null);
                    }
                } else if (name.endsWith(kind.action()) && ChannelId.isWellFormed(name, idStart, idEnd)) {
                    return new ChannelName(kind, name.substring(orgStart, orgEnd), name.substring(idStart, idEnd));
                }
            }
        }
        return null;
    }

    private static @Nullable ChannelName parseOfSystem(String name) {
        for (ChannelKind kind : KINDS) {
            if (kind.scope() == Scope.SYSTEM && kind.resource().equals(name)) {
                return new ChannelName(kind, null, null);
            }
        }
        return null;
    }
}
