package dev.campfire.realtime.conversations;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A message to be written, as the standards' validation wants it. What is null is left to the table's defaults.
 *
 * @param content something to read, of at most {@link #LONGEST_CONTENT} characters
 * @param senderType {@code customer}, {@code agent} or {@code system}
 * @param metadata a JSON object
 * @param attachments a JSON array
 */
public record MessageDraft(
        UUID conversation,
        UUID organization,
        String content,
        String senderType,
        @Nullable String senderName,
        @Nullable String senderEmail,
        @Nullable String messageType,
        @Nullable JsonNode metadata,
        @Nullable JsonNode attachments) {

    public static final int LONGEST_CONTENT = 4000;

    static final List<String> SENDER_TYPES = List.of("customer", "agent", "system");

    /** What bounds the texts that the standards leave open. */
    private static final int LONGEST_NAME = 1000;

    private static final int LONGEST_TYPE = 100;
    private static final int LONGEST_EMAIL = 254;

    /** What browsers take for an address, with a domain that has a dot, and no dots side by side. */
    private static final Pattern EMAIL = Pattern.compile("(?!\\.)(?!.*\\.[.@])[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
            + "(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])");

    private static final Set<String> KNOWN = Set.of(
            "conversation_id",
            "organization_id",
            "content",
            "sender_type",
            "sender_name",
            "sender_email",
            "message_type",
            "metadata",
            "attachments");

    /**
     * Reads a body.
     *
     * @param body a JSON object
     * @throws Refusal with an entry for each field that is wrong
     */
    public static MessageDraft read(JsonNode body) {
        Fields fields = new Fields(body, KNOWN);
        for (String required : List.of("conversation_id", "organization_id", "content", "sender_type")) {
            fields.require(required);
        }
        UUID conversation = fields.uuid("conversation_id");
        UUID organization = fields.uuid("organization_id");
        String content = fields.filledText("content", LONGEST_CONTENT);
        String senderType = fields.oneOf("sender_type", SENDER_TYPES);
        String senderName = fields.text("sender_name", LONGEST_NAME);
        String senderEmail = email(fields);
        String messageType = fields.filledText("message_type", LONGEST_TYPE);
        JsonNode metadata = fields.object("metadata");
        JsonNode attachments = fields.array("attachments");
        fields.check();
        return new MessageDraft(
                Objects.requireNonNull(conversation),
                Objects.requireNonNull(organization),
                Objects.requireNonNull(content),
                Objects.requireNonNull(senderType),
                senderName,
                senderEmail,
                messageType,
                metadata,
                attachments);
    }

    private static @Nullable String email(Fields fields) {
        String email = fields.text("sender_email", LONGEST_EMAIL);
        if (email != null
                && (email.length() > LONGEST_EMAIL || !EMAIL.matcher(email).matches())) {
            fields.wrong("sender_email", "must be an email address");
        }
        return email;
    }
}
