package dev.campfire.realtime.mapping.rules;

import com.google.common.collect.ImmutableList;
import dev.campfire.realtime.capture.Relation;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.parser.CelMacro;
import dev.cel.parser.CelParser;
import dev.cel.parser.CelParserFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiles conditions for one table. Whatever does not fit its columns is a mistake. */
final class ConditionCompiler {

    static final String OLD = "old";
    static final String NEW = "new";

    private static final CelOptions OPTIONS = CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .enableQuotedIdentifierSyntax(true)
            .maxExpressionCodePointSize(10_000)
            .comprehensionMaxIterations(10_000)
            .build();

    private final RowTypes types;
    private final CelParser parser;
    private final ConditionChecker checker;
    private final EnumComparisons enums;
    private final IssueText issues;
    private @Nullable CelRuntime runtime;

    /** @param enumLabels what its columns of enums may hold, by column, as far as that is known */
    ConditionCompiler(Relation relation, Map<String, List<String>> enumLabels) {
        this.types = new RowTypes(relation);
        this.issues = new IssueText(types);
        this.enums = new EnumComparisons(enumLabels);
        this.parser = CelParserFactory.standardCelParserBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addMacros(CelMacro.newGlobalMacro("changed", 1, new ChangedMacro(types)))
                .build();
        this.checker = new ConditionChecker(OPTIONS, types);
    }

    /** The condition; null when it has mistakes, which are added. */
    @Nullable
    Condition compile(ScalarText source, List<Mistake> mistakes) {
        try {
            CelAbstractSyntaxTree tree =
                    checker.check(parser.parse(source.text()).getAst());
            List<Mistake> ofEnums = enums.mistakes(tree, source);
            if (!ofEnums.isEmpty()) {
                mistakes.addAll(ofEnums);
                return null;
            }
            QuickConditions quick = new QuickConditions(types);
            Condition.Quick whole = quick.whole(tree.getExpr());
            return whole != null
                    ? whole
                    : new CelCondition(runtime().createProgram(tree), types, quick.guard(tree.getExpr()));
        } catch (CelValidationException e) {
            for (CelIssue issue : e.getErrors()) {
                mistakes.add(new Mistake(
                        source.at(
                                issue.getSourceLocation().getLine(),
                                issue.getSourceLocation().getColumn()),
                        issues.of(issue.getMessage())));
            }
        } catch (CelEvaluationException e) {
            mistakes.add(new Mistake(source.start(), issues.of(e.getMessage())));
        }
        return null;
    }

    /** Few conditions need one. */
    private CelRuntime runtime() {
        if (runtime == null) {
            runtime = CelRuntimeFactory.standardCelRuntimeBuilder()
                    .setOptions(OPTIONS)
                    .addFunctionBindings(CelFunctionBinding.from(
                            ChangedMacro.OVERLOAD,
                            ImmutableList.of(RowValues.class, RowValues.class, String.class),
                            arguments -> ((RowValues) arguments[0])
                                    .differs((RowValues) arguments[1], (String) arguments[2])))
                    .build();
        }
        return runtime;
    }
}
