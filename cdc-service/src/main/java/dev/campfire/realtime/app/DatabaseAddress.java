package dev.campfire.realtime.app;

import dev.campfire.realtime.capture.DatabaseSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Where the database is: from {@code DATABASE_URL}, or from {@code DB_HOST} and its siblings as the container of Supabase
 * names them. What both say, the URL decides.
 */
final class DatabaseAddress {

    /** What libpq knows and pgjdbc knows by the same name. */
    private static final Set<String> DRIVER_PROPERTIES =
            Set.of("sslmode", "sslrootcert", "sslcert", "sslkey", "sslpassword", "connectTimeout", "options");

    private DatabaseAddress() {}

    static DatabaseSettings read(Environment environment) {
        Map<String, String> driver = new HashMap<>();
        if (environment.flag("DB_SSL", false)) {
            driver.put("sslmode", environment.text("DB_SSL_CA_CERT").isPresent() ? "verify-full" : "require");
        }
        environment.text("DB_SSL_CA_CERT").ifPresent(file -> driver.put("sslrootcert", file));
        DatabaseSettings byParts = new DatabaseSettings(
                environment.text("DB_HOST", "127.0.0.1"),
                environment.number("DB_PORT", 5432, 1, 65535),
                environment.text("DB_NAME", "postgres"),
                environment.text("DB_USER", "campfire_realtime"),
                environment.text("DB_PASSWORD", ""),
                driver);
        return environment
                .text("DATABASE_URL")
                .map(url -> byUrl(url, byParts, environment))
                .orElse(byParts);
    }

    private static DatabaseSettings byUrl(String url, DatabaseSettings otherwise, Environment environment) {
        URI uri;
        try {
            uri = new URI(url.strip());
        } catch (URISyntaxException e) {
            // The text itself is not repeated: it may hold a password.
            environment.problem("DATABASE_URL is not an address: percent-encode what is special in user and password,"
                    + " as in postgres://user:p%40ss@host:5432/database");
            return otherwise;
        }
        if (!Set.of("postgres", "postgresql").contains(String.valueOf(uri.getScheme())) || uri.getHost() == null) {
            environment.problem(
                    "DATABASE_URL must look like postgres://user:password@host:5432/database?sslmode=require");
            return otherwise;
        }
        String[] login = uri.getRawUserInfo() == null
                ? new String[0]
                : uri.getRawUserInfo().split(":", 2);
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return new DatabaseSettings(
                uri.getHost(),
                uri.getPort() < 0 ? 5432 : uri.getPort(),
                path.length() > 1 ? decoded(path.substring(1)) : otherwise.database(),
                login.length > 0 ? decoded(login[0]) : otherwise.user(),
                login.length > 1 ? decoded(login[1]) : otherwise.password(),
                driverProperties(uri, otherwise.driverProperties(), environment));
    }

    private static Map<String, String> driverProperties(URI uri, Map<String, String> others, Environment environment) {
        Map<String, String> properties = new HashMap<>(others);
        if (uri.getRawQuery() == null) {
            return properties;
        }
        for (String pair : uri.getRawQuery().split("&")) {
            String[] parts = pair.split("=", 2);
            String name = decoded(parts[0]).equals("connect_timeout") ? "connectTimeout" : decoded(parts[0]);
            if (parts.length == 2 && DRIVER_PROPERTIES.contains(name)) {
                properties.put(name, decoded(parts[1]));
            } else {
                environment.problem("DATABASE_URL has a parameter that is not known here: " + name + " (known: "
                        + String.join(", ", DRIVER_PROPERTIES.stream().sorted().toList()) + ")");
            }
        }
        return properties;
    }

    private static String decoded(String text) {
        // A plus sign is itself in an address; only what is percent-encoded is decoded.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
