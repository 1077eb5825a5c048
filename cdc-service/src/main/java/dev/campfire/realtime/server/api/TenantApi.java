package dev.campfire.realtime.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.identity.TokenVerifier;
import dev.campfire.realtime.limits.Tenant;
import dev.campfire.realtime.limits.TenantLimits;
import dev.campfire.realtime.server.HttpAnswer;
import dev.campfire.realtime.server.HttpCall;
import dev.campfire.realtime.server.HttpEndpoint;
import dev.campfire.realtime.server.Routes;
import java.io.IOException;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The tenant API of Supabase Realtime, for the one tenant that there is. What it can change holds until the service is
 * started again: all lasting settings are those of the environment.
 */
final class TenantApi {

    /** What may stand in a body and is no setting of ours: said again by deployments that register their tenant. */
    private static final Set<String> KNOWN = Set.of(
            "name",
            "external_id",
            "extensions",
            "jwt_secret",
            "jwt_jwks",
            "postgres_cdc_default",
            "notify_private_alpha",
            "presence_enabled",
            "broadcast_adapter",
            "migrations_ran",
            "inserted_at",
            "updated_at",
            "id",
            "max_bytes_per_second");

    /** Their tokens are public, or any user's: they may look, but change nothing and send nobody away. */
    private static final Set<String> VISITORS = Set.of("anon", "authenticated");

    private final Tenant tenant;
    private final TokenVerifier verifier;
    private final BooleanSupplier isStreaming;
    private final Runnable disconnectAll;

    /**
     * @param isStreaming whether changes are read
     * @param disconnectAll sends all sockets away, to come again
     */
    TenantApi(Tenant tenant, TokenVerifier verifier, BooleanSupplier isStreaming, Runnable disconnectAll) {
        this.tenant = tenant;
        this.verifier = verifier;
        this.isStreaming = isStreaming;
        this.disconnectAll = disconnectAll;
    }

    void addTo(Routes.Builder routes) {
        routes.get("/api/tenants/:id/health", ours(call -> health()))
                .get("/api/tenants", guarded(call -> list()))
                .post("/api/tenants", guarded(call -> put(call, 201)))
                .get("/api/tenants/:id", ours(call -> show(200)))
                .on("PUT", "/api/tenants/:id", ours(call -> put(call, 200)))
                .on("PATCH", "/api/tenants/:id", ours(call -> put(call, 200)))
                .on(
                        "DELETE",
                        "/api/tenants/:id",
                        ours(call -> HttpAnswer.message(
                                422, "The only tenant can't be deleted; to stop serving, stop the service")))
                .post("/api/tenants/:id/reload", ours(call -> disconnect()))
                .post("/api/tenants/:id/shutdown", ours(call -> disconnect()));
    }

    private HttpEndpoint ours(Function<HttpCall, HttpAnswer> endpoint) {
        return guarded(call -> tenant.name().equals(call.pathParameters().get("id"))
                ? endpoint.apply(call)
                : HttpAnswer.message(404, "not found"));
    }

    private HttpEndpoint guarded(Function<HttpCall, HttpAnswer> endpoint) {
        return call -> {
            String token = Caller.bearer(call);
            Set<String> refused = call.method().equals("GET") ? Set.of() : VISITORS;
            boolean isGood = token != null && verifier.isAuthentic(token, refused);
            return CompletableFuture.completedStage(isGood ? endpoint.apply(call) : HttpAnswer.empty(403));
        };
    }

    private HttpAnswer health() {
        boolean isUp = isStreaming.getAsBoolean();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putObject("data")
                .put("healthy", isUp)
                .put("db_connected", isUp)
                .put("replication_connected", isUp)
                .put("connected_cluster", tenant.users())
                .putNull("region")
                .put("node", tenant.name());
        return HttpAnswer.json(200, json.toString());
    }

    private ObjectNode describe() {
        TenantLimits limits = tenant.limits();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", tenant.name());
        json.put("external_id", tenant.name());
        json.put("name", tenant.name());
        json.put("max_concurrent_users", limits.connectedUsers());
        json.put("max_channels_per_client", limits.channelsPerSocket());
        json.put("max_events_per_second", limits.eventsPerSecond());
        json.put("max_joins_per_second", limits.joinsPerSecond());
        json.put("max_bytes_per_second", limits.bytesPerSecond());
        json.put("max_presence_events_per_second", limits.presenceEventsPerSecond());
        json.put("max_client_presence_events_per_window", limits.presenceCalls());
        json.put("client_presence_window_ms", limits.presenceWindow().toMillis());
        json.put("max_payload_size_in_kb", limits.payload() / 1000);
        json.put("private_only", limits.isPrivateOnly());
        json.put("suspend", limits.isSuspended());
        json.put("presence_enabled", true);
        json.putArray("extensions");
        return json;
    }

    private HttpAnswer list() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putArray("data").add(describe());
        return HttpAnswer.json(200, json.toString());
    }

    private HttpAnswer show(int status) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("data", describe());
        return HttpAnswer.json(status, json.toString());
    }

    private HttpAnswer disconnect() {
        disconnectAll.run();
        return HttpAnswer.empty(204);
    }

    private HttpAnswer put(HttpCall call, int status) {
        JsonNode body;
        try {
            body = BatchBroadcast.read(call.body());
        } catch (IOException e) {
            return HttpAnswer.message(400, "The body is not JSON");
        }
        JsonNode wanted = body.has("tenant") ? body.path("tenant") : body;
        JsonNode externalId = wanted.path("external_id");
        if (externalId.isTextual() && !externalId.textValue().equals(tenant.name())) {
            return HttpAnswer.message(
                    422,
                    "This service has one tenant, " + tenant.name() + "; its name is set by SELF_HOST_TENANT_NAME");
        }
        TenantLimits before = tenant.limits();
        LimitChange change = new LimitChange(before);
        for (Iterator<String> fields = wanted.fieldNames(); fields.hasNext(); ) {
            String field = fields.next();
            String wrong = change.set(field, wanted.path(field));
            if (wrong != null && !KNOWN.contains(field)) {
                return HttpAnswer.message(422, wrong);
            }
        }
        tenant.limit(change.result());
        boolean endsSockets = change.result().isSuspended() && !before.isSuspended()
                || change.result().isPrivateOnly() != before.isPrivateOnly();
        if (endsSockets) {
            disconnectAll.run();
        }
        return show(status);
    }

    /** Limits as a body asks for them. */
    private static final class LimitChange {
        private TenantLimits limits;

        LimitChange(TenantLimits limits) {
            this.limits = limits;
        }

        TenantLimits result() {
            return limits;
        }

        /** Sets one of them; gives what is wrong, or null. */
        @Nullable
        String set(String field, JsonNode value) {
            if (value.isBoolean()) {
                return flag(field, value.booleanValue());
            }
            if (!value.canConvertToInt() || value.intValue() < 1) {
                return field + " is not known, or not a positive whole number";
            }
            return number(field, value.intValue());
        }

        private @Nullable String flag(String field, boolean value) {
            switch (field) {
                case "private_only" -> limits = limits.privateOnly(value);
                case "suspend" -> limits = limits.suspended(value);
                default -> {
                    return field + " can't be set here";
                }
            }
            return null;
        }

        private @Nullable String number(String field, int value) {
            switch (field) {
                case "max_concurrent_users" -> limits = limits.connectedUsers(value);
                case "max_channels_per_client" -> limits = limits.channelsPerSocket(value);
                case "max_events_per_second" -> limits = limits.eventsPerSecond(value);
                case "max_joins_per_second" -> limits = limits.joinsPerSecond(value);
                case "max_presence_events_per_second" -> limits = limits.presenceEventsPerSecond(value);
                case "max_payload_size_in_kb" ->
                    limits = limits.payload((int) Math.min(Integer.MAX_VALUE, value * 1000L + 500));
                default -> {
                    return field + " can't be set here";
                }
            }
            return null;
        }
    }
}
