package dev.campfire.realtime.mapping.rules;

import dev.campfire.realtime.vocabulary.NearestName;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds, in checked conditions, comparisons of an enum's column with a text that none of its values is: they would hold
 * never, or always, and CEL, for which both are texts, has nothing against them.
 */
final class EnumComparisons {

    /** More values than these are not listed: the nearest says enough. */
    private static final int MOST_LISTED = 12;

    private final Map<String, List<String>> labels;

    /** @param labels the values that a column may have, by column; other columns are not looked at */
    EnumComparisons(Map<String, List<String>> labels) {
        this.labels = Map.copyOf(labels);
    }

    /** What is compared with no value of its enum, in the order of the condition. */
    List<Mistake> mistakes(CelAbstractSyntaxTree condition, ScalarText source) {
        List<Mistake> mistakes = new ArrayList<>();
        if (!labels.isEmpty()) {
            CelNavigableAst.fromAst(condition)
                    .getRoot()
                    .allNodes()
                    .filter(node -> node.getKind() == Kind.CALL)
                    .forEach(node -> inspect(node.expr().call(), condition, source, mistakes));
        }
        return mistakes;
    }

    private void inspect(
            CelExpr.CelCall call, CelAbstractSyntaxTree condition, ScalarText source, List<Mistake> mistakes) {
        List<CelExpr> operands = call.args();
        switch (call.function()) {
            case "_==_", "_!=_" -> {
                inspect(operands.get(0), List.of(operands.get(1)), condition, source, mistakes);
                inspect(operands.get(1), List.of(operands.get(0)), condition, source, mistakes);
            }
            case "@in" -> {
                CelExpr list = operands.get(1);
                if (list.getKind() == Kind.LIST) {
                    inspect(operands.get(0), list.list().elements(), condition, source, mistakes);
                }
            }
            default -> {}
        }
    }

    private void inspect(
            CelExpr operand,
            List<CelExpr> others,
            CelAbstractSyntaxTree condition,
            ScalarText source,
            List<Mistake> mistakes) {
        String column = column(operand);
        if (column == null) {
            return;
        }
        List<String> known = labels.get(column);
        if (known == null) {
            return;
        }
        for (CelExpr other : others) {
            if (other.getKind() == Kind.CONSTANT
                    && other.constant().getKind() == CelConstant.Kind.STRING_VALUE
                    && !known.contains(other.constant().stringValue())) {
                mistakes.add(new Mistake(
                        place(other, condition, source), text(other.constant().stringValue(), column, known)));
            }
        }
    }

    private static Place place(CelExpr expression, CelAbstractSyntaxTree condition, ScalarText source) {
        Integer offset = condition.getSource().getPositionsMap().get(expression.id());
        Optional<CelSourceLocation> location =
                offset == null ? Optional.empty() : condition.getSource().getOffsetLocation(offset);
        return location.map(at -> source.at(at.getLine(), at.getColumn())).orElseGet(source::start);
    }

    private static String text(String value, String column, List<String> known) {
        return "the enum of \"" + column + "\" has no value \"" + value + "\""
                + (known.size() <= MOST_LISTED
                        ? "; it has " + String.join(", ", known)
                        : "; the nearest of its " + known.size() + " is \"" + NearestName.of(value, known) + "\"");
    }

    private static @Nullable String column(CelExpr expression) {
        return expression.getKind() == Kind.SELECT
                        && !expression.select().testOnly()
                        && expression.select().operand().getKind() == Kind.IDENT
                        && isImage(expression.select().operand().ident().name())
                ? expression.select().field()
                : null;
    }

    private static boolean isImage(String variable) {
        return variable.equals(ConditionCompiler.NEW) || variable.equals(ConditionCompiler.OLD);
    }
}
