package dev.campfire.realtime.mapping.rules;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.campfire.realtime.capture.Relation;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.StructType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The columns of a table as CEL sees them: {@code new} and {@code old} are of one type, whose fields they are. */
final class RowTypes implements CelTypeProvider {

    private final StructType row;
    private final ImmutableMap<String, Integer> places;
    private final ImmutableList<ValueKind> kinds;

    RowTypes(Relation relation) {
        Map<String, Integer> indexes = new HashMap<>();
        ImmutableList.Builder<ValueKind> types = ImmutableList.builder();
        for (int i = 0; i < relation.columns().size(); i++) {
            indexes.put(relation.columns().get(i).name(), i);
            types.add(ValueKind.of(relation.columns().get(i).type()));
        }
        this.places = ImmutableMap.copyOf(indexes);
        this.kinds = types.build();
        this.row = rowType(relation, places, kinds);
    }

    private static StructType rowType(
            Relation relation, ImmutableMap<String, Integer> places, ImmutableList<ValueKind> kinds) {
        return StructType.create(
                "row of " + relation.schema() + "." + relation.table(), places.keySet(), name -> Optional.ofNullable(
                                places.get(name))
                        .map(place -> kinds.get(place).celType()));
    }

    /** The type of {@code new} and {@code old}. */
    StructType row() {
        return row;
    }

    /** The names of the columns. */
    Iterable<String> columns() {
        return places.keySet();
    }

    /** The place of the column of this name, or -1. */
    int indexOf(String column) {
        return places.getOrDefault(column, -1);
    }

    ValueKind kind(int column) {
        return kinds.get(column);
    }

    @Override
    public ImmutableCollection<CelType> types() {
        return ImmutableList.of(row);
    }

    @Override
    public Optional<CelType> findType(String name) {
        return name.equals(row.name()) ? Optional.of(row) : Optional.empty();
    }
}
