package dev.campfire.realtime;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** Data flows one way: from capture to the connection. An arrow that points backwards fails the build. */
final class ArchitectureTest {

    private static final String ROOT = "dev.campfire.realtime.";

    private static final ArchRule ONE_DIRECTION = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("capture")
            .definedBy(ROOT + "capture..")
            .layer("vocabulary")
            .definedBy(ROOT + "vocabulary..")
            .layer("database")
            .definedBy(ROOT + "database..")
            .layer("limits")
            .definedBy(ROOT + "limits..")
            .layer("changes")
            .definedBy(ROOT + "changes..")
            .layer("mapping")
            .definedBy(ROOT + "mapping..")
            .layer("journal")
            .definedBy(ROOT + "journal..")
            .layer("backfill")
            .definedBy(ROOT + "backfill..")
            .layer("identity")
            .definedBy(ROOT + "identity..")
            .layer("access")
            .definedBy(ROOT + "access..")
            .layer("conversations")
            .definedBy(ROOT + "conversations..")
            .layer("channel")
            .definedBy(ROOT + "channel..")
            .layer("signals")
            .definedBy(ROOT + "signals..")
            .layer("phoenix")
            .definedBy(ROOT + "phoenix..")
            .layer("replay")
            .definedBy(ROOT + "replay..")
            .layer("server")
            .definedBy(ROOT + "server..")
            .layer("console")
            .definedBy(ROOT + "console..")
            .layer("operations")
            .definedBy(ROOT + "operations..")
            .layer("app")
            .definedBy(ROOT + "app..")
            .whereLayer("capture")
            .mayNotAccessAnyLayer()
            .whereLayer("vocabulary")
            .mayNotAccessAnyLayer()
            .whereLayer("identity")
            .mayNotAccessAnyLayer()
            .whereLayer("operations")
            .mayNotAccessAnyLayer()
            .whereLayer("limits")
            .mayNotAccessAnyLayer()
            .whereLayer("database")
            .mayOnlyAccessLayers("capture")
            .whereLayer("mapping")
            .mayOnlyAccessLayers("vocabulary", "capture")
            .whereLayer("journal")
            .mayOnlyAccessLayers("mapping", "capture", "database")
            .whereLayer("backfill")
            .mayOnlyAccessLayers("journal", "capture", "database")
            .whereLayer("access")
            .mayOnlyAccessLayers("identity", "capture", "database", "vocabulary")
            .whereLayer("conversations")
            .mayOnlyAccessLayers("access", "identity", "database", "vocabulary")
            .whereLayer("channel")
            .mayOnlyAccessLayers("vocabulary", "mapping", "limits")
            .whereLayer("changes")
            .mayOnlyAccessLayers("capture", "mapping", "access", "database", "channel", "limits")
            .whereLayer("signals")
            .mayOnlyAccessLayers("channel", "vocabulary")
            .whereLayer("phoenix")
            .mayOnlyAccessLayers(
                    "channel", "signals", "access", "identity", "vocabulary", "changes", "journal", "mapping", "limits")
            .whereLayer("replay")
            .mayOnlyAccessLayers("capture", "mapping", "journal", "channel", "changes", "phoenix")
            .whereLayer("console")
            .mayOnlyAccessLayers("server", "channel", "changes", "capture", "journal", "mapping", "database", "limits")
            .whereLayer("server")
            .mayOnlyAccessLayers(
                    "replay",
                    "phoenix",
                    "signals",
                    "channel",
                    "identity",
                    "access",
                    "operations",
                    "limits",
                    "conversations",
                    "vocabulary",
                    "backfill");

    @Test
    void packages_use_only_what_flows_into_them() {
        JavaClasses production = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.campfire.realtime");

        ONE_DIRECTION.check(production);
    }
}
