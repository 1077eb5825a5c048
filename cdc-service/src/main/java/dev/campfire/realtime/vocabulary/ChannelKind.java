package dev.campfire.realtime.vocabulary;

import org.jspecify.annotations.Nullable;

/**
 * The kinds of channel of the unified standard.
 *
 * <p>A channel of an organisation is written {@code org:{org}}, then what {@link #resource} says, then the resource's id
 * when the kind has one, then {@link #action}. The three system channels are constants.
 */
public enum ChannelKind {
    ORGANIZATION("organization", Scope.ORGANIZATION, "", ""),
    CONVERSATIONS("conversations", Scope.ORGANIZATION, ":conversations", ""),
    NOTIFICATIONS("notifications", Scope.ORGANIZATION, ":notifications", ""),
    ACTIVITY("activity", Scope.ORGANIZATION, ":activity", ""),
    METRICS("metrics", Scope.ORGANIZATION, ":metrics", ""),
    AGENTS_PRESENCE("agentsPresence", Scope.ORGANIZATION, ":agents:presence", ""),

    CONVERSATION("conversation", Scope.RESOURCE, ":conv:", ""),
    CONVERSATION_TYPING("conversationTyping", Scope.RESOURCE, ":conv:", ":typing"),
    CONVERSATION_PRESENCE("conversationPresence", Scope.RESOURCE, ":conv:", ":presence"),
    CONVERSATION_HANDOVER("conversationHandover", Scope.RESOURCE, ":conv:", ":handover"),
    CONVERSATION_STATUS("conversationStatus", Scope.RESOURCE, ":conv:", ":status"),

    USER("user", Scope.RESOURCE, ":user:", ""),
    USER_NOTIFICATIONS("userNotifications", Scope.RESOURCE, ":user:", ":notifications"),
    USER_PRESENCE("userPresence", Scope.RESOURCE, ":user:", ":presence"),
    USER_ACTIVITY("userActivity", Scope.RESOURCE, ":user:", ":activity"),

    /** Another name of the conversation channel of the same id: see {@link ChannelName#canonical}. */
    WIDGET("widget", Scope.RESOURCE, ":widget:", ""),
    WIDGET_VISITOR("widgetVisitor", Scope.RESOURCE, ":widget:visitor:", ""),
    WIDGET_SESSION("widgetSession", Scope.RESOURCE, ":widget:session:", ""),

    SYSTEM("system", Scope.SYSTEM, "system:announcements", ""),
    HEALTH("health", Scope.SYSTEM, "system:health", ""),
    PERFORMANCE("performance", Scope.SYSTEM, "system:performance", "");

    /** What a channel's name says of where it belongs. */
    public enum Scope {
        /** The whole service: the name has no ids. */
        SYSTEM,
        /** An organisation. */
        ORGANIZATION,
        /** One resource of an organisation: the name has an id behind the organisation's. */
        RESOURCE
    }

    static final String ORGANIZATION_PREFIX = "org:";
    static final String SYSTEM_PREFIX = "system:";

    private final String builder;
    private final Scope scope;
    private final String resource;
    private final String action;

    ChannelKind(String builder, Scope scope, String resource, String action) {
        this.builder = builder;
        this.scope = scope;
        this.resource = resource;
        this.action = action;
    }

    /** The name of the kind's builder in the standard. */
    public String builder() {
        return builder;
    }

    public Scope scope() {
        return scope;
    }

    /** What stands behind the organisation's id, with its colons; the whole name of a system channel. */
    String resource() {
        return resource;
    }

    /** What stands behind the resource's id, with its colon; often empty. */
    String action() {
        return action;
    }

    /** Writes a name of this kind; the ids are those that its scope asks for. */
    String write(@Nullable String org, @Nullable String id) {
        return switch (scope) {
            case SYSTEM -> resource;
            case ORGANIZATION -> ORGANIZATION_PREFIX + org + resource;
            case RESOURCE -> ORGANIZATION_PREFIX + org + resource + id + action;
        };
    }
}
