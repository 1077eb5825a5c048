package dev.campfire.realtime.mapping.rules;

import com.google.common.collect.ImmutableList;
import dev.cel.common.CelIssue;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.parser.CelMacroExpander;
import dev.cel.parser.CelMacroExprFactory;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code changed(status)}, or {@code changed("a name with blanks")}: becomes a call that looks at the column's two texts. */
final class ChangedMacro implements CelMacroExpander {

    /** What is called; no expression can call it by itself. */
    static final String FUNCTION = "@changed";

    /** The function for a row's old and new values and a column's name. */
    static final String OVERLOAD = "changed_column";

    private final RowTypes types;

    ChangedMacro(RowTypes types) {
        this.types = types;
    }

    @Override
    public Optional<CelExpr> expandMacro(
            CelMacroExprFactory factory, CelExpr target, ImmutableList<CelExpr> arguments) {
        CelExpr argument = arguments.getFirst();
        String column = column(argument);
        if (column == null || types.indexOf(column) < 0) {
            String text = column == null
                    ? "changed() takes the name of a column, as in  changed(status)"
                    : "undefined column '" + column + "'";
            return Optional.of(factory.reportError(CelIssue.formatError(factory.getSourceLocation(argument), text)));
        }
        return Optional.of(factory.newGlobalCall(
                FUNCTION,
                factory.newIdentifier(ConditionCompiler.OLD),
                factory.newIdentifier(ConditionCompiler.NEW),
                factory.newStringLiteral(column)));
    }

    private static @Nullable String column(CelExpr argument) {
        return switch (argument.getKind()) {
            case IDENT -> argument.ident().name();
            case CONSTANT ->
                argument.constant().getKind() == CelConstant.Kind.STRING_VALUE
                        ? argument.constant().stringValue()
                        : null;
            default -> null;
        };
    }
}
