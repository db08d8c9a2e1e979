#include "dtls.h"

#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certificate.h"
#include "counters.h"
#include "packet_queue.h"

#define MAXIMUM_RECORD 16384

// A lost flight is repeated after this long, then twice as long, and so on. OpenSSL's own second is long for a call.
#define FIRST_TIMEOUT_US 150000
#define LONGEST_TIMEOUT_US 1000000

struct rt_dtls {
    SSL *ssl;
    rt_dtls_state state;
    size_t mtu;
    rt_packet_queue datagrams, messages;
    // The datagram being read, until the library has taken it.
    const uint8_t *incoming;
    size_t incoming_length;
    char failure[200];
};

// ---- A BIO that keeps the borders of datagrams, which OpenSSL 3.0's own memory BIO does not -----------------------

static int bio_write(BIO *bio, const char *bytes, int length) {
    rt_dtls *dtls = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (length <= 0) return 0;
    // A full queue is a full network: the datagram is lost, and the handshake's timer repeats it.
    rt_queue_push(&dtls->datagrams, bytes, (size_t)length);
    return length;
}

static int bio_read(BIO *bio, char *out, int capacity) {
    rt_dtls *dtls = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (!dtls->incoming || capacity <= 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    size_t length = dtls->incoming_length < (size_t)capacity ? dtls->incoming_length : (size_t)capacity;
    memcpy(out, dtls->incoming, length);
    dtls->incoming = NULL;
    return (int)length;
}

static long bio_control(BIO *bio, int command, long number, void *pointer) {
    (void)number, (void)pointer;
    rt_dtls *dtls = BIO_get_data(bio);
    switch (command) {
        case BIO_CTRL_FLUSH: return 1;
        case BIO_CTRL_DGRAM_QUERY_MTU:
        case BIO_CTRL_DGRAM_GET_FALLBACK_MTU: return (long)dtls->mtu;
        default: return 0;
    }
}

static BIO_METHOD *method;

static void make_method(void) {
    method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagrams");
    if (!method) return;
    BIO_meth_set_write(method, bio_write);
    BIO_meth_set_read(method, bio_read);
    BIO_meth_set_ctrl(method, bio_control);
}

static BIO *make_bio(rt_dtls *dtls) {
    static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;
    if (CRYPTO_THREAD_run_once(&once, make_method) != 1 || !method) return NULL;
    BIO *bio = BIO_new(method);
    if (!bio) return NULL;
    BIO_set_data(bio, dtls);
    BIO_set_init(bio, 1);
    return bio;
}

static unsigned int next_timeout(SSL *ssl, unsigned int microseconds) {
    (void)ssl;
    if (microseconds == 0) return FIRST_TIMEOUT_US;
    return microseconds * 2 < LONGEST_TIMEOUT_US ? microseconds * 2 : LONGEST_TIMEOUT_US;
}

// ---- Life ----------------------------------------------------------------------------------------------------------

rt_dtls *rt_dtls_create(rt_certificate *certificate, bool is_client, size_t mtu) {
    rt_dtls *dtls = calloc(1, sizeof *dtls);
    if (!dtls) return NULL;
    rt_live.dtls++;
    dtls->mtu = mtu;
    dtls->datagrams.limit = 1 << 18;
    dtls->messages.limit = 1 << 20;
    dtls->ssl = SSL_new(rt_certificate_context(certificate));
    BIO *bio = make_bio(dtls);
    if (!dtls->ssl || !bio) {
        BIO_free(bio);
        rt_dtls_free(dtls);
        return NULL;
    }
    SSL_set_bio(dtls->ssl, bio, bio);
    DTLS_set_link_mtu(dtls->ssl, (long)mtu);
    DTLS_set_timer_cb(dtls->ssl, next_timeout);
    if (is_client) SSL_set_connect_state(dtls->ssl);
    else SSL_set_accept_state(dtls->ssl);
    return dtls;
}

void rt_dtls_free(rt_dtls *dtls) {
    if (!dtls) return;
    SSL_free(dtls->ssl);
    rt_queue_clear(&dtls->datagrams);
    rt_queue_clear(&dtls->messages);
    free(dtls);
    rt_live.dtls--;
}

SSL *rt_dtls_ssl(const rt_dtls *dtls) {
    return dtls->ssl;
}

rt_dtls_state rt_dtls_get_state(const rt_dtls *dtls) {
    return dtls->state;
}

const char *rt_dtls_failure(const rt_dtls *dtls) {
    return dtls->failure;
}

static void fail(rt_dtls *dtls) {
    dtls->state = RT_DTLS_FAILED;
    unsigned long code = ERR_peek_error();
    if (code) ERR_error_string_n(code, dtls->failure, sizeof dtls->failure);
    else snprintf(dtls->failure, sizeof dtls->failure, "the DTLS library gave no reason");
    ERR_clear_error();
}

// ---- Handshake and records -----------------------------------------------------------------------------------------

static void handshake(rt_dtls *dtls) {
    ERR_clear_error();
    int result = SSL_do_handshake(dtls->ssl);
    if (result == 1) {
        dtls->state = RT_DTLS_CONNECTED;
        return;
    }
    int error = SSL_get_error(dtls->ssl, result);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) fail(dtls);
}

static void read_messages(rt_dtls *dtls) {
    uint8_t record[MAXIMUM_RECORD];
    while (dtls->state == RT_DTLS_CONNECTED) {
        ERR_clear_error();
        int length = SSL_read(dtls->ssl, record, sizeof record);
        if (length > 0) {
            rt_queue_push(&dtls->messages, record, (size_t)length);
            continue;
        }
        switch (SSL_get_error(dtls->ssl, length)) {
            case SSL_ERROR_WANT_READ:
            case SSL_ERROR_WANT_WRITE: return;
            case SSL_ERROR_ZERO_RETURN: dtls->state = RT_DTLS_CLOSED; return;
            default: fail(dtls); return;
        }
    }
}

void rt_dtls_start(rt_dtls *dtls) {
    if (dtls->state == RT_DTLS_HANDSHAKING && !SSL_is_server(dtls->ssl)) handshake(dtls);
}

void rt_dtls_receive(rt_dtls *dtls, const uint8_t *datagram, size_t length) {
    dtls->incoming = datagram;
    dtls->incoming_length = length;
    if (dtls->state == RT_DTLS_HANDSHAKING) handshake(dtls);
    if (dtls->state == RT_DTLS_CONNECTED) read_messages(dtls);
    dtls->incoming = NULL;
}

bool rt_dtls_send(rt_dtls *dtls, const uint8_t *data, size_t length) {
    if (dtls->state != RT_DTLS_CONNECTED || length == 0 || length > DTLS_get_data_mtu(dtls->ssl)) return false;
    ERR_clear_error();
    return SSL_write(dtls->ssl, data, (int)length) == (int)length;
}

void rt_dtls_close(rt_dtls *dtls) {
    ERR_clear_error();
    if (dtls->state == RT_DTLS_CONNECTED) SSL_shutdown(dtls->ssl);
    if (dtls->state != RT_DTLS_FAILED) dtls->state = RT_DTLS_CLOSED;
}

int64_t rt_dtls_timeout_ms(rt_dtls *dtls) {
    struct timeval left;
    if (dtls->state > RT_DTLS_CONNECTED || DTLSv1_get_timeout(dtls->ssl, &left) != 1) return -1;
    return (int64_t)left.tv_sec * 1000 + left.tv_usec / 1000;
}

void rt_dtls_handle_timeout(rt_dtls *dtls) {
    ERR_clear_error();
    if (dtls->state <= RT_DTLS_CONNECTED && DTLSv1_handle_timeout(dtls->ssl) < 0) fail(dtls);
}

size_t rt_dtls_next_datagram(rt_dtls *dtls, uint8_t *out, size_t capacity) {
    return rt_queue_pop(&dtls->datagrams, out, capacity);
}

size_t rt_dtls_next_message(rt_dtls *dtls, uint8_t *out, size_t capacity) {
    return rt_queue_pop(&dtls->messages, out, capacity);
}

size_t rt_dtls_peer_fingerprint(const rt_dtls *dtls, int bits, uint8_t digest[64]) {
    const EVP_MD *hash = bits == 256 ? EVP_sha256() : bits == 384 ? EVP_sha384() : bits == 512 ? EVP_sha512() : NULL;
    X509 *peer = SSL_get1_peer_certificate(dtls->ssl);
    unsigned int length = 0;
    if (!hash || !peer || X509_digest(peer, hash, digest, &length) != 1) length = 0;
    X509_free(peer);
    return length;
}
