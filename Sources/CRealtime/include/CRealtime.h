// A thin shim over OpenSSL (DTLS, HMAC), libsrtp2, usrsctp and Opus.
//
// It hides what Swift cannot import (macros, unions passed by value, variadic functions) and nothing more: no threads,
// no callbacks into Swift. What a library wants to send or deliver is queued in the object and taken by the
// caller. All functions of one object belong to one thread; rt_sctp functions of different objects may run on
// different ones.
//
// The libraries' headers are included by the .c files alone, so no module maps are needed for them.

#ifndef CREALTIME_H
#define CREALTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "self_signed.h"

// ---- STUN integrity ------------------------------------------------------------------------------------------------

#define RT_SHA1_BYTES 20

// HMAC-SHA1 of `length` bytes; false when the library failed.
bool rt_hmac_sha1(const uint8_t *key, size_t key_length, const uint8_t *data, size_t length,
                  uint8_t digest[RT_SHA1_BYTES]);
// Whether both hold the same bytes, in a time that does not depend on them.
bool rt_equal_in_constant_time(const uint8_t *a, const uint8_t *b, size_t length);

// ---- DTLS ----------------------------------------------------------------------------------------------------------

// A self-signed ECDSA P-256 certificate with its key, and the settings of all connections made with it.
typedef struct rt_certificate rt_certificate;

// NULL when the library failed.
rt_certificate *rt_certificate_create(void);
void rt_certificate_free(rt_certificate *certificate);
// The SHA-256 digest of the certificate, for SDP.
bool rt_certificate_fingerprint(const rt_certificate *certificate, uint8_t digest[32]);

// One DTLS 1.2 connection without a socket.
//
// The peer's certificate is NOT verified here: compare rt_dtls_peer_fingerprint with the one from the signalling as soon
// as the state is connected, and before any key or byte of this connection is used.
typedef struct rt_dtls rt_dtls;

typedef enum {
    RT_DTLS_HANDSHAKING = 0,
    RT_DTLS_CONNECTED = 1,
    // The peer said goodbye.
    RT_DTLS_CLOSED = 2,
    RT_DTLS_FAILED = 3,
} rt_dtls_state;

// `mtu` is the largest datagram to send. NULL when the library failed. The certificate may be freed before the connection.
rt_dtls *rt_dtls_create(rt_certificate *certificate, bool is_client, size_t mtu);
void rt_dtls_free(rt_dtls *dtls);
rt_dtls_state rt_dtls_get_state(const rt_dtls *dtls);
// What failed, for a log; never NULL.
const char *rt_dtls_failure(const rt_dtls *dtls);
// A client's first flight; nothing on a server.
void rt_dtls_start(rt_dtls *dtls);
void rt_dtls_receive(rt_dtls *dtls, const uint8_t *datagram, size_t length);
// Encrypts one message into one datagram; false when not connected or too long.
bool rt_dtls_send(rt_dtls *dtls, const uint8_t *data, size_t length);
// Says goodbye (close_notify).
void rt_dtls_close(rt_dtls *dtls);
// Milliseconds until rt_dtls_handle_timeout is due; negative when no timer runs.
int64_t rt_dtls_timeout_ms(rt_dtls *dtls);
// Sends the last flight again when it is due.
void rt_dtls_handle_timeout(rt_dtls *dtls);
// The next datagram to send or message received: its length, 0 when there is none. One longer than `capacity` is dropped.
size_t rt_dtls_next_datagram(rt_dtls *dtls, uint8_t *out, size_t capacity);
size_t rt_dtls_next_message(rt_dtls *dtls, uint8_t *out, size_t capacity);
// The digest of the peer's certificate by `bits` of SHA-2 (256, 384 or 512): its length, 0 when there is none.
size_t rt_dtls_peer_fingerprint(const rt_dtls *dtls, int bits, uint8_t digest[64]);

// ---- SRTP ----------------------------------------------------------------------------------------------------------

// Both directions of one SRTP session.
typedef struct rt_srtp rt_srtp;

// How much longer than its input a protected packet may be.
#define RT_SRTP_OVERHEAD 148

// Keys from a connected DTLS session (RFC 5764); NULL when none were negotiated or the library failed.
rt_srtp *rt_srtp_create(const rt_dtls *dtls);
void rt_srtp_free(rt_srtp *srtp);
// Each works in place and returns the new length; 0 when the packet is forged, replayed or malformed.
// The buffer of a packet to protect must have RT_SRTP_OVERHEAD bytes of room after `length`.
size_t rt_srtp_protect(rt_srtp *srtp, uint8_t *packet, size_t length);
size_t rt_srtp_unprotect(rt_srtp *srtp, uint8_t *packet, size_t length);
size_t rt_srtp_protect_rtcp(rt_srtp *srtp, uint8_t *packet, size_t length);
size_t rt_srtp_unprotect_rtcp(rt_srtp *srtp, uint8_t *packet, size_t length);

// ---- SCTP ----------------------------------------------------------------------------------------------------------

// One SCTP association over DTLS, for data channels.
typedef struct rt_sctp rt_sctp;

typedef enum {
    RT_SCTP_CONNECTING = 0,
    RT_SCTP_CONNECTED = 1,
    RT_SCTP_CLOSED = 2,
} rt_sctp_state;

typedef enum {
    // Nothing is waiting.
    RT_SCTP_NOTHING = 0,
    RT_SCTP_MESSAGE = 1,
    // The peer closed a stream; this side's half has been closed in answer.
    RT_SCTP_STREAM_CLOSED = 2,
} rt_sctp_event_kind;

typedef struct {
    rt_sctp_event_kind kind;
    uint16_t stream;
    // Payload protocol identifier (RFC 8831, section 8), in host order.
    uint32_t protocol;
    size_t length;
} rt_sctp_event;

// Sends INIT at once. Call rt_sctp_run_timers first, or its timers fire early. Messages larger than `maximum_message` are dropped on arrival. NULL when the library failed.
rt_sctp *rt_sctp_create(uint16_t local_port, uint16_t remote_port, size_t maximum_message);
// Aborts the association; take the last datagrams before, with rt_sctp_abort.
void rt_sctp_free(rt_sctp *sctp);
// Ends the association at once; its ABORT is among the next datagrams.
void rt_sctp_abort(rt_sctp *sctp);
rt_sctp_state rt_sctp_get_state(const rt_sctp *sctp);
void rt_sctp_receive(rt_sctp *sctp, const uint8_t *packet, size_t length);
// 1 when taken, 0 when the buffer is full (try again later), -1 when the association cannot send it.
int rt_sctp_send(rt_sctp *sctp, uint16_t stream, uint32_t protocol, const uint8_t *data, size_t length);
// Closes this side's half of a stream.
void rt_sctp_close_stream(rt_sctp *sctp, uint16_t stream);
// The next packet to send: its length, 0 when there is none. One longer than `capacity` is dropped.
size_t rt_sctp_next_packet(rt_sctp *sctp, uint8_t *out, size_t capacity);
// What comes next without taking it: `length` is the room it needs.
rt_sctp_event rt_sctp_peek_event(const rt_sctp *sctp);
// Takes it: its length in `out`, 0 when it did not fit or has no bytes.
size_t rt_sctp_take_event(rt_sctp *sctp, uint8_t *out, size_t capacity);
// Runs the timers of all associations of the process up to `now_ms`, of a clock that never goes back.
void rt_sctp_run_timers(uint64_t now_ms);

// ---- Opus ----------------------------------------------------------------------------------------------------------

typedef struct rt_opus_encoder rt_opus_encoder;
typedef struct rt_opus_decoder rt_opus_decoder;

// 24 kHz mono speech with in-band forward error correction; NULL when the library failed.
rt_opus_encoder *rt_opus_encoder_create(int bits_per_second, int complexity);
void rt_opus_encoder_free(rt_opus_encoder *encoder);
// The loss to protect against, in percent.
void rt_opus_encoder_set_loss(rt_opus_encoder *encoder, int percent);
// Encodes `samples` (a frame of 2.5 to 60 ms): the packet's length, 0 when it failed.
size_t rt_opus_encode(rt_opus_encoder *encoder, const int16_t *pcm, size_t samples, uint8_t *out, size_t capacity);

// Any Opus to 16 kHz mono; NULL when the library failed.
rt_opus_decoder *rt_opus_decoder_create(void);
void rt_opus_decoder_free(rt_opus_decoder *decoder);
// How many samples at 16 kHz the packet holds; 0 when it is malformed.
size_t rt_opus_packet_samples(const uint8_t *packet, size_t length);
// Whether the packet holds a coarse copy of the sound before it.
bool rt_opus_packet_has_fec(const uint8_t *packet, size_t length);
// Each gives the number of samples written, 0 when it failed.
size_t rt_opus_decode(rt_opus_decoder *decoder, const uint8_t *packet, size_t length, float *out, size_t capacity);
// The `samples` before this packet, from its coarse copy.
size_t rt_opus_decode_fec(rt_opus_decoder *decoder, const uint8_t *packet, size_t length, float *out, size_t samples);
// `samples` of a guess at what was lost (a multiple of 40: 2.5 ms).
size_t rt_opus_conceal(rt_opus_decoder *decoder, float *out, size_t samples);

// ---- Counters ------------------------------------------------------------------------------------------------------

// How many objects of each kind are alive in the process, so that a test can see a leak.
typedef struct {
    int64_t certificates, dtls, srtp, sctp, encoders, decoders;
} rt_counts;

rt_counts rt_live_objects(void);

#endif
