package dev.campfire.realtime.conversations;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes messages of conversations that are of their organisation, and that whom we have become sees; gives the rows as they
 * were written, in the drafts' order, without those that it may not write. Drafts that are written together name the same columns.
 */
final class MessageInsert {

    private static final String INSERT = "INSERT INTO public.messages AS written (conversation_id, organization_id, %s)"
            + " SELECT conversation.id, conversation.organization_id, %s FROM public.conversations AS conversation%s"
            + " WHERE conversation.id = %s AND pg_catalog.current_setting('role') = ?"
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
     * @param drafts at least one; several have the same columns
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
            return INSERT.formatted(names, values, "", "? AND conversation.organization_id = ?", "");
        }
        String values = columns.stream()
                .map(column -> "post." + column.name + "::" + column.type)
                .collect(Collectors.joining(", "));
        String arrays =
                columns.stream().map(column -> "pg_catalog.unnest(?::text[])").collect(Collectors.joining(", "));
        return INSERT.formatted(
                names + ", created_at, updated_at",
                values + ", " + TIME + ", " + TIME,
                " JOIN ROWS FROM (pg_catalog.unnest(?::uuid[]), pg_catalog.unnest(?::uuid[]), " + arrays
                        + ") WITH ORDINALITY AS post (conversation, organization, " + names + ", place)"
                        + " ON conversation.id = post.conversation AND conversation.organization_id = post.organization",
                "ANY (?::uuid[])",
                " ORDER BY post.place");
    }

    /** @param behind the last parameter in front of them */
    void fill(PreparedStatement statement, int behind) throws SQLException {
        int parameter = behind;
        if (drafts.size() == 1) {
            MessageDraft draft = drafts.getFirst();
            for (Column column : columns) {
                statement.setString(++parameter, text(column, draft));
            }
            statement.setObject(++parameter, draft.conversation());
            statement.setObject(++parameter, draft.organization());
        } else {
            array(statement, ++parameter, "uuid", drafts.stream().map(MessageDraft::conversation));
            array(statement, ++parameter, "uuid", drafts.stream().map(MessageDraft::organization));
            for (Column column : columns) {
                array(statement, ++parameter, "text", drafts.stream().map(draft -> text(column, draft)));
            }
            array(
                    statement,
                    ++parameter,
                    "uuid",
                    drafts.stream().map(MessageDraft::conversation).distinct());
        }
        statement.setString(++parameter, role);
    }

    private static void array(PreparedStatement statement, int parameter, String type, Stream<?> values)
            throws SQLException {
        statement.setArray(parameter, statement.getConnection().createArrayOf(type, values.toArray()));
    }

    private static String text(Column column, MessageDraft draft) {
        return Objects.requireNonNull(column.value.apply(draft)).toString();
    }
}
