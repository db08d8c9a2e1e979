// Writing keys and values into pages, in the order attention reads them.
#include "dispatch.h"
#include "numbers.h"

size_t annie_page_size(annie_kv_format format, long kv_heads, long head_dim) {
    return 2 * (size_t)kv_heads * head_bytes(format, head_dim);
}

static void store_f32(char *keys, char *values, long head_dim, long slot, const float *k, const float *v) {
    float *key = (float *)keys + slot / 16 * head_dim * 16 + slot % 16;
    for (long d = 0; d < head_dim; d++) key[d * 16] = k[d];
    memcpy((float *)values + slot * head_dim, v, (size_t)head_dim * sizeof(float));
}

static void store_bf16(char *keys, char *values, long head_dim, long slot, const float *k, const float *v) {
    uint16_t *key = (uint16_t *)keys + slot / 16 * head_dim * 16 + slot % 16 * 2;
    for (long d = 0; d < head_dim; d += 2) {
        uint32_t pair = (uint32_t)bf16_from_f32(k[d]) | (uint32_t)bf16_from_f32(k[d + 1]) << 16;
        memcpy(key + d * 16, &pair, sizeof pair);
    }
    uint16_t *value = (uint16_t *)values + slot / 2 * head_dim * 2 + slot % 2;
    for (long d = 0; d < head_dim; d++) value[d * 2] = bf16_from_f32(v[d]);
}

void annie_kv_store(annie_kv_format format, void *const *pages, long kv_heads, long head_dim, long start, long rows,
                    const float *k, long ldk, const float *v, long ldv) {
    const attention_kernels *kernels = &annie_kernels_current()->attention;
    for (long r = 0; r < rows; r++) {
        void *page = pages[(start + r) / ANNIE_PAGE_TOKENS];
        long slot = (start + r) % ANNIE_PAGE_TOKENS;
        for (long h = 0; h < kv_heads; h++) {
            char *keys = (char *)page + (size_t)h * head_bytes(format, head_dim);
            char *values = (char *)page + (size_t)(kv_heads + h) * head_bytes(format, head_dim);
            const float *key = k + r * ldk + h * head_dim, *value = v + r * ldv + h * head_dim;
            switch (format) {
            case ANNIE_KV_F32: store_f32(keys, values, head_dim, slot, key, value); break;
            case ANNIE_KV_BF16: store_bf16(keys, values, head_dim, slot, key, value); break;
            case ANNIE_KV_INT8: kernels->store_int8(keys, values, head_dim, slot, key, value); break;
            }
        }
    }
}
