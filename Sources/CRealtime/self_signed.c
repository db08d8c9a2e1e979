#include "include/self_signed.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

static bool add_extension(X509 *x509, int kind, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, x509, x509, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
    bool done = extension && X509_add_ext(x509, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return done;
}

static bool fill(X509 *x509, EVP_PKEY *key, const char *alternative_names, int days) {
    uint64_t serial = 0;
    X509_NAME *name = X509_get_subject_name(x509);
    return RAND_bytes((unsigned char *)&serial, sizeof serial) == 1 && X509_set_version(x509, X509_VERSION_3)
        && ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), serial >> 1)
        // A clock that is a little behind must not find it invalid.
        && X509_gmtime_adj(X509_getm_notBefore(x509), -60L * 60)
        && X509_time_adj_ex(X509_getm_notAfter(x509), days, 0, NULL)
        && X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"Annie", -1, -1, 0)
        && X509_set_issuer_name(x509, name) && X509_set_pubkey(x509, key)
        && add_extension(x509, NID_subject_alt_name, alternative_names)
        && add_extension(x509, NID_basic_constraints, "critical,CA:FALSE")
        && add_extension(x509, NID_key_usage, "critical,digitalSignature")
        && add_extension(x509, NID_ext_key_usage, "serverAuth") && X509_sign(x509, key, EVP_sha256()) > 0;
}

// What was written into the memory, as a text of its own.
static char *text_of(BIO *memory) {
    char *bytes = NULL;
    long length = BIO_get_mem_data(memory, &bytes);
    return length > 0 ? strndup(bytes, (size_t)length) : NULL;
}

bool rt_self_signed_pem(const char *alternative_names, int days, char **certificate, char **key) {
    EVP_PKEY *pair = EVP_EC_gen("P-256");
    X509 *x509 = X509_new();
    BIO *x509_text = BIO_new(BIO_s_mem()), *key_text = BIO_new(BIO_s_mem());
    *certificate = *key = NULL;
    if (pair && x509 && x509_text && key_text && fill(x509, pair, alternative_names, days)
        && PEM_write_bio_X509(x509_text, x509)
        && PEM_write_bio_PKCS8PrivateKey(key_text, pair, NULL, NULL, 0, NULL, NULL)) {
        *certificate = text_of(x509_text);
        *key = text_of(key_text);
    }
    BIO_free(x509_text);
    BIO_free(key_text);
    X509_free(x509);
    EVP_PKEY_free(pair);
    if (*certificate && *key) return true;
    free(*certificate);
    free(*key);
    return false;
}
