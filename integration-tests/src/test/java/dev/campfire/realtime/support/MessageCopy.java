package dev.campfire.realtime.support;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Writes many messages of a conversation with COPY. Their content is their number, from 0 on. */
public final class MessageCopy {

    private static final int ROWS_PER_WRITE = 500;

    private final Conversation conversation;

    public MessageCopy(Conversation conversation) {
        this.conversation = conversation;
    }

    /** Copies messages {@code from} (inclusive) to {@code to} (exclusive) in one transaction. */
    public void copy(int from, int to) throws SQLException {
        copy(from, to, () -> {});
    }

    /**
     * Copies in one transaction, and runs something when half of the rows have been written.
     *
     * @param halfway runs while the COPY is under way
     */
    public void copy(int from, int to, Runnable halfway) throws SQLException {
        try (Connection connection = conversation.database().connect()) {
            copy(connection, from, to, halfway);
        }
    }

    private void copy(Connection connection, int from, int to, Runnable halfway) throws SQLException {
        CopyIn copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY messages (conversation_id, organization_id, sender_type, metadata, content) FROM STDIN");
        try {
            int middle = (from + to) / 2;
            write(copy, from, middle);
            copy.flushCopy();
            halfway.run();
            write(copy, middle, to);
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private void write(CopyIn copy, int from, int to) throws SQLException {
        String start = conversation.id() + "\t" + conversation.organization() + "\tcustomer\t{\"x\": \""
                + "x".repeat(300) + "\"}\t";
        for (int first = from; first < to; first += ROWS_PER_WRITE) {
            StringBuilder rows = new StringBuilder();
            for (int i = first; i < Math.min(to, first + ROWS_PER_WRITE); i++) {
                rows.append(start).append(i).append('\n');
            }
            byte[] bytes = rows.toString().getBytes(StandardCharsets.UTF_8);
            copy.writeToCopy(bytes, 0, bytes.length);
        }
    }

    /** The contents of the committed messages, in the order of their numbers. */
    public List<String> committed() {
        return conversation
                .database()
                .column(
                        "SELECT content FROM messages WHERE conversation_id = ? ORDER BY content::int",
                        conversation.id());
    }

    /** The contents of messages 0 to {@code count}. */
    public static List<String> contents(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }
}
