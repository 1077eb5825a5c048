package dev.campfire.realtime.access.rows;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a stored expression is made of, read from the text of its {@code pg_node_tree}. The catalog of dependencies does
 * not do: it leaves out everything that belongs to Postgres itself, such as {@code now()}.
 *
 * <p>Strings in a tree have their blanks escaped, so no name or constant can look like a field.
 *
 * @param calls which functions are called, by OID, and how often each is written
 * @param relations which tables and views are read, by OID
 * @param hasWholeRow whether a row as a whole, or a system column, is referred to anywhere
 * @param hasUnknown whether there is something in it that may depend on more than columns, claims and tables: the time,
 *     the session, a domain's constraint
 */
record StoredExpression(Map<Long, Integer> calls, Set<Long> relations, boolean hasWholeRow, boolean hasUnknown) {

    private static final Pattern CALL = Pattern.compile(":(?:funcid|opfuncid|aggfnoid|winfnoid) (\\d+)");
    private static final Pattern RELATION = Pattern.compile(":relid (\\d+)");
    private static final Pattern WHOLE_ROW = Pattern.compile("\\{VAR :varno -?\\d+ :varattno (?:0|-\\d+) ");
    private static final Pattern UNKNOWN = Pattern.compile("\\{(?:SQLVALUEFUNCTION|NEXTVALUEEXPR|CURRENTOFEXPR"
            + "|COERCETODOMAIN|ROWCOMPAREEXPR|XMLEXPR|TABLEFUNC|JSONEXPR|JSONCONSTRUCTOREXPR|TABLESAMPLECLAUSE)\\b");

    private static final Pattern RESULT_TYPE = Pattern.compile(":resulttype (\\d+) ");

    /**
     * Types whose values are read from text without a look at the clock ('now') or the catalog: bool, bytea, bigint,
     * smallint, integer, text, json, real, double precision, arrays of integer, text and bigint, bpchar, varchar, interval,
     * numeric, uuid and its array, jsonb.
     */
    private static final Set<String> CONSTANT = Set.of(
            "16", "17", "20", "21", "23", "25", "114", "700", "701", "1007", "1009", "1016", "1042", "1043", "1186",
            "1700", "2950", "2951", "3802");

    StoredExpression {
        calls = Map.copyOf(calls);
        relations = Set.copyOf(relations);
    }

    static StoredExpression of(String nodeTree) {
        Map<Long, Integer> calls = new HashMap<>();
        for (Matcher call = CALL.matcher(nodeTree); call.find(); ) {
            calls.merge(Long.parseLong(call.group(1)), 1, Integer::sum);
        }
        Set<Long> relations = new HashSet<>();
        for (Matcher relation = RELATION.matcher(nodeTree); relation.find(); ) {
            relations.add(Long.parseLong(relation.group(1)));
        }
        relations.remove(0L);
        return new StoredExpression(
                calls,
                relations,
                WHOLE_ROW.matcher(nodeTree).find(),
                // An operator whose function was never looked up is one that we know nothing of.
                UNKNOWN.matcher(nodeTree).find() || calls.containsKey(0L) || readsWhatMayChange(nodeTree));
    }

    private static boolean readsWhatMayChange(String nodeTree) {
        // The argument of a conversion stands before its type, so a nested one has to be looked at, too.
        for (int at = nodeTree.indexOf("{COERCEVIAIO"); at >= 0; at = nodeTree.indexOf("{COERCEVIAIO", at + 1)) {
            int depth = 0;
            int end = at;
            for (; end < nodeTree.length(); end++) {
                char c = nodeTree.charAt(end);
                depth += c == '{' ? 1 : c == '}' ? -1 : 0;
                if (depth == 1 && nodeTree.startsWith(":resulttype ", end)) {
                    break;
                }
            }
            Matcher type = RESULT_TYPE.matcher(nodeTree.substring(Math.min(end, nodeTree.length())));
            if (!type.lookingAt() || !CONSTANT.contains(type.group(1))) {
                return true;
            }
        }
        return false;
    }
}
