package dev.campfire.realtime.mapping.rules;

import dev.campfire.realtime.capture.Column;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.vocabulary.NearestName;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a table, compiled for its shape. What does not fit is off: a rule of which a column is missing, or whose
 * condition does not go with the columns' types, makes no events; a table without the columns that say where its rows
 * belong makes none at all.
 */
public final class CompiledTable {

    private final Relation relation;
    private final List<IdColumn> home;
    private final RuleChannel[] channels;
    private final List<CompiledRule> rules;
    private final Map<Operation, List<CompiledRule>> byOperation = new EnumMap<>(Operation.class);
    private final List<Mistake> mistakes = new ArrayList<>();

    private CompiledTable(TableRules table, Relation relation, Map<String, List<String>> enumLabels) {
        this.relation = relation;
        ConditionCompiler conditions = new ConditionCompiler(relation, enumLabels);
        RowTypes types = new RowTypes(relation);
        this.home = table.belongsTo().stream()
                .map(belongs -> new IdColumn(
                        belongs.column().name(),
                        types.indexOf(belongs.column().name()),
                        belongs.format() == null ? IdFormat.NAME : belongs.format()))
                .toList();
        table.belongsTo().forEach(belongs -> require(belongs.column(), mistakes));
        this.channels = table.channels().stream()
                .map(template -> RuleChannel.of(template, home, types))
                .toArray(RuleChannel[]::new);
        this.rules = table.events().stream()
                .map(rule -> compile(rule, table, conditions))
                .toList();
        rules.forEach(rule -> mistakes.addAll(rule.mistakes()));
        for (Operation operation : List.of(Operation.INSERT, Operation.UPDATE, Operation.DELETE)) {
            byOperation.put(
                    operation,
                    rules.stream()
                            .filter(rule -> rule.mistakes().isEmpty()
                                    && rule.operations().contains(operation))
                            .toList());
        }
    }

    /** Compiles a table's rules for its shape. Takes milliseconds; never throws. */
    public static CompiledTable of(TableRules table, Relation relation) {
        return new CompiledTable(table, relation, Map.of());
    }

    /**
     * Compiles a table's rules and looks harder at them, for people.
     *
     * @param enumLabels the values of its columns of enums, by column: comparing one with any other text is a mistake
     */
    public static CompiledTable checked(TableRules table, Relation relation, Map<String, List<String>> enumLabels) {
        return new CompiledTable(table, relation, enumLabels);
    }

    private CompiledRule compile(EventRule rule, TableRules table, ConditionCompiler conditions) {
        List<Mistake> own = new ArrayList<>();
        Condition condition = rule.condition() == null ? null : conditions.compile(rule.condition(), own);
        for (int channel : rule.channels()) {
            for (ChannelTemplate.Placeholder placeholder :
                    table.channels().get(channel).placeholders()) {
                require(placeholder.column(), own);
            }
        }
        if (rule.payload() != null) {
            rule.payload().forEach(column -> require(column, own));
        }
        return new CompiledRule(rule, condition, own);
    }

    private void require(ColumnText column, List<Mistake> into) {
        if (relation.indexOf(column.name()) < 0) {
            into.add(new Mistake(
                    column.at(),
                    relation.schema() + "." + relation.table() + " has no column \"" + column.name()
                            + "\", or does not publish it"
                            + "; the nearest is \""
                            + NearestName.of(
                                    column.name(),
                                    relation.columns().stream()
                                            .map(Column::name)
                                            .toList())
                            + "\""));
        }
    }

    /** The shape that this was compiled for. */
    public Relation relation() {
        return relation;
    }

    /** All rules, those that are off among them, in the order of the file. */
    public List<CompiledRule> rules() {
        return rules;
    }

    /** The rules that an operation may fulfil, in the order in which they speak. */
    public List<CompiledRule> rules(Operation operation) {
        return byOperation.getOrDefault(operation, List.of());
    }

    /** What does not fit, in the order of the file; the same mistake of several rules once. */
    public List<Mistake> mistakes() {
        return mistakes.stream().distinct().toList();
    }

    /** Where the row belongs; null when that can't be told. */
    public @Nullable Home home(Images images) {
        String[] ids = new String[home.size()];
        for (int i = 0; i < ids.length; i++) {
            String id = home.get(i).read(images, images.main());
            if (id == null) {
                return null;
            }
            ids[i] = id;
        }
        return new Home(List.of(ids));
    }

    /** Why {@link #home} gives nothing. */
    public IdFlaw flawOfHome(Images images) {
        for (IdColumn column : home) {
            if (column.read(images, images.main()) == null) {
                return column.flaw(images, images.main());
            }
        }
        return IdFlaw.MALFORMED;
    }

    /** Whether the row certainly belongs where it did before. */
    public boolean stays(Images images) {
        for (IdColumn column : home) {
            if (column.index() < 0 || new Condition.Changed(column.index()).judge(images) != Verdict.HOLDS_NOT) {
                return false;
            }
        }
        return true;
    }

    /** The channels that rules name for a row that belongs there. */
    public RowChannels channels(Images images, Home home) {
        return new RowChannels(channels, images, home);
    }
}
