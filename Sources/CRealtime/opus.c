#include <opus/opus.h>
#include <stdlib.h>

#include "CRealtime.h"
#include "counters.h"

#define DECODER_RATE 16000
#define ENCODER_RATE 24000
// The longest packet Opus allows, 120 ms.
#define MAXIMUM_DECODED (DECODER_RATE * 120 / 1000)

struct rt_opus_encoder {
    OpusEncoder *opus;
};

struct rt_opus_decoder {
    OpusDecoder *opus;
};

rt_opus_encoder *rt_opus_encoder_create(int bits_per_second, int complexity) {
    rt_opus_encoder *encoder = calloc(1, sizeof *encoder);
    if (!encoder) return NULL;
    int status = OPUS_OK;
    encoder->opus = opus_encoder_create(ENCODER_RATE, 1, OPUS_APPLICATION_VOIP, &status);
    if (status != OPUS_OK || opus_encoder_ctl(encoder->opus, OPUS_SET_BITRATE(bits_per_second)) != OPUS_OK
        || opus_encoder_ctl(encoder->opus, OPUS_SET_COMPLEXITY(complexity)) != OPUS_OK
        || opus_encoder_ctl(encoder->opus, OPUS_SET_SIGNAL(OPUS_SIGNAL_VOICE)) != OPUS_OK
        || opus_encoder_ctl(encoder->opus, OPUS_SET_INBAND_FEC(1)) != OPUS_OK) {
        opus_encoder_destroy(encoder->opus);
        free(encoder);
        return NULL;
    }
    rt_live.encoders++;
    return encoder;
}

void rt_opus_encoder_free(rt_opus_encoder *encoder) {
    if (!encoder) return;
    opus_encoder_destroy(encoder->opus);
    free(encoder);
    rt_live.encoders--;
}

void rt_opus_encoder_set_loss(rt_opus_encoder *encoder, int percent) {
    opus_encoder_ctl(encoder->opus, OPUS_SET_PACKET_LOSS_PERC(percent < 0 ? 0 : percent > 100 ? 100 : percent));
}

size_t rt_opus_encode(rt_opus_encoder *encoder, const int16_t *pcm, size_t samples, uint8_t *out, size_t capacity) {
    if (samples > ENCODER_RATE || capacity > INT32_MAX) return 0;
    opus_int32 length = opus_encode(encoder->opus, pcm, (int)samples, out, (opus_int32)capacity);
    return length > 0 ? (size_t)length : 0;
}

rt_opus_decoder *rt_opus_decoder_create(void) {
    rt_opus_decoder *decoder = calloc(1, sizeof *decoder);
    if (!decoder) return NULL;
    int status = OPUS_OK;
    decoder->opus = opus_decoder_create(DECODER_RATE, 1, &status);
    if (status != OPUS_OK) {
        free(decoder);
        return NULL;
    }
    rt_live.decoders++;
    return decoder;
}

void rt_opus_decoder_free(rt_opus_decoder *decoder) {
    if (!decoder) return;
    opus_decoder_destroy(decoder->opus);
    free(decoder);
    rt_live.decoders--;
}

size_t rt_opus_packet_samples(const uint8_t *packet, size_t length) {
    if (length == 0 || length > INT32_MAX) return 0;
    int samples = opus_packet_get_nb_samples(packet, (opus_int32)length, DECODER_RATE);
    return samples > 0 ? (size_t)samples : 0;
}

bool rt_opus_packet_has_fec(const uint8_t *packet, size_t length) {
    if (length == 0 || length > INT32_MAX) return false;
    // Configurations from 16 on are CELT alone, which has no such copy (RFC 6716, section 3.1).
    if (packet[0] >> 3 >= 16) return false;
    const unsigned char *frames[48];
    opus_int16 sizes[48];
    int count = opus_packet_parse(packet, (opus_int32)length, NULL, frames, sizes, NULL);
    if (count < 1 || sizes[0] < 1) return false;
    // The SILK frame opens with, for each channel, a voice activity bit for each 20 ms and then the bit that counts here.
    int per_frame = opus_packet_get_samples_per_frame(packet, 48000);
    int parts = per_frame > 960 ? per_frame / 960 : 1;
    bool mid = frames[0][0] >> (7 - parts) & 1;
    bool is_stereo = opus_packet_get_nb_channels(packet) == 2;
    return mid || (is_stereo && (frames[0][0] >> (6 - 2 * parts) & 1));
}

static size_t decode(rt_opus_decoder *decoder, const uint8_t *packet, size_t length, float *out, size_t samples,
                     int is_fec) {
    if (length > INT32_MAX) return 0;
    if (samples > MAXIMUM_DECODED) samples = MAXIMUM_DECODED;
    int written = opus_decode_float(decoder->opus, packet, (opus_int32)length, out, (int)samples, is_fec);
    return written > 0 ? (size_t)written : 0;
}

size_t rt_opus_decode(rt_opus_decoder *decoder, const uint8_t *packet, size_t length, float *out, size_t capacity) {
    return length == 0 ? 0 : decode(decoder, packet, length, out, capacity, 0);
}

size_t rt_opus_decode_fec(rt_opus_decoder *decoder, const uint8_t *packet, size_t length, float *out, size_t samples) {
    return length == 0 ? 0 : decode(decoder, packet, length, out, samples, 1);
}

size_t rt_opus_conceal(rt_opus_decoder *decoder, float *out, size_t samples) {
    return decode(decoder, NULL, 0, out, samples, 0);
}
