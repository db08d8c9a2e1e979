#include "certificate.h"

#include <openssl/ec.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include "counters.h"

struct rt_certificate {
    SSL_CTX *context;
    X509 *x509;
};

// Peers compare the fingerprint, which lives as long as a call; the dates only have to include today, on a machine whose
// clock may be wrong.
#define VALID_SECONDS (60L * 60 * 24 * 365 * 10)

static X509 *self_signed(EVP_PKEY *key) {
    X509 *x509 = X509_new();
    uint64_t serial = 0;
    if (!x509 || RAND_bytes((unsigned char *)&serial, sizeof serial) != 1) goto failed;
    X509_NAME *name = X509_get_subject_name(x509);
    if (!X509_set_version(x509, X509_VERSION_3) || !ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), serial >> 1)
        || !X509_gmtime_adj(X509_getm_notBefore(x509), -60L * 60 * 24)
        || !X509_gmtime_adj(X509_getm_notAfter(x509), VALID_SECONDS)
        || !X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"WebRTC", -1, -1, 0)
        || !X509_set_issuer_name(x509, name) || !X509_set_pubkey(x509, key) || !X509_sign(x509, key, EVP_sha256()))
        goto failed;
    return x509;
failed:
    X509_free(x509);
    return NULL;
}

// Any certificate is let through the handshake: who the peer is says its fingerprint, which the caller compares.
static int accept_any(int is_verified, X509_STORE_CTX *store) {
    (void)is_verified, (void)store;
    return 1;
}

static bool configure(SSL_CTX *context, X509 *x509, EVP_PKEY *key) {
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, accept_any);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    return SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION)
        && SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20")
        && SSL_CTX_use_certificate(context, x509) == 1 && SSL_CTX_use_PrivateKey(context, key) == 1
        // This one function of OpenSSL's returns 0 when all is well.
        && SSL_CTX_set_tlsext_use_srtp(context, "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80") == 0;
}

rt_certificate *rt_certificate_create(void) {
    rt_certificate *certificate = calloc(1, sizeof *certificate);
    if (!certificate) return NULL;
    rt_live.certificates++;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    certificate->context = SSL_CTX_new(DTLS_method());
    certificate->x509 = key ? self_signed(key) : NULL;
    bool done = certificate->context && certificate->x509 && configure(certificate->context, certificate->x509, key);
    EVP_PKEY_free(key);
    if (!done) {
        rt_certificate_free(certificate);
        return NULL;
    }
    return certificate;
}

void rt_certificate_free(rt_certificate *certificate) {
    if (!certificate) return;
    SSL_CTX_free(certificate->context);
    X509_free(certificate->x509);
    free(certificate);
    rt_live.certificates--;
}

bool rt_certificate_fingerprint(const rt_certificate *certificate, uint8_t digest[32]) {
    unsigned int length = 0;
    return X509_digest(certificate->x509, EVP_sha256(), digest, &length) == 1 && length == 32;
}

SSL_CTX *rt_certificate_context(const rt_certificate *certificate) {
    return certificate->context;
}
