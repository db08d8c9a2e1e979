#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "CRealtime.h"

bool rt_hmac_sha1(const uint8_t *key, size_t key_length, const uint8_t *data, size_t length,
                  uint8_t digest[RT_SHA1_BYTES]) {
    if (key_length > INT32_MAX) return false;
    unsigned int written = 0;
    return HMAC(EVP_sha1(), key, (int)key_length, data, length, digest, &written) && written == RT_SHA1_BYTES;
}

bool rt_equal_in_constant_time(const uint8_t *a, const uint8_t *b, size_t length) {
    return CRYPTO_memcmp(a, b, length) == 0;
}
