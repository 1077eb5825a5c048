package dev.campfire.realtime.benchmarks.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Java that has what the service has, and not what it leaves out, can be looked into. */
final class ManagedJvmTest {

    @TempDir
    private Path folder;

    /** Runs until its standard input ends. */
    static final class Subject {

        private Subject() {}

        public static void main(String[] arguments) throws IOException {
            System.setProperty("javax.management.builder.initial", "dev.campfire.realtime.app.DiagnosticBeansLeftOut");
            ManagementFactory.getPlatformMBeanServer();
            System.out.write('r');
            System.out.flush();
            System.in.read();
        }
    }

    @Test
    void what_it_allocates_is_recorded() throws Exception {
        Process subject = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Subject.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Path recording = folder.resolve("recording.jfr");
        try (ManagedJvm jvm = attach(subject)) {
            assertThat(jvm.allocated()).isPositive();
            jvm.startRecording();
            jvm.stopRecording(recording);
        } finally {
            subject.destroyForcibly().waitFor();
        }
        assertThat(recording).isNotEmptyFile();
    }

    private static ManagedJvm attach(Process subject) throws IOException {
        assertThat(subject.getInputStream().read()).isEqualTo('r');
        return ManagedJvm.attach(subject.pid());
    }
}
