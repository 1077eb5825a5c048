package dev.campfire.realtime.identity;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import java.util.List;

/** The keys that may have signed a token. Safe for use by several threads; never blocks. */
interface VerificationKeys {

    /**
     * The keys that a token with this header may have been signed with, each already bound to the one kind of algorithm
     * that it serves: what the token claims as its algorithm never turns a key of one kind into one of another.
     *
     * @return empty when no key of ours fits the header
     */
    List<JWSVerifier> candidates(JWSHeader header);
}
