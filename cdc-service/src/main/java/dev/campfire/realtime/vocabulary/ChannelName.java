package dev.campfire.realtime.vocabulary;

import org.jspecify.annotations.Nullable;

/**
 * A channel's name under the unified standard, {@code org:{org}:{resource}[:{id}][:{action}]} or {@code system:{name}}.
 *
 * <p>Ids are opaque: anything without a colon, control characters, lone surrogates, or blanks at its ends. The whole
 * name has at most {@link #MAX_BYTES} bytes in UTF-8. Names are compared byte for byte: nothing is folded or trimmed.
 *
 * @param kind what the channel is for
 * @param org the organisation's id; null for system channels alone
 * @param id the resource's id; null for kinds without one
 */
public record ChannelName(
        ChannelKind kind, @Nullable String org, @Nullable String id) {

    /** The longest name, in bytes of UTF-8. */
    public static final int MAX_BYTES = 255;

    /** @throws IllegalArgumentException when an id is missing, superfluous or malformed, or the name too long */
    public ChannelName {
        boolean wellFormed =
                switch (kind.scope()) {
                    case SYSTEM -> org == null && id == null;
                    case ORGANIZATION -> org != null && ChannelId.isWellFormed(org) && id == null;
                    case RESOURCE ->
                        org != null && ChannelId.isWellFormed(org) && id != null && ChannelId.isWellFormed(id);
                };
        if (!wellFormed) {
            throw new IllegalArgumentException("malformed ids of a channel of kind " + kind.builder());
        }
        if (!ChannelId.fits(kind.write(org, id))) {
            throw new IllegalArgumentException("name of a channel of kind " + kind.builder() + " is too long");
        }
    }

    /** Reads a name; null when the standard does not know it. Never throws. */
    public static @Nullable ChannelName parse(String name) {
        return ChannelNameParser.parse(name);
    }

    /** Whether the text may stand in a name as an id. */
    public static boolean isId(String text) {
        return ChannelId.isWellFormed(text);
    }

    /** Whether a name, of whatever form, is not too long for a channel's. */
    public static boolean fits(String name) {
        return ChannelId.fits(name);
    }

    /** The channel's name as it is written, without the {@code realtime:} of the wire. */
    public String text() {
        return kind.write(org, id);
    }

    /** The channel that this name stands for: a widget's is that of its conversation, every other name is its own. */
    public ChannelName canonical() {
        return kind == ChannelKind.WIDGET ? new ChannelName(ChannelKind.CONVERSATION, org, id) : this;
    }

    @Override
    public String toString() {
        return text();
    }

    public static ChannelName organization(String org) {
        return new ChannelName(ChannelKind.ORGANIZATION, org, null);
    }

    public static ChannelName conversations(String org) {
        return new ChannelName(ChannelKind.CONVERSATIONS, org, null);
    }

    public static ChannelName notifications(String org) {
        return new ChannelName(ChannelKind.NOTIFICATIONS, org, null);
    }

    public static ChannelName activity(String org) {
        return new ChannelName(ChannelKind.ACTIVITY, org, null);
    }

    public static ChannelName metrics(String org) {
        return new ChannelName(ChannelKind.METRICS, org, null);
    }

    public static ChannelName agentsPresence(String org) {
        return new ChannelName(ChannelKind.AGENTS_PRESENCE, org, null);
    }

    public static ChannelName conversation(String org, String conversation) {
        return new ChannelName(ChannelKind.CONVERSATION, org, conversation);
    }

    public static ChannelName conversationTyping(String org, String conversation) {
        return new ChannelName(ChannelKind.CONVERSATION_TYPING, org, conversation);
    }

    public static ChannelName conversationPresence(String org, String conversation) {
        return new ChannelName(ChannelKind.CONVERSATION_PRESENCE, org, conversation);
    }

    public static ChannelName conversationHandover(String org, String conversation) {
        return new ChannelName(ChannelKind.CONVERSATION_HANDOVER, org, conversation);
    }

    public static ChannelName conversationStatus(String org, String conversation) {
        return new ChannelName(ChannelKind.CONVERSATION_STATUS, org, conversation);
    }

    public static ChannelName user(String org, String user) {
        return new ChannelName(ChannelKind.USER, org, user);
    }

    public static ChannelName userNotifications(String org, String user) {
        return new ChannelName(ChannelKind.USER_NOTIFICATIONS, org, user);
    }

    public static ChannelName userPresence(String org, String user) {
        return new ChannelName(ChannelKind.USER_PRESENCE, org, user);
    }

    public static ChannelName userActivity(String org, String user) {
        return new ChannelName(ChannelKind.USER_ACTIVITY, org, user);
    }

    /** The widget's name of a conversation's channel; its {@link #canonical} form is the conversation's own. */
    public static ChannelName widget(String org, String conversation) {
        return new ChannelName(ChannelKind.WIDGET, org, conversation);
    }

    public static ChannelName widgetVisitor(String org, String visitor) {
        return new ChannelName(ChannelKind.WIDGET_VISITOR, org, visitor);
    }

    public static ChannelName widgetSession(String org, String session) {
        return new ChannelName(ChannelKind.WIDGET_SESSION, org, session);
    }

    public static ChannelName system() {
        return new ChannelName(ChannelKind.SYSTEM, null, null);
    }

    public static ChannelName health() {
        return new ChannelName(ChannelKind.HEALTH, null, null);
    }

    public static ChannelName performance() {
        return new ChannelName(ChannelKind.PERFORMANCE, null, null);
    }
}
