// Attention over segments, backward: probabilities are computed again from the kept log-sum-exp, block by block. A task
// is one tree of segments, one query head and half of the work over its keys, so that few heads are shared out evenly.
// Nobody else writes what it adds up: the halves have queries' gradients of their own, which are summed in order, and then
// so are heads that share keys.
#include "train_attention.h"

typedef struct {
    const annie_train_attention *a;
    const train_kernels *kernels;
    const train_attention_rows *rows;
    attention_block *blocks;
    long block_count, *roots, root_count;
    // By block and key/value head: keys and values as panels over a head's depth, keys as panels over the rows.
    char *keys, *values, *key_rows;
    // By block and head: queries and output gradients as left operands, and as panels over the rows.
    char *queries, *douts, *query_rows, *dout_rows;
    size_t panel_bytes, rows_bytes, left_bytes;
    float *delta, *dk_heads, *dv_heads;  // [heads, rows], [heads, rows, head_dim]
    float *dq, *dk, *dv;
    float *dq_halves;  // of the second half of the keys, [heads, rows, head_dim]
    const float *dout, *out, *log_sum_exp;
    long lddo, ldo;
} backward_job;

static void lay_out(backward_job *job, char *memory, size_t *total) {
    const annie_train_attention *a = job->a;
    size_t used = 0, blocks = (size_t)job->block_count, kv = blocks * (size_t)a->kv_heads;
    size_t all = blocks * (size_t)a->heads, rows = (size_t)a->rows * (size_t)a->heads;
    job->panel_bytes = annie_train_right_size(a->precision, a->head_dim, block_rows);
    job->rows_bytes = annie_train_right_size(a->precision, block_rows, a->head_dim);
    job->left_bytes = annie_train_left_size(a->precision, block_rows, a->head_dim);
#define ANNIE_TAKE(member, bytes) job->member = (void *)(memory + used), used += rounded_up_to_64(bytes)
    ANNIE_TAKE(blocks, blocks * sizeof(attention_block));
    ANNIE_TAKE(roots, (size_t)(a->segment_count + 1) * sizeof(long));
    ANNIE_TAKE(keys, kv * job->panel_bytes);
    ANNIE_TAKE(values, kv * job->panel_bytes);
    ANNIE_TAKE(key_rows, kv * job->rows_bytes);
    ANNIE_TAKE(queries, all * job->left_bytes);
    ANNIE_TAKE(douts, all * job->left_bytes);
    ANNIE_TAKE(query_rows, all * job->rows_bytes);
    ANNIE_TAKE(dout_rows, all * job->rows_bytes);
    ANNIE_TAKE(delta, rows * sizeof(float));
    ANNIE_TAKE(dk_heads, rows * (size_t)a->head_dim * sizeof(float));
    ANNIE_TAKE(dv_heads, rows * (size_t)a->head_dim * sizeof(float));
    ANNIE_TAKE(dq_halves, rows * (size_t)a->head_dim * sizeof(float));
#undef ANNIE_TAKE
    *total = used;
}

size_t annie_train_attention_backward_scratch_size(const annie_train_attention *a) {
    backward_job job = {.a = a, .block_count = attention_block_count(a)};
    size_t total;
    lay_out(&job, (char *)64, &total);
    return total + 64;
}

static void pack(const backward_job *job, train_form form, char *out, annie_train_source source, long rows, long columns) {
    train_pack_whole(job->kernels->packs[job->a->precision], form, out, source, rows, columns);
}

static void pack_keys(void *context, long chunk) {
    const backward_job *job = context;
    const annie_train_attention *a = job->a;
    const attention_block *block = &job->blocks[chunk / a->kv_heads];
    long head = chunk % a->kv_heads;
    annie_train_source k = {a->k + block->first_row * a->ldk + head * a->head_dim, false, a->ldk};
    annie_train_source v = {a->v + block->first_row * a->ldv + head * a->head_dim, false, a->ldv};
    size_t slot = (size_t)chunk;
    pack(job, form_right_transposed, job->keys + slot * job->panel_bytes, k, block->rows, a->head_dim);
    pack(job, form_right_transposed, job->values + slot * job->panel_bytes, v, block->rows, a->head_dim);
    pack(job, form_right, job->key_rows + slot * job->rows_bytes, k, block->rows, a->head_dim);
}

static void pack_queries(void *context, long chunk) {
    const backward_job *job = context;
    const annie_train_attention *a = job->a;
    const attention_block *block = &job->blocks[chunk / a->heads];
    long head = chunk % a->heads;
    annie_train_source q = {a->q + block->first_row * a->ldq + head * a->head_dim, false, a->ldq};
    const float *dout = job->dout + block->first_row * job->lddo + head * a->head_dim;
    const float *out = job->out + block->first_row * job->ldo + head * a->head_dim;
    annie_train_source g = {dout, false, job->lddo};
    size_t slot = (size_t)chunk;
    pack(job, form_left, job->queries + slot * job->left_bytes, q, block->rows, a->head_dim);
    pack(job, form_left, job->douts + slot * job->left_bytes, g, block->rows, a->head_dim);
    pack(job, form_right, job->query_rows + slot * job->rows_bytes, q, block->rows, a->head_dim);
    pack(job, form_right, job->dout_rows + slot * job->rows_bytes, g, block->rows, a->head_dim);
    for (long r = 0; r < block->rows; r++)
        job->delta[head * a->rows + block->first_row + r] =
            job->rows->dot(dout + r * job->lddo, out + r * job->ldo, a->head_dim);
}

typedef struct {
    _Alignas(64) float scores[block_rows * block_rows];
    _Alignas(64) float dscores[block_rows * block_rows];
    _Alignas(64) char left[block_rows * block_rows * 4];
    _Alignas(64) float dk[block_rows * longest_head];
    _Alignas(64) float dv[block_rows * longest_head];
} key_state;

// out[rows, head_dim] += left[rows, depth] * right, whose depth is the rows of a block.
static void add_product(const backward_job *job, const char *left, long rows, const char *right, long depth,
                        float *out, long ldo, train_diagonal diagonal) {
    const annie_train_attention *a = job->a;
    long units = annie_train_units(a->precision, depth);
    for (long column = 0; column < a->head_dim; column += panel_columns) {
        long rest = a->head_dim - column;
        train_multiply_block(job->kernels, a->precision,
                             (train_tile){.left = left, .right = right + column * units * 4, .out = out + column,
                                          .addend = out + column, .lda = ldo, .left_stride = units * 4,
                                          .units = units, .ldo = ldo,
                                          .columns = rest < panel_columns ? rest : panel_columns, .alpha = 1},
                             rows, diagonal);
    }
}

// Rows of queries' gradients of one head, and how far they lie apart.
typedef struct {
    float *rows;
    long stride;
} query_gradients;

static void meet(const backward_job *job, long head, long key_block, long query_block, query_gradients dq,
                 key_state *state) {
    const annie_train_attention *a = job->a;
    const attention_block *key = &job->blocks[key_block], *query = &job->blocks[query_block];
    size_t kv = (size_t)(key_block * a->kv_heads + head / (a->heads / a->kv_heads));
    size_t slot = (size_t)(query_block * a->heads + head);
    long units = annie_train_units(a->precision, a->head_dim);
    train_tile scores = {.left = job->queries + slot * job->left_bytes, .right = job->keys + kv * job->panel_bytes,
                         .out = state->scores, .left_stride = units * 4, .units = units, .ldo = block_rows,
                         .columns = key->rows, .alpha = 1};
    bool is_diagonal = key_block == query_block;
    train_multiply_block(job->kernels, a->precision, scores, query->rows, is_diagonal ? diagonal_out : no_diagonal);
    train_tile dscores = scores;
    dscores.left = job->douts + slot * job->left_bytes;
    dscores.right = job->values + kv * job->panel_bytes;
    dscores.out = state->dscores;
    train_multiply_block(job->kernels, a->precision, dscores, query->rows, is_diagonal ? diagonal_out : no_diagonal);
    for (long r = 0; r < query->rows; r++) {
        long valid = is_diagonal ? r + 1 : key->rows, row = head * a->rows + query->first_row + r;
        job->rows->gradient_row(state->scores + r * block_rows, state->dscores + r * block_rows, valid, a->scale,
                                job->log_sum_exp[row], job->delta[row]);
    }
    annie_train_source p = {state->scores, false, block_rows}, ds = {state->dscores, false, block_rows};
    pack(job, form_left_transposed, state->left, p, query->rows, key->rows);
    add_product(job, state->left, key->rows, job->dout_rows + slot * job->rows_bytes, query->rows, state->dv,
                a->head_dim, is_diagonal ? diagonal_left_transposed : no_diagonal);
    pack(job, form_left_transposed, state->left, ds, query->rows, key->rows);
    add_product(job, state->left, key->rows, job->query_rows + slot * job->rows_bytes, query->rows, state->dk,
                a->head_dim, is_diagonal ? diagonal_left_transposed : no_diagonal);
    pack(job, form_left, state->left, ds, query->rows, key->rows);
    add_product(job, state->left, query->rows, job->key_rows + kv * job->rows_bytes, key->rows,
                dq.rows + query->first_row * dq.stride, dq.stride, is_diagonal ? diagonal_left : no_diagonal);
}

static bool descends(const annie_train_attention *a, long segment, long ancestor) {
    while (segment > ancestor) segment = a->segments[segment].parent;
    return segment == ancestor;
}

// How many blocks of queries see this block of keys.
static long block_cost(const backward_job *job, long key) {
    long cost = 0;
    for (long query = key; query < job->block_count; query++)
        if (descends(job->a, job->blocks[query].segment, job->blocks[key].segment)) cost++;
    return cost;
}

// The blocks of keys are shared out by what they cost; the split depends on the segments alone.
static long half_of_blocks(const backward_job *job, long root) {
    long total = 0, half = 0, block = 0;
    for (long key = 0; key < job->block_count; key++)
        if (descends(job->a, job->blocks[key].segment, root)) total += block_cost(job, key);
    for (; block < job->block_count && half < total / 2; block++)
        if (descends(job->a, job->blocks[block].segment, root)) half += block_cost(job, block);
    return block;
}

static void go_back(void *context, long chunk) {
    const backward_job *job = context;
    const annie_train_attention *a = job->a;
    long root = job->roots[chunk / 2 / a->heads], head = chunk / 2 % a->heads;
    bool is_second = chunk % 2 == 1;
    query_gradients dq = is_second ? (query_gradients){job->dq_halves + head * a->rows * a->head_dim, a->head_dim}
                                   : (query_gradients){job->dq + head * a->head_dim, a->ldq};
    for (long b = 0; b < job->block_count; b++) {
        const attention_block *block = &job->blocks[b];
        if (!descends(a, block->segment, root)) continue;
        for (long r = 0; r < block->rows; r++)
            memset(dq.rows + (block->first_row + r) * dq.stride, 0, (size_t)a->head_dim * sizeof(float));
    }
    long middle = half_of_blocks(job, root), last = is_second ? job->block_count : middle;
    key_state state;
    // Columns that nobody sees are not written.
    memset(state.scores, 0, sizeof state.scores);
    memset(state.dscores, 0, sizeof state.dscores);
    for (long key = is_second ? middle : 0; key < last; key++) {
        const attention_block *block = &job->blocks[key];
        if (!descends(a, block->segment, root)) continue;
        size_t size = (size_t)(block->rows * a->head_dim) * sizeof(float);
        memset(state.dk, 0, size);
        memset(state.dv, 0, size);
        for (long query = key; query < job->block_count; query++)
            if (descends(a, job->blocks[query].segment, block->segment)) meet(job, head, key, query, dq, &state);
        long first = (head * a->rows + block->first_row) * a->head_dim;
        memcpy(job->dk_heads + first, state.dk, size);
        memcpy(job->dv_heads + first, state.dv, size);
    }
}

static void sum_heads(const void *context, long first, long last) {
    const backward_job *job = context;
    const annie_train_attention *a = job->a;
    long group = a->heads / a->kv_heads;
    for (long row = first; row < last; row++)
        for (long head = 0; head < a->heads; head++) {
            const float *dk = job->dk_heads + (head * a->rows + row) * a->head_dim;
            const float *dv = job->dv_heads + (head * a->rows + row) * a->head_dim;
            float *to_k = job->dk + row * a->ldk + head / group * a->head_dim;
            float *to_v = job->dv + row * a->ldv + head / group * a->head_dim;
            const float *second = job->dq_halves + (head * a->rows + row) * a->head_dim;
            float *to_q = job->dq + row * a->ldq + head * a->head_dim;
            for (long i = 0; i < a->head_dim; i++) to_q[i] += second[i];
            bool begins = head % group == 0;
            for (long i = 0; i < a->head_dim; i++) {
                to_k[i] = begins ? dk[i] : to_k[i] + dk[i];
                to_v[i] = begins ? dv[i] : to_v[i] + dv[i];
            }
        }
}

void annie_train_attention_backward(annie_pool *pool, const annie_train_attention *a, float *dq, float *dk, float *dv,
                                    const float *dout, long lddo, const float *out, long ldo,
                                    const float *log_sum_exp, void *scratch) {
    backward_job job = {.a = a, .kernels = train_kernels_current(), .rows = train_attention_rows_current(),
                        .block_count = attention_block_count(a), .dq = dq, .dk = dk, .dv = dv, .dout = dout,
                        .out = out, .log_sum_exp = log_sum_exp, .lddo = lddo, .ldo = ldo};
    if (job.block_count == 0) return;
    size_t total;
    lay_out(&job, (char *)rounded_up_to_64((size_t)scratch), &total);
    attention_list_blocks(a, job.blocks);
    for (long s = 0; s < a->segment_count; s++)
        if (a->segments[s].parent < 0) job.roots[job.root_count++] = s;
    annie_pool_run(pool, job.block_count * a->kv_heads, pack_keys, &job);
    annie_pool_run(pool, job.block_count * a->heads, pack_queries, &job);
    annie_pool_run(pool, job.root_count * a->heads * 2, go_back, &job);
    train_for_rows(pool, a->rows, 64, sum_heads, &job);
}
