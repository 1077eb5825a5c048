package dev.campfire.realtime.conversations;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.vocabulary.ChannelName;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A message that is to be written.
 *
 * @param key null for one that is written as often as it is posted
 * @param answer what comes of it; fails with a {@link Refusal}
 */
record Post(
        Participant caller,
        MessageDraft draft,
        @Nullable IdempotencyKey key,
        CompletableFuture<Messages.Created> answer) {

    static final Comparator<Post> BY_CONVERSATION = Comparator.comparing(Post::conversation);

    /** What posts have in common that Postgres may judge and write as one: who, and which columns. */
    record Kind(String role, @Nullable String subject, String claims, String headers, List<String> columns) {}

    Kind kind() {
        return new Kind(
                caller.claims().role(),
                caller.claims().subject(),
                caller.claims().json(),
                caller.headers(),
                MessageInsert.columnsOf(draft));
    }

    UUID conversation() {
        return draft.conversation();
    }

    ChannelName channel() {
        return ChannelName.conversation(
                draft.organization().toString(), draft.conversation().toString());
    }

    /** In characters, about. */
    int size() {
        return draft.content().length() + length(draft.metadata()) + length(draft.attachments());
    }

    private static int length(@Nullable JsonNode json) {
        return json == null ? 0 : json.toString().length();
    }
}
