package dev.campfire.realtime.conversations;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes messages of one conversation, when it is one of that organisation which whom we have become sees; gives the rows
 * as they were written, in the drafts' order, or none. Drafts that are written together name the same columns.
 */
final class MessageInsert {

    private static final String INSERT = "INSERT INTO public.messages AS written (conversation_id, organization_id, %s)"
            + " SELECT conversation.id, conversation.organization_id, %s FROM public.conversations AS conversation%s"
            + " WHERE conversation.id = ? AND conversation.organization_id = ? AND pg_catalog.current_setting('role') = ?"
            + "%s RETURNING pg_catalog.row_to_json(written)::text";

    /** A microsecond apart, so that they are listed in the order in which they came. */
    private static final String TIME = "pg_catalog.now() + post.place * interval '1 microsecond'";

    private static final List<Column> COLUMNS = List.of(
            new Column("content", "text", MessageDraft::content),
            new Column("sender_type", "text", MessageDraft::senderType),
            new Column("sender_name", "text", MessageDraft::senderName),
            new Column("sender_email", "text", MessageDraft::senderEmail),
            new Column("message_type", "text", MessageDraft::messageType),
            new Column("metadata", "jsonb", MessageDraft::metadata),
            new Column("attachments", "jsonb", MessageDraft::attachments));

    private final List<MessageDraft> drafts;
    private final String role;
    private final List<Column> columns;

    private record Column(String name, String type, Function<MessageDraft, @Nullable Object> value) {}

    /**
     * @param drafts at least one; several have one conversation and the same columns
     * @param role the one that has been become: in any other, nothing is written
     */
    MessageInsert(List<MessageDraft> drafts, String role) {
        this.drafts = drafts;
        this.role = role;
        this.columns = columns(drafts.getFirst());
    }

    /** Columns that nothing is said of have their defaults, and need not be there. */
    private static List<Column> columns(MessageDraft draft) {
        return COLUMNS.stream()
                .filter(column -> column.value.apply(draft) != null)
                .toList();
    }

    /** Which columns a draft names. */
    static List<String> columnsOf(MessageDraft draft) {
        return columns(draft).stream().map(Column::name).toList();
    }

    /** With parameters for {@link #fill}. */
    String sql() {
        String names = columns.stream().map(Column::name).collect(Collectors.joining(", "));
        if (drafts.size() == 1) {
            String values = columns.stream().map(column -> "?::" + column.type).collect(Collectors.joining(", "));
            return INSERT.formatted(names, values, "", "");
        }
        String values = columns.stream()
                .map(column -> "post." + column.name + "::" + column.type)
                .collect(Collectors.joining(", "));
        String arrays =
                columns.stream().map(column -> "pg_catalog.unnest(?::text[])").collect(Collectors.joining(", "));
        return INSERT.formatted(
                names + ", created_at, updated_at",
                values + ", " + TIME + ", " + TIME,
                ", ROWS FROM (" + arrays + ") WITH ORDINALITY AS post (" + names + ", place)",
                " ORDER BY post.place");
    }

    /** @param behind the last parameter in front of them */
    void fill(PreparedStatement statement, int behind) throws SQLException {
        int parameter = behind;
        for (Column column : columns) {
            if (drafts.size() == 1) {
                statement.setString(++parameter, text(column, drafts.getFirst()));
            } else {
                Object[] values =
                        drafts.stream().map(draft -> text(column, draft)).toArray();
                statement.setArray(++parameter, statement.getConnection().createArrayOf("text", values));
            }
        }
        statement.setObject(++parameter, drafts.getFirst().conversation());
        statement.setObject(++parameter, drafts.getFirst().organization());
        statement.setString(++parameter, role);
    }

    private static String text(Column column, MessageDraft draft) {
        return Objects.requireNonNull(column.value.apply(draft)).toString();
    }
}
