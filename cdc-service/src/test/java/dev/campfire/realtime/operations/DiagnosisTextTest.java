package dev.campfire.realtime.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class DiagnosisTextTest {

    private static String render(Finding... findings) {
        return new DiagnosisText().render(new Diagnosis(List.of(findings)));
    }

    @Test
    void each_finding_is_a_line_with_its_remedy_indented_below() {
        assertThat(render(
                        Finding.ok("server", "PostgreSQL 17"),
                        Finding.warn("clock", "the server is 3 s behind", null),
                        Finding.fail("replica identity", "not FULL: a, b", "ALTER TABLE a;\nALTER TABLE b;")))
                .isEqualTo("""
                        ok    server            PostgreSQL 17
                        warn  clock             the server is 3 s behind
                        FAIL  replica identity  not FULL: a, b
                              ALTER TABLE a;
                              ALTER TABLE b;
                        """);
    }

    @Test
    void nothing_found_is_nothing_said() {
        assertThat(render()).isEmpty();
    }

    @Test
    void only_a_failure_changes_the_exit_status() {
        assertThat(new Diagnosis(List.of(Finding.ok("a", "x"), Finding.warn("b", "y", null))).exitStatus())
                .isZero();
        assertThat(new Diagnosis(List.of(Finding.ok("a", "x"), Finding.fail("b", "y", null))).exitStatus())
                .isEqualTo(1);
    }
}
