package dev.campfire.realtime.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the entries of {@code postgres_changes} mean, and how those that mean nothing are refused. */
final class BindingParserTest {

    private static Binding parse(String json) throws Exception {
        return BindingParser.parse(new JsonMapper().readTree(json.replace('\'', '"')));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'schema':'public','table':'t'} | [event: *, schema: public, table: t, filters: [], select: nil]",
                "{'schema':'other'} | [event: *, schema: other, table: *, filters: [], select: nil]",
                "{'table':'t'} | [event: *, schema: public, table: t, filters: [], select: nil]",
                "{'event':'insert','schema':'*'} | [event: INSERT, schema: *, table: *, filters: [], select: nil]",
                "{'event':'TRUNCATE','schema':'s'} | [event: *, schema: s, table: *, filters: [], select: nil]",
                "{'schema':'s','table':'t','filter':''} | [event: *, schema: s, table: t, filters: [], select: nil]",
                "{'schema':'s','table':'t','filter':null} | [event: *, schema: s, table: t, filters: [], select: nil]",
                "{'schema':'s','table':'t','select':['a','b']} | [event: *, schema: s, table: t, filters: [], select: [\"a\", \"b\"]]",
                "{'schema':'s','table':'t','select':['a',1,null]} | [event: *, schema: s, table: t, filters: [], select: [\"a\"]]",
                "{'schema':'s','table':'t','select':[1]} | [event: *, schema: s, table: t, filters: [], select: nil]",
                "{'schema':'s','select':{}} | [event: *, schema: s, table: *, filters: [], select: nil]",
                "{'schema':'s','table':'t','filter':'a=eq.1'} | [event: *, schema: s, table: t, filters: [{\"a\", \"eq\", \"1\", false}], select: nil]"
            })
    void an_entry_means(String json, String meaning) throws Exception {
        assertThat(parse(json).inspected()).isEqualTo(meaning);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | No subscription params provided. Please provide at least a `schema` or `table` to subscribe to: %{}",
                "{'event':'*','filter':'a=eq.1'} | No subscription params provided. Please provide at least a `schema` or `table` to subscribe to: %{\"event\" => \"*\", \"filter\" => \"a=eq.1\"}",
                "{'schema':'s','table':{'a':1}} | No subscription params provided. Please provide at least a `schema` or `table` to subscribe to: %{\"schema\" => \"s\", \"table\" => %{\"a\" => 1}}",
                "{'schema':'s','table':'t','filter':'wrong'} | Error parsing `filter` params: [\"wrong\"]",
                "{'schema':'s','table':'t','filter':'a=foo.hey'} | Error parsing `filter` params: [\"foo\", \"hey\"]",
                "{'schema':'s','table':'t','filter':'a=5'} | Error parsing `filter` params: [\"5\"]",
                "{'schema':'s','table':'t','filter':'a=in.1,2'} | Error parsing `filter` params: `in` filter value must be wrapped by parentheses",
                "{'schema':'s','table':'t','filter':'a=eq.1,,b=eq.2'} | Error parsing `filter` params: filter must not contain empty segments (check for extra commas)",
                "{'schema':'s','table':'t','select':'a'} | Error parsing `select` params: expected a list of column name strings, e.g. select: [\"col1\", \"col2\"]",
                "{'filter':'a=eq.1','user_token':'secret'} | No subscription params provided. Please provide at least a `schema` or `table` to subscribe to: <redacted>",
                "{'select':'a'} | Error parsing `select` params: expected a list of column name strings, e.g. select: [\"col1\", \"col2\"]",
                "{'schema':'s','select':['a']} | Column selection is not supported for wildcard subscriptions. Provide an explicit schema and table name."
            })
    void an_entry_that_means_nothing_is_refused(String json, String reason) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(RefusedException.class)
                .hasMessage(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a=eq.1 | a eq 1",
                "a=eq.x.y=z | a eq x.y=z",
                "a=not.eq.1 | a not eq 1",
                "a=in.(1,2) | a in {1,2}",
                "a=in.(\"x,y\",z),b=lt.3 | a in {\"x,y\",z}; b lt 3",
                "a=eq.\"x,y\" , b=is.null | a eq x,y; b is null",
                "a=eq.\"say \\\"hi\\\"\" | a eq say \"hi\"",
                "a=eq.\"half | a eq \"half",
                "a=like.a%,b=ilike._b,c=match.^x,d=imatch.y$,e=isdistinct.1 | a like a%; b ilike _b; c match ^x; d imatch y$; e isdistinct 1"
            })
    void a_filter_means(String filter, String meaning) throws Exception {
        List<String> conditions = FilterParser.parse(filter).stream()
                .map(condition -> condition.column() + (condition.isNegated() ? " not " : " ")
                        + condition.operator().text() + " " + condition.value())
                .toList();

        assertThat(String.join("; ", conditions)).isEqualTo(meaning);
    }

    @ParameterizedTest
    @CsvSource({
        "*, anything, true", "messages, messages, true", "messages, Messages, false", "mess%, messages, true",
        "%ages, messages, true", "m%s%s, messages, true", "mess_ges, messages, true", "mess_ges, messges, false",
        "%, '', true", "'', a, false", "a%b, ab, true", "a%b, abc, false"
    })
    void a_name_is_a_pattern_without_escapes(String pattern, String name, boolean matches) {
        assertThat(NamePattern.matches(pattern, name)).isEqualTo(matches);
    }

    @Test
    void equal_objects_have_equal_ids_whatever_the_order_of_their_fields() throws Exception {
        JsonMapper json = new JsonMapper();

        long id = BindingIds.idOf(json.readTree("{\"event\":\"*\",\"schema\":\"public\"}"));

        assertThat(id).isBetween(1L, (1L << 27) - 1);
        assertThat(BindingIds.idOf(json.readTree("{\"schema\":\"public\",\"event\":\"*\"}")))
                .isEqualTo(id);
        assertThat(BindingIds.idOf(json.readTree("{\"schema\":\"public\",\"event\":\"INSERT\"}")))
                .isNotEqualTo(id);
    }
}
