package dev.campfire.realtime.identity;

import org.jspecify.annotations.Nullable;

/**
 * Why a token was refused.
 *
 * <p>The texts are Supabase Realtime's own, because clients show them and some compare them: {@link #message()} stands in
 * {@code system} messages, {@link #joinReason()} in the reply to a join, {@link #upgradeError()} in the answer to a
 * refused websocket.
 */
public sealed interface Rejection {

    /** What is wrong, in a sentence. */
    String message();

    /** The code that stands before the message in the reply to a join. */
    String code();

    /** The reason as a join's error reply has it. */
    default String joinReason() {
        return code() + ": " + message();
    }

    /** The error as the answer to a refused websocket has it. */
    default String upgradeError() {
        return message();
    }

    /** Not a JWT at all. */
    record Malformed() implements Rejection {
        @Override
        public String message() {
            return "The token provided is not a valid JWT";
        }

        @Override
        public String code() {
            return "MalformedJWT";
        }
    }

    /** A JWT that was not signed with a key of ours. */
    record BadSignature() implements Rejection {
        @Override
        public String message() {
            return "Failed to validate JWT signature";
        }

        @Override
        public String code() {
            return "JwtSignatureError";
        }
    }

    /**
     * A JWT whose algorithm or key id is none of ours, {@code none} included.
     *
     * @param keyId the key that the token asks for, null when it names none or when none would have helped
     */
    record NoSigner(@Nullable String keyId) implements Rejection {
        @Override
        public String message() {
            return "Failed to generate JWT signer" + (keyId == null ? "" : " for key ID (kid) \"" + keyId + "\"")
                    + ", check your JWT secret or JWKS configuration";
        }

        @Override
        public String code() {
            return "JwtSignerError";
        }
    }

    /**
     * A good JWT whose time is over.
     *
     * @param secondsAgo whole seconds since then, 0 within the first
     */
    record Expired(long secondsAgo) implements Rejection {
        @Override
        public String message() {
            return "Token has expired " + secondsAgo + " seconds ago";
        }

        @Override
        public String code() {
            return "InvalidJWTToken";
        }

        @Override
        public String upgradeError() {
            return "Token has expired";
        }
    }

    /** A signed JWT without {@code role} or {@code exp}. */
    record MissingClaims() implements Rejection {
        @Override
        public String message() {
            return "Fields `role` and `exp` are required in JWT";
        }

        @Override
        public String code() {
            return "InvalidJWTToken";
        }
    }

    /**
     * A signed JWT that has not the value of a claim that is asked for.
     *
     * @param claim the claim's name
     */
    record WrongClaim(String claim) implements Rejection {
        @Override
        public String message() {
            return "Token claim `" + claim + "` is not the expected one";
        }

        @Override
        public String code() {
            return "InvalidJWTToken";
        }
    }

    /** A signed JWT whose {@code exp} is not a time. */
    record BadExpiration() implements Rejection {
        @Override
        public String message() {
            return "Token expiration time is invalid";
        }

        @Override
        public String code() {
            return "InvalidJWTToken";
        }
    }
}
