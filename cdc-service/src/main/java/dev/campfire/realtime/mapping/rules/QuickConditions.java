package dev.campfire.realtime.mapping.rules;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds, in checked expressions, what can be decided on the bytes of values. */
final class QuickConditions {

    private final RowTypes types;

    /** A column of an image, as an expression names it. */
    private record Reference(Side side, int column) {}

    QuickConditions(RowTypes types) {
        this.types = types;
    }

    /** The whole expression as a quick condition; null when something in it is beyond those. */
    Condition.@Nullable Quick whole(CelExpr expression) {
        return switch (expression.getKind()) {
            case CONSTANT ->
                expression.constant().getKind() == CelConstant.Kind.BOOLEAN_VALUE
                        ? new Condition.Constant(expression.constant().booleanValue())
                        : null;
            case CALL -> call(expression.call());
            default -> null;
        };
    }

    /** What must hold for the expression to hold, as far as it is quick: one of the parts that are joined by AND. */
    Condition.@Nullable Quick guard(CelExpr expression) {
        if (expression.getKind() != CelExpr.ExprKind.Kind.CALL
                || !expression.call().function().equals("_&&_")) {
            return whole(expression);
        }
        Condition.Quick left = guard(expression.call().args().get(0));
        Condition.Quick right = guard(expression.call().args().get(1));
        if (left == null || right == null) {
            return left == null ? right : left;
        }
        return new Condition.And(left, right);
    }

    private Condition.@Nullable Quick call(CelExpr.CelCall call) {
        List<CelExpr> arguments = call.args();
        return switch (call.function()) {
            case "_&&_" -> {
                Condition.Quick left = whole(arguments.get(0));
                Condition.Quick right = whole(arguments.get(1));
                yield left == null || right == null ? null : new Condition.And(left, right);
            }
            case "_||_" -> {
                Condition.Quick left = whole(arguments.get(0));
                Condition.Quick right = whole(arguments.get(1));
                yield left == null || right == null ? null : new Condition.Or(left, right);
            }
            case "!_" -> not(whole(arguments.get(0)));
            case "_==_" -> equal(arguments.get(0), arguments.get(1));
            case "_!=_" -> not(equal(arguments.get(0), arguments.get(1)));
            case "@in" -> in(arguments.get(0), arguments.get(1));
            case ChangedMacro.FUNCTION ->
                new Condition.Changed(types.indexOf(arguments.get(2).constant().stringValue()));
            default -> null;
        };
    }

    private static Condition.@Nullable Quick not(Condition.@Nullable Quick condition) {
        return condition == null ? null : new Condition.Not(condition);
    }

    private Condition.@Nullable Quick equal(CelExpr left, CelExpr right) {
        Reference column = reference(left);
        CelExpr other = right;
        if (column == null) {
            column = reference(right);
            other = left;
        }
        if (column == null || other.getKind() != CelExpr.ExprKind.Kind.CONSTANT) {
            return null;
        }
        // A document's null is not the column's.
        if (other.constant().getKind() == CelConstant.Kind.NULL_VALUE
                && types.kind(column.column()) != ValueKind.JSON) {
            return new Condition.IsNull(column.side(), column.column());
        }
        byte[] text = text(column, other.constant());
        return text == null ? null : new Condition.OneOf(column.side(), column.column(), List.of(text));
    }

    private Condition.@Nullable Quick in(CelExpr value, CelExpr list) {
        Reference column = reference(value);
        if (column == null || list.getKind() != CelExpr.ExprKind.Kind.LIST) {
            return null;
        }
        List<byte[]> texts = new ArrayList<>();
        for (CelExpr element : list.list().elements()) {
            byte[] text = element.getKind() == CelExpr.ExprKind.Kind.CONSTANT ? text(column, element.constant()) : null;
            if (text == null) {
                return null;
            }
            texts.add(text);
        }
        return new Condition.OneOf(column.side(), column.column(), texts);
    }

    /** The only text that a value equal to the constant can have; null when there are several, or none. */
    private byte @Nullable [] text(Reference column, CelConstant constant) {
        String text =
                switch (types.kind(column.column())) {
                    case TEXT -> constant.getKind() == CelConstant.Kind.STRING_VALUE ? constant.stringValue() : null;
                    case INT ->
                        constant.getKind() == CelConstant.Kind.INT64_VALUE
                                ? Long.toString(constant.int64Value())
                                : null;
                    case BOOL ->
                        constant.getKind() == CelConstant.Kind.BOOLEAN_VALUE
                                ? constant.booleanValue() ? "t" : "f"
                                : null;
                    case DOUBLE, TIMESTAMP, JSON -> null;
                };
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private @Nullable Reference reference(CelExpr expression) {
        if (expression.getKind() != CelExpr.ExprKind.Kind.SELECT
                || expression.select().testOnly()
                || expression.select().operand().getKind() != CelExpr.ExprKind.Kind.IDENT) {
            return null;
        }
        String variable = expression.select().operand().ident().name();
        int column = types.indexOf(expression.select().field());
        if (column < 0 || !variable.equals(ConditionCompiler.OLD) && !variable.equals(ConditionCompiler.NEW)) {
            return null;
        }
        return new Reference(variable.equals(ConditionCompiler.OLD) ? Side.OLD : Side.NEW, column);
    }
}
