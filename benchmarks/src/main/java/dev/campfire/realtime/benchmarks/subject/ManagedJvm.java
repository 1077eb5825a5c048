package dev.campfire.realtime.benchmarks.subject;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import jdk.management.jfr.FlightRecorderMXBean;

/** A look into another Java process on this machine, which needs no options of its own for that. For one thread. */
public final class ManagedJvm implements AutoCloseable {

    private final JMXConnector connector;
    private final ThreadMXBean threads;
    // Not by a command of jcmd: the service leaves the beans of these out.
    private final FlightRecorderMXBean recorder;
    private long recording;

    private ManagedJvm(JMXConnector connector) throws IOException {
        this.connector = connector;
        MBeanServerConnection beans = connector.getMBeanServerConnection();
        this.threads = ManagementFactory.newPlatformMXBeanProxy(
                beans, ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
        this.recorder = ManagementFactory.newPlatformMXBeanProxy(
                beans, FlightRecorderMXBean.MXBEAN_NAME, FlightRecorderMXBean.class);
    }

    // The address is that of a process that this one has started; nobody else can name another.
    @SuppressWarnings("BanJNDI")
    public static ManagedJvm attach(long pid) throws IOException {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            try {
                return new ManagedJvm(
                        JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent())));
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException e) {
            throw new IOException("process " + pid + " is no Java that can be looked into", e);
        }
    }

    /** Bytes that all threads together have allocated on the heap since the start. */
    public long allocated() {
        return threads.getTotalThreadAllocatedBytes();
    }

    /** Begins to record where objects are allocated. */
    public void startRecording() throws IOException {
        recording = recorder.newRecording();
        recorder.setPredefinedConfiguration(recording, "profile");
        recorder.startRecording(recording);
    }

    /** Ends the recording, and leaves it in the file. */
    public void stopRecording(Path file) throws IOException {
        recorder.stopRecording(recording);
        recorder.copyTo(recording, file.toAbsolutePath().toString());
        recorder.closeRecording(recording);
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
