package dev.campfire.realtime.app;

import dev.campfire.realtime.limits.Niceness;
import java.time.InstantSource;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A service as its settings want it, from the moment that it listens: what {@code serve} runs. */
final class ServedService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServedService.class);

    private final RealtimeService service;
    private final int port;

    private ServedService(RealtimeService service, int port) {
        this.service = service;
        this.port = port;
    }

    /**
     * Starts one, which reads its mapping again at SIGHUP.
     *
     * @param environment its settings, by the names of environment variables
     * @throws SettingsException when they can't be used, or the mapping's file does not fit the database
     */
    static ServedService start(Map<String, String> environment) throws Exception {
        Settings settings = Settings.read(environment);
        RealtimeService service = RealtimeService.of(settings, InstantSource.system());
        MappingReload mapping = new MappingReload(settings.capture(), settings.mapping(), service.mapping());
        if (!settings.mapping().isBuiltIn()) {
            mapping.check();
        }
        HangUp.calls(mapping::reload);
        int port = service.start();
        if (settings.mapping().isBuiltIn()) {
            // Nothing depends on it: what of the built-in rules does not fit is only said, and so not before the first
            // event.
            Niceness.background("mapping-check")
                    .newThread(() -> checkOnceStreaming(service, mapping))
                    .start();
        }
        LOG.info(
                "Listening on {}:{}, for changes of {}.",
                settings.server().host(),
                port,
                settings.capture().database());
        return new ServedService(service, port);
    }

    private static void checkOnceStreaming(RealtimeService service, MappingReload mapping) {
        try {
            if (service.awaitStreaming(StreamReadiness.FOR_EVER)) {
                mapping.checkBuiltIn();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    RealtimeService service() {
        return service;
    }

    int port() {
        return port;
    }

    @Override
    public void close() throws InterruptedException {
        service.close();
    }
}
