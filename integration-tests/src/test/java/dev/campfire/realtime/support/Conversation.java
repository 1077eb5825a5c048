package dev.campfire.realtime.support;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An organization, an agent and a conversation made for one test, so that its channels are nobody else's.
 *
 * @param organization the organization's id
 * @param agent the user id of an active member
 * @param id the conversation's id
 * @param service what delivers its events; null when it was not running yet
 */
public record Conversation(
        Database database,
        UUID organization,
        UUID agent,
        UUID id,
        @Nullable ServiceProcess service) {

    /** Writes a new organization's first agent and its first conversation, before any service is there to see it. */
    public static Conversation open(Database database) {
        Conversation conversation = ofNewOrganization(database, null);
        conversation.insert();
        return conversation;
    }

    /** The same, and returns when the service has delivered that: whoever joins then sees only what comes later. */
    public static Conversation open(Database database, ServiceProcess service) {
        Conversation conversation = ofNewOrganization(database, service);
        conversation.insertAndAwaitDelivery(service);
        return conversation;
    }

    private static Conversation ofNewOrganization(Database database, @Nullable ServiceProcess service) {
        Conversation conversation =
                new Conversation(database, UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID(), service);
        database.update(
                "INSERT INTO organization_members (organization_id, user_id, role, status) VALUES (?, ?, 'agent', 'active')",
                conversation.organization,
                conversation.agent);
        return conversation;
    }

    /** Another conversation of the same organization. */
    public Conversation another() {
        Conversation next = new Conversation(database, organization, agent, UUID.randomUUID(), service);
        if (service == null) {
            next.insert();
        } else {
            next.insertAndAwaitDelivery(service);
        }
        return next;
    }

    private void insert() {
        database.update("INSERT INTO conversations (id, organization_id) VALUES (?, ?)", id, organization);
    }

    private void insertAndAwaitDelivery(ServiceProcess running) {
        try (PhoenixSocket witness = PhoenixSocket.open(running.port(), "2.0.0")) {
            witness.join(channel());
            insert();
            witness.awaitBroadcast("conversation:created");
        }
    }

    /** The conversation's channel. */
    public String channel() {
        return "org:" + organization + ":conv:" + id;
    }

    /** A channel below the conversation's: {@code status}, {@code typing}. */
    public String channel(String action) {
        return channel() + ":" + action;
    }

    /** Where the widget listens: the conversation's channel under another name. */
    public String widgetChannel() {
        return "org:" + organization + ":widget:" + id;
    }

    /** The organization's channel of all conversations. */
    public String conversationsChannel() {
        return "org:" + organization + ":conversations";
    }

    public String userChannel(UUID user) {
        return "org:" + organization + ":user:" + user;
    }

    /** Commits a message of a customer and returns its id. */
    public UUID say(String content) {
        UUID message = UUID.randomUUID();
        database.update(
                "INSERT INTO messages (id, conversation_id, organization_id, content, sender_type)"
                        + " VALUES (?, ?, ?, ?, 'customer')",
                message,
                id,
                organization,
                content);
        return message;
    }

    /** Commits a change of a message: {@code "status = 'read'"}. */
    public void change(UUID message, String assignment) {
        database.update("UPDATE messages SET " + assignment + " WHERE id = ?", message);
    }

    public void delete(UUID message) {
        database.update("DELETE FROM messages WHERE id = ?", message);
    }

    /** Commits a change of the conversation: {@code "status = 'closed'"}. */
    public void change(String assignment) {
        database.update("UPDATE conversations SET " + assignment + " WHERE id = ?", id);
    }
}
