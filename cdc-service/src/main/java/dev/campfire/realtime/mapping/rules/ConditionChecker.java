package dev.campfire.realtime.mapping.rules;

import dev.cel.checker.CelChecker;
import dev.cel.checker.CelStandardDeclarations;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelVarDecl;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExprVisitor;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds what does not fit in conditions of one table. Of CEL's functions only those are declared that a condition calls: all of
 * them would be declared anew for each, which takes most of the time, and what is not called changes no answer.
 */
final class ConditionChecker {

    private final CelOptions options;
    private final RowTypes types;
    private final Map<Set<String>, CelChecker> byFunctions = new HashMap<>();

    ConditionChecker(CelOptions options, RowTypes types) {
        this.options = options;
        this.types = types;
    }

    /** @throws CelValidationException with all that does not fit */
    CelAbstractSyntaxTree check(CelAbstractSyntaxTree parsed) throws CelValidationException {
        return byFunctions
                .computeIfAbsent(functions(parsed), this::checker)
                .check(parsed)
                .getAst();
    }

    private static Set<String> functions(CelAbstractSyntaxTree parsed) {
        Set<String> functions = new TreeSet<>();
        new CelExprVisitor() {
            @Override
            protected void visit(CelExpr expression, CelExpr.CelCall call) {
                functions.add(call.function());
                super.visit(expression, call);
            }
        }.visit(parsed);
        return functions;
    }

    private CelChecker checker(Set<String> functions) {
        return CelCompilerFactory.standardCelCheckerBuilder()
                .setOptions(options)
                .setTypeProvider(types)
                .addVarDeclarations(
                        CelVarDecl.newVarDeclaration(ConditionCompiler.NEW, types.row()),
                        CelVarDecl.newVarDeclaration(ConditionCompiler.OLD, types.row()),
                        CelVarDecl.newVarDeclaration("operation", SimpleType.STRING))
                .setResultType(SimpleType.BOOL)
                .setStandardEnvironmentEnabled(false)
                .setStandardDeclarations(CelStandardDeclarations.newBuilder()
                        .filterFunctions((function, overload) -> functions.contains(function.functionName()))
                        .build())
                .addFunctionDeclarations(CelFunctionDecl.newFunctionDeclaration(
                        ChangedMacro.FUNCTION,
                        CelOverloadDecl.newGlobalOverload(
                                ChangedMacro.OVERLOAD, SimpleType.BOOL, types.row(), types.row(), SimpleType.STRING)))
                .build();
    }
}
