// Attention over segments, forward: blocks of 64 queries meet blocks of 64 keys, with a running maximum and sum
// (FlashAttention, https://arxiv.org/abs/2205.14135). Packed keys and values are shared by all who see them.
#include "train_attention.h"

#include <math.h>

long attention_block_count(const annie_train_attention *a) {
    long count = 0;
    for (long s = 0; s < a->segment_count; s++) count += divided_up(a->segments[s].rows, block_rows);
    return count;
}

void attention_list_blocks(const annie_train_attention *a, attention_block *blocks) {
    for (long s = 0; s < a->segment_count; s++) {
        const annie_train_segment *segment = &a->segments[s];
        for (long row = 0; row < segment->rows; row += block_rows) {
            long left = segment->rows - row;
            *blocks++ = (attention_block){segment->first_row + row, left < block_rows ? left : block_rows, s};
        }
    }
}

// Keys transposed (a panel over the depth of a head) and values (panels over the block's rows), by block and head.
static size_t key_bytes(const annie_train_attention *a) {
    return annie_train_right_size(a->precision, a->head_dim, block_rows);
}

static size_t value_bytes(const annie_train_attention *a) {
    return annie_train_right_size(a->precision, block_rows, a->head_dim);
}

typedef struct {
    const annie_train_attention *a;
    const train_kernels *kernels;
    const train_attention_rows *rows;
    attention_block *blocks;
    long block_count;
    char *keys, *values;
    size_t key_bytes, value_bytes;
    float *out, *log_sum_exp;
    long ldo;
} forward_job;

size_t annie_train_attention_scratch_size(const annie_train_attention *a) {
    size_t blocks = (size_t)attention_block_count(a);
    return rounded_up_to_64(blocks * sizeof(attention_block))
           + blocks * (size_t)a->kv_heads * (key_bytes(a) + value_bytes(a)) + 64;
}

static void pack(const forward_job *job, train_form form, char *out, annie_train_source source, long rows, long columns) {
    train_pack_whole(job->kernels->packs[job->a->precision], form, out, source, rows, columns);
}

static void pack_keys_and_values(void *context, long chunk) {
    const forward_job *job = context;
    const annie_train_attention *a = job->a;
    const attention_block *block = &job->blocks[chunk / a->kv_heads];
    long head = chunk % a->kv_heads;
    annie_train_source k = {a->k + block->first_row * a->ldk + head * a->head_dim, false, a->ldk};
    annie_train_source v = {a->v + block->first_row * a->ldv + head * a->head_dim, false, a->ldv};
    pack(job, form_right_transposed, job->keys + (size_t)chunk * job->key_bytes, k, block->rows, a->head_dim);
    pack(job, form_right, job->values + (size_t)chunk * job->value_bytes, v, block->rows, a->head_dim);
}

typedef struct {
    _Alignas(64) char query[block_rows * longest_head * 4];
    _Alignas(64) char probabilities[block_rows * block_rows * 4];
    _Alignas(64) float scores[block_rows * block_rows];
    _Alignas(64) float sums[block_rows * longest_head];
    float maximum[block_rows], total[block_rows];
} query_state;

static void attend_block(const forward_job *job, const attention_block *query, long head, long key_block,
                         query_state *state) {
    const annie_train_attention *a = job->a;
    const attention_block *key = &job->blocks[key_block];
    size_t slot = (size_t)(key_block * a->kv_heads + head / (a->heads / a->kv_heads));
    long units = annie_train_units(a->precision, a->head_dim), key_units = annie_train_units(a->precision, key->rows);
    bool is_diagonal = key->first_row == query->first_row;
    train_multiply_block(job->kernels, a->precision,
                         (train_tile){.left = state->query, .right = job->keys + slot * job->key_bytes,
                                      .out = state->scores, .left_stride = units * 4, .units = units,
                                      .ldo = block_rows, .columns = key->rows, .alpha = 1},
                         query->rows, is_diagonal ? diagonal_out : no_diagonal);
    for (long r = 0; r < query->rows; r++) {
        long valid = is_diagonal ? r + 1 : key->rows;
        float factor = job->rows->softmax_row(state->scores + r * block_rows, valid, a->scale, &state->maximum[r],
                                              &state->total[r]);
        if (factor != 1.0f) job->rows->scale_row(state->sums + r * a->head_dim, a->head_dim, factor);
    }
    annie_train_source p = {state->scores, false, block_rows};
    pack(job, form_left, state->probabilities, p, query->rows, key->rows);
    for (long column = 0; column < a->head_dim; column += panel_columns) {
        long left = a->head_dim - column;
        train_multiply_block(
            job->kernels, a->precision,
            (train_tile){.left = state->probabilities,
                         .right = job->values + slot * job->value_bytes + column * key_units * 4,
                         .out = state->sums + column, .left_stride = key_units * 4, .units = key_units,
                         .addend = state->sums + column, .lda = a->head_dim, .ldo = a->head_dim,
                         .columns = left < panel_columns ? left : panel_columns, .alpha = 1},
            query->rows, is_diagonal ? diagonal_left : no_diagonal);
    }
}

// The segment's ancestors from the root, then itself.
static long chain_of(const annie_train_attention *a, long segment, long *chain) {
    long count = 0;
    for (long s = segment; s >= 0 && count < deepest_tree; s = a->segments[s].parent) chain[count++] = s;
    for (long i = 0; i < count / 2; i++) {
        long other = chain[i];
        chain[i] = chain[count - 1 - i];
        chain[count - 1 - i] = other;
    }
    return count;
}

static void attend(void *context, long chunk) {
    const forward_job *job = context;
    const annie_train_attention *a = job->a;
    // The last blocks see the most keys: they come first, so that no thread is left with a long one at the end.
    long number = job->block_count - 1 - chunk / a->heads, head = chunk % a->heads;
    const attention_block *query = &job->blocks[number];
    query_state state;
    memset(state.scores, 0, sizeof state.scores);  // columns that nobody sees are not written
    annie_train_source q = {a->q + query->first_row * a->ldq + head * a->head_dim, false, a->ldq};
    pack(job, form_left, state.query, q, query->rows, a->head_dim);
    memset(state.sums, 0, (size_t)(query->rows * a->head_dim) * sizeof(float));
    for (long r = 0; r < query->rows; r++) {
        state.maximum[r] = -INFINITY;
        state.total[r] = 0;
    }
    long chain[deepest_tree], count = chain_of(a, query->segment, chain);
    long block = 0;
    for (long i = 0; i < count; i++) {
        if (a->segments[chain[i]].rows == 0) continue;
        while (job->blocks[block].segment != chain[i]) block++;
        for (; block <= number && job->blocks[block].segment == chain[i]; block++)
            attend_block(job, query, head, block, &state);
    }
    for (long r = 0; r < query->rows; r++) {
        long row = query->first_row + r;
        float *out = job->out + row * job->ldo + head * a->head_dim;
        float inverse = 1.0f / state.total[r];
        for (long i = 0; i < a->head_dim; i++) out[i] = state.sums[r * a->head_dim + i] * inverse;
        job->log_sum_exp[head * a->rows + row] = state.maximum[r] + logf(state.total[r]);
    }
}

void annie_train_attention_forward(annie_pool *pool, const annie_train_attention *a, float *out, long ldo,
                                   float *log_sum_exp, void *scratch) {
    long count = attention_block_count(a);
    if (count == 0) return;
    char *memory = (char *)rounded_up_to_64((size_t)scratch);
    forward_job job = {.a = a,
                       .kernels = train_kernels_current(),
                       .rows = train_attention_rows_current(),
                       .blocks = (attention_block *)memory,
                       .block_count = count,
                       .key_bytes = key_bytes(a),
                       .value_bytes = value_bytes(a),
                       .out = out,
                       .log_sum_exp = log_sum_exp,
                       .ldo = ldo};
    attention_list_blocks(a, job.blocks);
    job.keys = memory + rounded_up_to_64((size_t)count * sizeof(attention_block));
    job.values = job.keys + (size_t)(count * a->kv_heads) * job.key_bytes;
    annie_pool_run(pool, count * a->kv_heads, pack_keys_and_values, &job);
    annie_pool_run(pool, count * a->heads, attend, &job);
}
