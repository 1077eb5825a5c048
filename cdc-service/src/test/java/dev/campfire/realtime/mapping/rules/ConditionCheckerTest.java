package dev.campfire.realtime.mapping.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.capture.Column;
import dev.campfire.realtime.capture.PostgresType;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Relation.ReplicaIdentity;
import dev.cel.checker.CelChecker;
import dev.cel.checker.CelStandardDeclarations.StandardFunction;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelVarDecl;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelParser;
import dev.cel.parser.CelParserFactory;
import dev.cel.parser.CelStandardMacro;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is declared only as far as it is called is checked as if everything were declared. */
final class ConditionCheckerTest {

    private static final CelOptions OPTIONS =
            CelOptions.current().enableHeterogeneousNumericComparisons(true).build();
    private static final RowTypes TYPES = new RowTypes(new Relation(
            1,
            "public",
            "things",
            ReplicaIdentity.FULL,
            List.of(
                    new Column("name", PostgresType.base(25, "type"), false, true),
                    new Column("count", PostgresType.base(20, "type"), false, true),
                    new Column("doc", PostgresType.base(3802, "type"), false, true))));
    private static final CelParser PARSER = CelParserFactory.standardCelParserBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .build();
    private static final CelChecker ALL = CelCompilerFactory.standardCelCheckerBuilder()
            .setOptions(OPTIONS)
            .setTypeProvider(TYPES)
            .addVarDeclarations(
                    CelVarDecl.newVarDeclaration("new", TYPES.row()),
                    CelVarDecl.newVarDeclaration("old", TYPES.row()),
                    CelVarDecl.newVarDeclaration("operation", SimpleType.STRING))
            .setResultType(SimpleType.BOOL)
            .setStandardEnvironmentEnabled(true)
            .build();
    private static final List<String> OPERATORS =
            List.of("&&", "||", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "in");
    private static final List<String> OPERANDS = List.of(
            "new.name",
            "old.count",
            "new.doc",
            "new.nothing",
            "operation",
            "unknown",
            "7",
            "7u",
            "1.5",
            "true",
            "null",
            "b\"x\"",
            "\"a\"",
            "[1, 2]",
            "{\"a\": 1}",
            "int",
            "timestamp(\"2025-11-18T22:22:40Z\")");

    @Test
    void whatever_is_called_is_checked_as_if_all_functions_were_declared() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        ConditionChecker checker = new ConditionChecker(OPTIONS, TYPES);
        int good = 0;
        for (int i = 0; i < 3_000; i++) {
            CelAbstractSyntaxTree parsed =
                    PARSER.parse(expression(random, 1 + random.nextInt(3))).getAst();
            List<String> expected = answer(() -> ALL.check(parsed).getAst());
            assertThat(answer(() -> checker.check(parsed)))
                    .as("%s, seed %d", parsed.getSource().getContent(), seed)
                    .isEqualTo(expected);
            good += expected.getFirst().startsWith("good") ? 1 : 0;
        }
        assertThat(good).isGreaterThan(50);
    }

    private static String expression(Random random, int depth) {
        if (depth == 0) {
            return OPERANDS.get(random.nextInt(OPERANDS.size()));
        }
        String one = expression(random, depth - 1);
        String other = expression(random, depth - 1);
        List<String> names = Stream.concat(
                        Stream.of("no_function", "has"),
                        Stream.of(StandardFunction.values()).map(StandardFunction::functionName))
                .filter(name -> name.matches("[a-zA-Z_]+[a-z]"))
                .toList();
        String name = names.get(random.nextInt(names.size()));
        return switch (random.nextInt(8)) {
            case 0 -> "(!(" + one + "))";
            case 1 -> "((" + one + ") ? " + other + " : " + other + ")";
            case 2 -> "[" + one + "].exists(x, x == " + other + ")";
            case 3 -> name.equals("has") ? "has(new.name)" : name + "(" + one + ")";
            case 4 -> "(" + one + ")." + (name.equals("has") ? "size" : name) + "(" + other + ")";
            case 5 -> "(" + one + ")[" + other + "]";
            default -> "(" + one + ") " + OPERATORS.get(random.nextInt(OPERATORS.size())) + " (" + other + ")";
        };
    }

    private static List<String> answer(Checked checked) {
        try {
            CelAbstractSyntaxTree tree = checked.check();
            return List.of(
                    "good", tree.getReferenceMap().toString(), tree.getTypeMap().toString());
        } catch (CelValidationException e) {
            List<String> issues = new ArrayList<>();
            e.getErrors().forEach(issue -> issues.add(issue.getSourceLocation() + " " + issue.getMessage()));
            return issues;
        }
    }

    private interface Checked {
        CelAbstractSyntaxTree check() throws CelValidationException;
    }
}
