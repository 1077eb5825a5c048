package dev.campfire.realtime.vocabulary;

/** Questions about names of channels that need no parsing: cheap enough for every frame. */
public final class ChannelNames {

    private static final String WIDGET = ChannelKind.WIDGET.resource();

    private ChannelNames() {}

    /**
     * The name under which the hub knows the channel: {@code org:X:conv:C} for {@code org:X:widget:C}, every other
     * string as it is, whether the standard knows it or not. Allocates only when it changes something.
     */
    public static String canonical(String name) {
        if (!name.startsWith(ChannelKind.ORGANIZATION_PREFIX)) {
            return name;
        }
        int orgEnd = name.indexOf(':', ChannelKind.ORGANIZATION_PREFIX.length());
        if (orgEnd < 0 || !name.startsWith(WIDGET, orgEnd) || name.indexOf(':', orgEnd + WIDGET.length()) >= 0) {
            return name;
        }
        ChannelName parsed = ChannelName.parse(name);
        return parsed == null ? name : parsed.canonical().text();
    }

    /**
     * Whether the name belongs to the standard's own spaces, {@code org:} and {@code system:}, valid or not: there one
     * policy rules, whatever a join's {@code private} flag says.
     */
    public static boolean isProtected(String name) {
        return name.startsWith(ChannelKind.ORGANIZATION_PREFIX) || name.startsWith(ChannelKind.SYSTEM_PREFIX);
    }

    /** Whether the standard knows a channel of this name. */
    public static boolean isValid(String name) {
        return ChannelName.parse(name) != null;
    }
}
