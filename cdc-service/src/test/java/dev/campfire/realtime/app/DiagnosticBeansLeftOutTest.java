package dev.campfire.realtime.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

final class DiagnosticBeansLeftOutTest {

    private final DiagnosticBeansLeftOut builder = new DiagnosticBeansLeftOut();
    private final MBeanServer server = builder.newMBeanServer("test", null, builder.newMBeanServerDelegate());

    /** What a bean is, by JMX's conventions. */
    public interface CountMBean {
        int getCount();
    }

    /** One. */
    public static final class Count implements CountMBean {
        @Override
        public int getCount() {
            return 7;
        }
    }

    @Test
    void beans_are_registered_as_everywhere() throws Exception {
        ObjectName name = new ObjectName("dev.campfire:type=Count");

        server.registerMBean(new Count(), name);

        assertThat(server.getAttribute(name, "Count")).isEqualTo(7);
        assertThatThrownBy(() -> server.registerMBean(new Count(), name))
                .isInstanceOf(InstanceAlreadyExistsException.class);
        server.unregisterMBean(name);
        assertThatThrownBy(() -> server.getMBeanInfo(name)).isInstanceOf(InstanceNotFoundException.class);
    }

    @Test
    void but_not_the_commands_of_jcmd() throws Exception {
        ObjectName name = new ObjectName("com.sun.management:type=DiagnosticCommand");

        assertThat(server.registerMBean(new Count(), name).getObjectName()).isEqualTo(name);

        assertThat(server.isRegistered(name)).isFalse();
    }
}
