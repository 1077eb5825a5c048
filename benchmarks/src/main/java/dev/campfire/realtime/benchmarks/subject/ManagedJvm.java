package dev.campfire.realtime.benchmarks.subject;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** A look into another Java process on this machine, which needs no options of its own for that. For one thread. */
public final class ManagedJvm implements AutoCloseable {

    private static final String COMMANDS = "com.sun.management:type=DiagnosticCommand";

    private final JMXConnector connector;
    private final MBeanServerConnection beans;
    private final ThreadMXBean threads;

    private ManagedJvm(JMXConnector connector) throws IOException {
        this.connector = connector;
        this.beans = connector.getMBeanServerConnection();
        this.threads = ManagementFactory.newPlatformMXBeanProxy(
                beans, ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
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
        command("jfrStart", "name=bench", "settings=profile");
    }

    /** Ends the recording, and leaves it in the file. */
    public void stopRecording(Path file) throws IOException {
        command("jfrStop", "name=bench", "filename=" + file);
    }

    private void command(String operation, String... arguments) throws IOException {
        try {
            beans.invoke(new ObjectName(COMMANDS), operation, new Object[] {arguments}, new String[] {
                String[].class.getName()
            });
        } catch (JMException e) {
            throw new IOException(operation + " " + Arrays.toString(arguments) + " failed", e);
        }
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
