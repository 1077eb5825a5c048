package dev.campfire.realtime.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.NodeModules;
import dev.campfire.realtime.support.Repository;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BundledClientIT {

    /** The newest version that the other tests use, as npm has it. */
    private static final String PACKAGE = "node_modules/supabase-js-2.119";

    @ParameterizedTest
    @CsvSource({"dist/umd/supabase.js, supabase.js", "LICENSE, LICENSE.txt"})
    void what_the_demo_hands_to_browsers_is_the_package_of_npm_unchanged(String published, String bundled) {
        Path pages = Repository.root().resolve("cdc-service/src/main/resources/pages/supabase-js");

        assertThat(pages.resolve(bundled))
                .hasSameBinaryContentAs(NodeModules.install().resolve(PACKAGE).resolve(published));
    }
}
