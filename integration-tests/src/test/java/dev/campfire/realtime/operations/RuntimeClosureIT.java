package dev.campfire.realtime.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.Repository;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What the service runs with. Every other test here shows that this set still captures, since the service is started
 * from these jars.
 */
class RuntimeClosureIT {

    private final List<String> jars = Repository.serviceJars().stream()
            .map(path -> path.getFileName().toString())
            .toList();

    @Test
    void holds_nothing_of_what_only_kafka_connect_and_other_databases_need() {
        assertThat(jars)
                .noneMatch(jar ->
                        jar.matches("(jetty|jersey|hk2|swagger|protobuf-java-3|classgraph|jose4j|jakarta\\.servlet"
                                + "|jakarta\\.ws|jackson-jakarta|jaxb|activation|connect-file|connect-transforms|jackson-dataformat"
                                + "|mysql|mongodb).*"));
    }

    @Test
    void holds_one_version_of_each_library() {
        assertThat(jars.stream()
                        .filter(jar -> !jar.startsWith("netty-transport-native"))
                        .map(jar -> jar.replaceFirst("-\\d.*", "")))
                .doesNotHaveDuplicates();
    }

    @Test
    void holds_no_jackson_3_and_no_test_library() {
        assertThat(jars)
                .noneMatch(jar -> jar.matches("jackson-.*-3\\..*|junit.*|assertj.*|awaitility.*|testcontainers.*"));
    }
}
