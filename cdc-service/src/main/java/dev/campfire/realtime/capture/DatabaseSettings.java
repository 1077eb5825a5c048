package dev.campfire.realtime.capture;

import java.util.Map;
import java.util.Properties;

/**
 * How to reach the database.
 *
 * @param host a name or address
 * @param port its TCP port
 * @param database the database's name
 * @param user the role to log in as
 * @param password its password, may be empty
 * @param driverProperties further connection properties of pgjdbc, such as {@code sslmode} and {@code sslrootcert}
 */
public record DatabaseSettings(
        String host, int port, String database, String user, String password, Map<String, String> driverProperties) {

    public DatabaseSettings {
        driverProperties = Map.copyOf(driverProperties);
    }

    /** The JDBC address, without user and password. */
    public String url() {
        String address = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        return "jdbc:postgresql://" + address + ":" + port + "/"
                + java.net.URLEncoder.encode(database, java.nio.charset.StandardCharsets.UTF_8);
    }

    /** The properties of an ordinary connection. */
    public Properties properties(String applicationName) {
        Properties properties = new Properties();
        properties.putAll(driverProperties);
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("ApplicationName", applicationName);
        properties.putIfAbsent("connectTimeout", "10");
        properties.putIfAbsent("tcpKeepAlive", "true");
        return properties;
    }

    /** Says where, not with which password. */
    @Override
    public String toString() {
        return user + "@" + host + ":" + port + "/" + database;
    }
}
