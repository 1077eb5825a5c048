package dev.campfire.realtime.journal;

import dev.campfire.realtime.capture.Column;
import dev.campfire.realtime.capture.PostgresType;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Relation.ReplicaIdentity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tables, as they were when a change was made, as bytes. Equal tables have equal bytes. */
final class RelationCodec {

    private static final int FORMAT = 1;
    private static final int DEEPEST_TYPE = 32;

    private RelationCodec() {}

    static byte[] encode(Relation relation) {
        ByteWriter out = new ByteWriter(512);
        out.writeByte(FORMAT);
        out.writeInt(relation.oid());
        out.writeText(relation.schema());
        out.writeText(relation.table());
        out.writeByte(relation.replicaIdentity().ordinal());
        out.writeVar(relation.columns().size());
        for (Column column : relation.columns()) {
            out.writeText(column.name());
            out.writeByte((column.inPrimaryKey() ? 1 : 0) | (column.inReplicaIdentity() ? 2 : 0));
            writeType(out, column.type());
        }
        return out.toByteArray();
    }

    private static void writeType(ByteWriter out, PostgresType type) {
        out.writeInt(type.oid());
        out.writeText(type.name());
        out.writeByte(type.kind().ordinal());
        out.writeVar(type.delimiter());
        out.writeByte(type.element() == null ? 0 : 1);
        if (type.element() != null) {
            writeType(out, type.element());
        }
        out.writeVar(type.attributes().size());
        for (PostgresType.Attribute attribute : type.attributes()) {
            out.writeText(attribute.name());
            writeType(out, attribute.type());
        }
    }

    static Relation decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        if (in.readByte() != FORMAT) {
            throw new DamagedException("a table of another format");
        }
        int oid = in.readInt();
        String schema = in.readText();
        String table = in.readText();
        ReplicaIdentity identity = constant(ReplicaIdentity.values(), in.readByte());
        int count = in.readSize();
        List<Column> columns = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String name = in.readText();
            int flags = in.readByte();
            columns.add(new Column(name, readType(in, 0), (flags & 1) != 0, (flags & 2) != 0));
        }
        return new Relation(oid, schema, table, identity, columns);
    }

    private static PostgresType readType(ByteReader in, int depth) {
        if (depth > DEEPEST_TYPE) {
            throw new DamagedException("a type in a type in a type");
        }
        int oid = in.readInt();
        String name = in.readText();
        PostgresType.Kind kind = constant(PostgresType.Kind.values(), in.readByte());
        char delimiter = (char) in.readVar();
        @Nullable PostgresType element = in.readByte() == 0 ? null : readType(in, depth + 1);
        int count = in.readSize();
        List<PostgresType.Attribute> attributes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String attribute = in.readText();
            attributes.add(new PostgresType.Attribute(attribute, readType(in, depth + 1)));
        }
        return new PostgresType(oid, name, kind, element, delimiter, attributes);
    }

    static <E> E constant(E[] all, int ordinal) {
        if (ordinal >= all.length) {
            throw new DamagedException("a constant that is not known: " + ordinal);
        }
        return all[ordinal];
    }
}
