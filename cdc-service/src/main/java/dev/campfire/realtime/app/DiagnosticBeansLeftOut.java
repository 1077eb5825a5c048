package dev.campfire.realtime.app;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import javax.management.MBeanServer;
import javax.management.MBeanServerBuilder;
import javax.management.MBeanServerDelegate;
import javax.management.ObjectInstance;
import javax.management.ObjectName;

/**
 * Makes MBean servers that leave {@code jcmd}'s commands out: when they are registered each describes itself, and those of Java's flight
 * recorder read its configuration to do so. Debezium registers beans at each start, so that was a tenth of it. {@code jcmd}
 * itself does not come this way. Java makes one of these where {@link #PROPERTY} says so ({@link MBeanServerBuilder}).
 */
public final class DiagnosticBeansLeftOut extends MBeanServerBuilder {

    /** Where Java looks for the name of this class. */
    static final String PROPERTY = "javax.management.builder.initial";

    /** The module of the flight recorder; the image does not have it. */
    static final String WHERE_THEY_COST = "jdk.jfr";

    private static final String LEFT_OUT = "com.sun.management:type=DiagnosticCommand";

    /** For Java. */
    public DiagnosticBeansLeftOut() {}

    @Override
    public MBeanServer newMBeanServer(String domain, MBeanServer outer, MBeanServerDelegate delegate) {
        MBeanServer server = super.newMBeanServer(domain, outer, delegate);
        return (MBeanServer) Proxy.newProxyInstance(
                MBeanServer.class.getClassLoader(), new Class<?>[] {MBeanServer.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("registerMBean")
                            && ((ObjectName) arguments[1]).getCanonicalName().equals(LEFT_OUT)) {
                        return new ObjectInstance(
                                (ObjectName) arguments[1],
                                arguments[0].getClass().getName());
                    }
                    try {
                        return method.invoke(server, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
