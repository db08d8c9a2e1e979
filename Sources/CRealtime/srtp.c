#include <openssl/crypto.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <srtp2/srtp.h>
#include <stdlib.h>
#include <string.h>

#include "CRealtime.h"
#include "counters.h"
#include "dtls.h"

_Static_assert(RT_SRTP_OVERHEAD >= SRTP_MAX_TRAILER_LEN + 4, "a protected packet would not fit");

// As many packets as come in five seconds: a late one is heard or dropped by the reorder buffer, not taken for a replay.
#define REPLAY_WINDOW 256

struct rt_srtp {
    srtp_t inbound, outbound;
};

static bool is_initialised;

static void initialise(void) {
    is_initialised = srtp_init() == srtp_err_status_ok;
}

static srtp_profile_t profile_of(const SRTP_PROTECTION_PROFILE *negotiated) {
    switch (negotiated->id) {
        case SRTP_AEAD_AES_128_GCM: return srtp_profile_aead_aes_128_gcm;
        case SRTP_AES128_CM_SHA1_80: return srtp_profile_aes128_cm_sha1_80;
        default: return srtp_profile_reserved;
    }
}

static bool create_stream(srtp_t *stream, srtp_profile_t profile, uint8_t *key_and_salt, srtp_ssrc_type_t direction) {
    srtp_policy_t policy;
    memset(&policy, 0, sizeof policy);
    if (srtp_crypto_policy_set_from_profile_for_rtp(&policy.rtp, profile) != srtp_err_status_ok
        || srtp_crypto_policy_set_from_profile_for_rtcp(&policy.rtcp, profile) != srtp_err_status_ok)
        return false;
    policy.ssrc.type = direction;
    policy.key = key_and_salt;
    policy.window_size = REPLAY_WINDOW;
    return srtp_create(stream, &policy) == srtp_err_status_ok;
}

rt_srtp *rt_srtp_create(const rt_dtls *dtls) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, initialise);
    SSL *ssl = rt_dtls_ssl(dtls);
    const SRTP_PROTECTION_PROFILE *negotiated = SSL_get_selected_srtp_profile(ssl);
    if (!is_initialised || !negotiated) return NULL;
    srtp_profile_t profile = profile_of(negotiated);
    if (profile == srtp_profile_reserved) return NULL;

    static const char label[] = "EXTRACTOR-dtls_srtp";
    size_t key = srtp_profile_get_master_key_length(profile), salt = srtp_profile_get_master_salt_length(profile);
    // Client key, server key, client salt, server salt (RFC 5764, section 4.2).
    uint8_t material[2 * SRTP_MAX_KEY_LEN];
    if (2 * (key + salt) > sizeof material
        || SSL_export_keying_material(ssl, material, 2 * (key + salt), label, sizeof label - 1, NULL, 0, 0) != 1)
        return NULL;
    uint8_t client[SRTP_MAX_KEY_LEN], server[SRTP_MAX_KEY_LEN];
    memcpy(client, material, key);
    memcpy(client + key, material + 2 * key, salt);
    memcpy(server, material + key, key);
    memcpy(server + key, material + 2 * key + salt, salt);

    bool is_client = !SSL_is_server(ssl);
    rt_srtp *srtp = calloc(1, sizeof *srtp);
    bool done = srtp && create_stream(&srtp->inbound, profile, is_client ? server : client, ssrc_any_inbound)
        && create_stream(&srtp->outbound, profile, is_client ? client : server, ssrc_any_outbound);
    OPENSSL_cleanse(material, sizeof material);
    OPENSSL_cleanse(client, sizeof client);
    OPENSSL_cleanse(server, sizeof server);
    if (srtp) rt_live.srtp++;
    if (!done) {
        rt_srtp_free(srtp);
        return NULL;
    }
    return srtp;
}

void rt_srtp_free(rt_srtp *srtp) {
    if (!srtp) return;
    if (srtp->inbound) srtp_dealloc(srtp->inbound);
    if (srtp->outbound) srtp_dealloc(srtp->outbound);
    free(srtp);
    rt_live.srtp--;
}

typedef srtp_err_status_t transform(srtp_t, void *, int *);

static size_t apply(transform *function, srtp_t stream, uint8_t *packet, size_t length) {
    if (length > UINT16_MAX) return 0;
    int changed = (int)length;
    return function(stream, packet, &changed) == srtp_err_status_ok && changed > 0 ? (size_t)changed : 0;
}

size_t rt_srtp_protect(rt_srtp *srtp, uint8_t *packet, size_t length) {
    return apply(srtp_protect, srtp->outbound, packet, length);
}

size_t rt_srtp_unprotect(rt_srtp *srtp, uint8_t *packet, size_t length) {
    return apply(srtp_unprotect, srtp->inbound, packet, length);
}

size_t rt_srtp_protect_rtcp(rt_srtp *srtp, uint8_t *packet, size_t length) {
    return apply(srtp_protect_rtcp, srtp->outbound, packet, length);
}

size_t rt_srtp_unprotect_rtcp(rt_srtp *srtp, uint8_t *packet, size_t length) {
    return apply(srtp_unprotect_rtcp, srtp->inbound, packet, length);
}
