package dev.campfire.realtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DeflateOfferTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate",
                "permessage-deflate; client_max_window_bits",
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
                "x-webkit-deflate-frame, Permessage-Deflate; client_max_window_bits=10",
                "permessage-deflate; server_max_window_bits=10, permessage-deflate",
                "permessage-deflate; server_max_window_bits=15"
            })
    void takes_what_it_can_keep(String offers) {
        assertThat(DeflateOffer.isAcceptable(List.of(offers))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "permessage-bzip2",
                "permessage-deflate; server_max_window_bits=10",
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; client_max_window_bits=16",
                "permessage-deflate; server_no_context_takeover=1",
                "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
                "permessage-deflate; something_new"
            })
    void leaves_what_it_cannot_keep_or_does_not_know(String offers) {
        assertThat(DeflateOffer.isAcceptable(List.of(offers))).isFalse();
    }

    @Test
    void looks_at_every_header() {
        assertThat(DeflateOffer.isAcceptable(List.of("foo", "permessage-deflate")))
                .isTrue();
    }
}
