// Writing keys and values into pages, in the order attention reads them.
#include "dispatch.h"
#include "numbers.h"

size_t annie_page_size(annie_kv_format format, long kv_heads, long head_dim) {
    return 2 * (size_t)kv_heads * head_bytes(format, head_dim);
}

static void round_head(uint16_t *out, const float *in, long head_dim) {
    for (long d = 0; d < head_dim; d += 16) {
        u32x16 bits = f32x16_bits(f32x16_rounded_to_bf16(f32x16_load(in + d)));
        u16x16 halves = __builtin_convertvector(bits >> 16, u16x16);
        memcpy(out + d, &halves, sizeof halves);
    }
}

static void store_key_f32(char *keys, long head_dim, long slot, const float *k) {
    float *out = (float *)keys + slot / 16 * head_dim * 16 + slot % 16;
    for (long d = 0; d < head_dim; d++) out[d * 16] = k[d];
}

static void store_key_bf16(char *keys, long head_dim, long slot, const float *k) {
    uint16_t halves[longest_head], *out = (uint16_t *)keys + slot / 16 * head_dim * 16 + slot % 16 * 2;
    round_head(halves, k, head_dim);
    for (long d = 0; d < head_dim; d += 2) memcpy(out + d * 16, halves + d, 4);
}

static void store_value_bf16(char *values, long head_dim, long slot, const float *v) {
    uint16_t halves[longest_head], *out = (uint16_t *)values + slot / 2 * head_dim * 2 + slot % 2;
    round_head(halves, v, head_dim);
    for (long d = 0; d < head_dim; d++) out[d * 2] = halves[d];
}

// Both positions of a pair at once.
static void store_value_pair_bf16(char *values, long head_dim, long slot, const float *even, const float *odd) {
    uint16_t low[longest_head], high[longest_head];
    uint32_t *out = (uint32_t *)values + slot / 2 * head_dim;
    round_head(low, even, head_dim);
    round_head(high, odd, head_dim);
    for (long d = 0; d < head_dim; d++) out[d] = (uint32_t)low[d] | (uint32_t)high[d] << 16;
}

typedef struct {
    annie_kv_format format;
    long head_dim, start, rows;
    const float *k, *v;
    long ldk, ldv;
} kv_rows;

// Row r of a head into its page; skips an odd row whose even neighbour has already brought it along.
static void store_row(const kv_rows *in, char *keys, char *values, long head, long r) {
    const float *k = in->k + r * in->ldk + head * in->head_dim, *v = in->v + r * in->ldv + head * in->head_dim;
    long slot = (in->start + r) % ANNIE_PAGE_TOKENS;
    if (in->format == ANNIE_KV_F32) {
        store_key_f32(keys, in->head_dim, slot, k);
        memcpy((float *)values + slot * in->head_dim, v, (size_t)in->head_dim * sizeof(float));
        return;
    }
    if (in->format == ANNIE_KV_INT8) {
        annie_kernels_current()->attention.store_int8(keys, values, in->head_dim, slot, k, v);
        return;
    }
    store_key_bf16(keys, in->head_dim, slot, k);
    if (slot % 2 == 0 && r + 1 < in->rows)
        store_value_pair_bf16(values, in->head_dim, slot, v, v + in->ldv);
    else if (slot % 2 == 0 || r == 0)
        store_value_bf16(values, in->head_dim, slot, v);
}

void annie_kv_store(annie_kv_format format, void *const *pages, long kv_heads, long head_dim, long start, long rows,
                    const float *k, long ldk, const float *v, long ldv) {
    const kv_rows in = {format, head_dim, start, rows, k, v, ldk, ldv};
    for (long r = 0; r < rows; r++) {
        char *page = pages[(start + r) / ANNIE_PAGE_TOKENS];
        for (long head = 0; head < kv_heads; head++)
            store_row(&in, page + (size_t)head * head_bytes(format, head_dim),
                      page + (size_t)(kv_heads + head) * head_bytes(format, head_dim), head, r);
    }
}
