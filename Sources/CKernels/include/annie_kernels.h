// The compute kernels of Annie: NVFP4, int8, bf16 and fp32 products, attention over pages, and the small operations
// between them. Every kernel has a portable form, which is the oracle, and faster forms chosen at run time.
//
// Batch invariance. A row of a result depends only on that row's inputs, never on how many rows are computed together,
// on the number of threads, or on the chunk a token was prefilled in: each output element is accumulated in one fixed
// order. This is what makes a reused prefix give the same tokens as a cold run.
//
// Unless said otherwise matrices are row-major and pointers need no alignment; buffers whose size comes from an
// annie_*_size function must be aligned to 64 bytes.
#ifndef ANNIE_KERNELS_H
#define ANNIE_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// ---- Dispatch ------------------------------------------------------------------------------------------------------

// Instruction sets a kernel may be written for, slowest first.
typedef enum {
    ANNIE_ISA_PORTABLE = 0,  // C, any machine
    ANNIE_ISA_AVX2 = 1,      // AVX2 + FMA
    ANNIE_ISA_AVX512 = 2,    // AVX-512 F/BW/VL/DQ + VNNI + BF16 + VBMI
} annie_isa;

// The best set this processor has.
annie_isa annie_isa_best(void);
// The set in use; starts as the best one, or as ANNIE_ISA=portable|avx2|avx512 says.
annie_isa annie_isa_current(void);
// Chooses a set (for tests and measurements); returns the one now in use, never better than the processor has.
annie_isa annie_isa_select(annie_isa isa);
const char *annie_isa_name(annie_isa isa);

// ---- Threads -------------------------------------------------------------------------------------------------------

// A small pool: workers spin for a few microseconds, then park. Work is claimed chunk by chunk, so a worker that lost
// its core delays at most the chunk it holds.
typedef struct annie_pool annie_pool;
typedef void (*annie_task)(void *context, long chunk);

// threads counts the caller: 1 makes no workers. Returns NULL when threads cannot be made.
annie_pool *annie_pool_create(int threads);
void annie_pool_destroy(annie_pool *pool);
int annie_pool_threads(const annie_pool *pool);
// Runs task(context, 0 ..< chunks), the caller taking part, and returns when all are done. One call at a time per pool
// (calls from several threads are serialised). pool may be NULL: then the caller does it all. A run started inside a
// task, or in a forked child, is done by its caller.
void annie_pool_run(annie_pool *pool, long chunks, annie_task task, void *context);

// ---- Numbers -------------------------------------------------------------------------------------------------------

// Round to nearest even; NaN stays NaN.
uint16_t annie_bf16_from_f32(float value);
void annie_bf16_from_f32_array(uint16_t *out, const float *in, size_t count);
void annie_f32_from_bf16_array(float *out, const uint16_t *in, size_t count);
void annie_f32_from_f16_array(float *out, const uint16_t *in, size_t count);
// e4m3fn (S.EEEE.MMM, no infinity, NaN = 0x7F/0xFF): decode, and encode to nearest even, saturating at 448.
float annie_f32_from_e4m3(uint8_t byte);
uint8_t annie_e4m3_from_f32(float value);

// ---- NVFP4 encode and decode ---------------------------------------------------------------------------------------

// How the scale of a block of 16 is chosen.
typedef enum {
    ANNIE_NVFP4_MAX = 0,           // block amax / 6, ModelOpt's and llama.cpp's rule
    ANNIE_NVFP4_MSE = 1,           // the e4m3 neighbour of that with the least squared error
    ANNIE_NVFP4_FOUR_OVER_SIX = 2, // amax / 6 or amax / 4, whichever has the least squared error
    ANNIE_NVFP4_GIVEN = 3          // it is there already: scales are read, and only codes are chosen
} annie_nvfp4_method;

// Quantises rows x columns values (columns a multiple of 16) with the tensor's scale (amax / 2688), bit for bit as
// ModelOpt 0.47's NVFP4QTensor does for MAX. codes: rows x columns/2 bytes, even column in the low nibble; scales:
// rows x columns/16 e4m3 bytes, read for GIVEN and written otherwise. is_bf16: input is bf16, else f32.
void annie_nvfp4_quantize(annie_pool *pool, uint8_t *codes, uint8_t *scales, const void *in, bool is_bf16, long rows,
                          long columns, float tensor_scale, annie_nvfp4_method method);
// out = e2m1 * (f32(e4m3) * tensor_scale), as ModelOpt's dequantize. is_bf16: output is bf16, rounded last.
void annie_nvfp4_dequantize(annie_pool *pool, void *out, bool is_bf16, const uint8_t *codes, const uint8_t *scales,
                            long rows, long columns, float tensor_scale);
// Largest magnitude of an array (0 for an empty one, NaN if any is NaN).
float annie_amax_f32(annie_pool *pool, const float *in, size_t count);
float annie_amax_bf16(annie_pool *pool, const uint16_t *in, size_t count);

// ---- Linear layers: y[m, n] = sum_k x[m, k] * w[n, k] ---------------------------------------------------------------

// Weights are packed once, in tiles of 16 output rows whose lanes are the rows, so that a product needs no horizontal
// sums. Several matrices over the same input (q, k, v; gate, up) can share one packed matrix: pack each at its tile
// offset. Rows are padded to a multiple of 16 with zeros.
typedef enum {
    ANNIE_WEIGHT_F32 = 0,
    ANNIE_WEIGHT_BF16 = 1,
    ANNIE_WEIGHT_INT8 = 2,   // symmetric, a bf16 scale per row and 64 columns
    ANNIE_WEIGHT_NVFP4 = 3,  // e2m1 codes, an e4m3 scale per row and 16 columns, one f32 scale per tile
} annie_weight_format;

// What the input of a product is rounded to. F32 weights are multiplied in f32 whatever is asked for, BF16 weights with
// bf16 input where int8 is asked for.
typedef enum {
    ANNIE_ACTIVATION_F32 = 0,   // weights dequantised exactly, products in fp32: the oracle
    ANNIE_ACTIVATION_BF16 = 1,  // bf16 input, fp32 accumulation
    ANNIE_ACTIVATION_INT8 = 2,  // int8 input, a scale per row and 64 columns, exact integer block sums
} annie_activation_format;

// Bytes of a packed matrix, including padding; multiple of 64.
size_t annie_packed_size(annie_weight_format format, long rows, long columns);
// Packs `rows` rows into tiles first_tile ... of `packed` (a matrix with these columns). row-major input:
//  F32 from f32; BF16 from bf16; INT8 from bf16 (quantised here).
void annie_pack_f32(annie_pool *pool, void *packed, long first_tile, const float *w, long rows, long columns);
void annie_pack_bf16(annie_pool *pool, void *packed, long first_tile, const uint16_t *w, long rows, long columns);
void annie_pack_int8_from_bf16(annie_pool *pool, void *packed, long first_tile, const uint16_t *w, long rows,
                               long columns);
//  INT8 from a checkpoint's own int8 [rows, columns] with bf16 scales [rows, ceil(columns/64)].
void annie_pack_int8(annie_pool *pool, void *packed, long first_tile, const int8_t *w, const uint16_t *scales,
                     long rows, long columns);
//  NVFP4 from ModelOpt's bytes: codes [rows, columns/2], scales e4m3 [rows, columns/16]. A NaN scale counts as 480:
//  whoever reads outside bytes refuses them first.
void annie_pack_nvfp4(annie_pool *pool, void *packed, long first_tile, const uint8_t *codes, const uint8_t *scales,
                      long rows, long columns);
// One row of a packed matrix as f32 (embedding lookup from a packed head; tests).
void annie_packed_row_f32(float *out, annie_weight_format format, const void *packed, long row, long columns,
                          const float *tile_scales);

typedef struct {
    annie_weight_format format;
    const void *packed;
    long rows;     // output features (padded up to tiles of 16 inside)
    long columns;  // input features; a multiple of 16 for NVFP4, any positive number otherwise
    // NVFP4: one f32 per tile of 16 rows (the tensor's scale); NULL for the other formats.
    const float *tile_scales;
    const float *bias;  // one per row, or NULL
} annie_linear;

// Scratch bytes annie_linear_run needs for m rows of input.
size_t annie_linear_scratch_size(const annie_linear *linear, annie_activation_format activation, long m);
// y[m, rows] (leading dimension ldy, in floats) = x[m, columns] (ldx) * w' + bias. m = 1 is the decode path, large m
// the prefill path; both give the same bits. accumulate: add to y instead of replacing it (residual connections). y
// must not overlap x. An input row that holds an infinity or NaN gives a row without finite values.
void annie_linear_run(annie_pool *pool, const annie_linear *linear, annie_activation_format activation,
                      const float *x, long ldx, long m, float *y, long ldy, bool accumulate, void *scratch);

// ---- Operations between products -----------------------------------------------------------------------------------

// y[i] = x[i] * rsqrt(mean(x^2) + epsilon) * (weight[i] + offset), per row. Qwen3.5's norms have offset 1. y may be x.
void annie_rms_norm(annie_pool *pool, float *y, long ldy, const float *x, long ldx, long rows, long columns,
                    const float *weight, float offset, float epsilon);
// The same over each head of rows x heads x head_dim inside rows of stride ldx (q/k norms), in place.
void annie_head_norm(annie_pool *pool, float *x, long ldx, long rows, long heads, long head_dim, const float *weight,
                     float offset, float epsilon);
// Rotary embedding, rotate-half pairs (i, i + rotary_dim/2), in place. cos and sin: [positions, rotary_dim/2] tables,
// indexed by position[row].
void annie_rotary(annie_pool *pool, float *x, long ldx, long rows, long heads, long head_dim, long rotary_dim,
                  const int32_t *position, const float *cosines, const float *sines);
// y[i] = silu(gate[i]) * up[i]. y may be gate or up.
void annie_swiglu(annie_pool *pool, float *y, long ldy, const float *gate, const float *up, long ld_in, long rows,
                  long columns);
void annie_add(annie_pool *pool, float *y, const float *x, size_t count);  // y += x

// ---- Recurrent layers: gated DeltaNet (https://arxiv.org/abs/2412.06464) -------------------------------------------

// One sequence's rows in a batch, and its state, which is read and then replaced. What comes out does not depend on
// where the sequence was cut: a token is always computed from the state before it by the same operations.
typedef struct {
    float *state;
    long first_row, rows;
} annie_recurrent_segment;

// y[t, c] = silu(sum_j weight[c, j] * x[t - kernel + 1 + j, c]): a depthwise causal convolution over each sequence.
// weight: [channels, kernel], as the checkpoint has it; kernel at most ANNIE_CONVOLUTION_TAPS. state: the kernel - 1
// inputs before the first row, [kernel - 1, channels], oldest first, zeros at the beginning. y must not overlap x.
#define ANNIE_CONVOLUTION_TAPS 8
void annie_causal_convolution(annie_pool *pool, float *y, long ldy, const float *x, long ldx,
                              const annie_recurrent_segment *segments, long count, long channels, long kernel,
                              const float *weight);

// The heads of a gated DeltaNet layer. Value head h reads with key head h / (value_heads / key_heads).
typedef struct {
    long key_heads, value_heads;  // the latter a multiple of the former
    long key_dim, value_dim;      // features per head
} annie_delta_shape;

// Floats of one sequence's matrix state: for each value head S [key_dim, value_dim], stored in blocks of 16 columns
// [value_dim / 16 rounded up][key_dim][16].
size_t annie_delta_state_floats(const annie_delta_shape *shape);
// Scratch bytes annie_gated_delta needs for a batch of that many rows.
size_t annie_gated_delta_scratch_size(const annie_delta_shape *shape, long rows);
// For each token and value head, all in fp32:
//   q = l2(q) / sqrt(key_dim), k = l2(k), l2(x) = x * rsqrt(sum(x^2) + 1e-6)
//   beta = sigmoid(b), decay = exp(-exp(a_log) * softplus(a + dt_bias))
//   S = decay * S;  d = (v - S' k) * beta;  S = S + k d';  out = S' q
// qkv: rows of q [key_heads, key_dim], k [key_heads, key_dim], v [value_heads, value_dim]. b and a: [rows,
// value_heads]. out: [rows, value_heads * value_dim].
void annie_gated_delta(annie_pool *pool, float *out, long ldo, const float *qkv, long ldqkv, const float *b, long ldb,
                       const float *a, long lda, const annie_recurrent_segment *segments, long count,
                       const annie_delta_shape *shape, const float *a_log, const float *dt_bias, void *scratch);

// ---- Gates ---------------------------------------------------------------------------------------------------------

// Each head of x, normalised and then gated: x * rsqrt(mean(x^2) + epsilon) * (weight + offset) * silu(gate), in place.
void annie_gated_head_norm(annie_pool *pool, float *x, long ldx, const float *gate, long ldgate, long rows, long heads,
                           long head_dim, const float *weight, float offset, float epsilon);
// x[i] *= sigmoid(gate[i]), in place.
void annie_sigmoid_gate(annie_pool *pool, float *x, long ldx, const float *gate, long ldgate, long rows, long columns);
// Takes rows of heads [first | second], half features each, apart: first and second [rows, heads * half], contiguous.
void annie_split_heads(annie_pool *pool, float *first, float *second, const float *x, long ldx, long rows, long heads,
                       long half);

// ---- Training: backward of recurrent layers and gates --------------------------------------------------------------

// One sequence's rows as the forward saw them.
typedef struct {
    const float *state;  // before the first row
    // On entry the gradient with respect to the state after the last row (zeros where nothing reads it), on return that
    // with respect to `state`. The same layout as the state.
    float *state_gradient;
    long first_row, rows;
    // An earlier segment whose end this one began at, or -1: what returns in state_gradient is added to the parent's
    // before that is gone through.
    long parent;
} annie_recurrent_backward_segment;

// Of annie_causal_convolution: dx is written, dweight += ... in a fixed order. dx must not overlap dy or x.
void annie_causal_convolution_backward(annie_pool *pool, float *dx, long lddx, float *dweight, const float *dy,
                                       long lddy, const float *x, long ldx,
                                       const annie_recurrent_backward_segment *segments, long count, long channels,
                                       long kernel, const float *weight);

// What annie_gated_delta read.
typedef struct {
    const annie_delta_shape *shape;
    const float *qkv, *b, *a;
    long ldqkv, ldb, lda;
    const float *a_log, *dt_bias;
} annie_delta_inputs;

// Where its gradients go: the first three are written, those of a_log and dt_bias are added to, in a fixed order.
typedef struct {
    float *qkv, *b, *a;
    long ldqkv, ldb, lda;
    float *a_log, *dt_bias;
} annie_delta_gradients;

size_t annie_gated_delta_backward_scratch_size(annie_pool *pool, const annie_delta_shape *shape,
                                               const annie_recurrent_backward_segment *segments, long count);
// Of annie_gated_delta. States inside a sequence are computed again, from one kept every ANNIE_DELTA_SPAN tokens.
#define ANNIE_DELTA_SPAN 32
void annie_gated_delta_backward(annie_pool *pool, const annie_delta_gradients *gradients, const float *dout, long lddout,
                                const annie_delta_inputs *inputs, const annie_recurrent_backward_segment *segments,
                                long count, void *scratch);

// Of annie_gated_head_norm, x being its input: dx and dgate are written, dweight += ... in a fixed order. dx may be dy.
// scratch: rows * heads floats.
void annie_gated_head_norm_backward(annie_pool *pool, float *dx, long lddx, float *dgate, long lddgate, float *dweight,
                                    const float *dy, long lddy, const float *x, long ldx, const float *gate,
                                    long ldgate, long rows, long heads, long head_dim, const float *weight,
                                    float offset, float epsilon, float *scratch);
// Of annie_sigmoid_gate, x being its input: dx and dgate are written. dx may be dy.
void annie_sigmoid_gate_backward(annie_pool *pool, float *dx, long lddx, float *dgate, long lddgate, const float *dy,
                                 long lddy, const float *x, long ldx, const float *gate, long ldgate, long rows,
                                 long columns);
// Of annie_split_heads: x, rows of heads [first | second], is written.
void annie_join_heads(annie_pool *pool, float *x, long ldx, const float *first, long ldfirst, const float *second,
                      long ldsecond, long rows, long heads, long half);

// ---- Attention over pages ------------------------------------------------------------------------------------------

#define ANNIE_PAGE_TOKENS 64        // tokens in a page
#define ANNIE_ATTENTION_CHUNK 256   // keys whose softmax is computed together, before chunks are merged in order

typedef enum {
    ANNIE_KV_F32 = 0,
    ANNIE_KV_BF16 = 1,
    ANNIE_KV_INT8 = 2,  // symmetric, a bf16 scale per position and head for the key and one for the value
} annie_kv_format;

// A page holds the keys and values of ANNIE_PAGE_TOKENS consecutive positions of one layer, for all its kv heads:
//   keys:   per head, per group of 16 positions: bf16 [head_dim/2][16][2], f32 [head_dim][16]
//   values: per head: bf16 [ANNIE_PAGE_TOKENS/2][head_dim][2] (pairs of positions interleaved), f32 [tokens][head_dim]
// int8 has keys [head_dim/4][16][4] as key + 128 and values [ANNIE_PAGE_TOKENS/4][head_dim][4]; behind each head's keys,
// and behind its values, are the scales of the positions. A vector that is all zeros has the scale 0, one that holds an
// infinity or NaN the scale NaN.
// head_dim is a multiple of 16, at most 256. Fresh pages must be zeroed once when first allocated.
size_t annie_page_size(annie_kv_format format, long kv_heads, long head_dim);  // keys and values together
// Stores k and v rows (each kv_heads * head_dim floats, strides ldk, ldv) at positions start ..< start+rows.
// pages[i] is the page of positions i*64 ..< (i+1)*64 of this sequence and layer.
void annie_kv_store(annie_kv_format format, void *const *pages, long kv_heads, long head_dim, long start, long rows,
                    const float *k, long ldk, const float *v, long ldv);

// One sequence's rows in a batch: rows first_row ..< first_row+rows of q are at positions start ..< start+rows and see
// the keys of positions 0 ... their own.
typedef struct {
    void *const *pages;
    long first_row, rows, start;
} annie_attention_segment;

// Scratch bytes annie_attention needs.
size_t annie_attention_scratch_size(const annie_attention_segment *segments, long count, long heads, long kv_heads,
                                    long head_dim);
// out[row, heads*head_dim] = softmax(q k' * scale) v, causal, grouped-query (heads a multiple of kv_heads). With
// ANNIE_KV_BF16, q and the probabilities are rounded to bf16 and everything is accumulated in fp32. With
// ANNIE_KV_INT8, q is rounded to sixteen bits with a scale per row and head, the probabilities times the values' scales
// to sixteen bits with a scale per chunk, and products are summed as integers, exactly.
// scale is positive. What pages hold beyond a sequence's last position does not matter, not even NaN.
void annie_attention(annie_pool *pool, annie_kv_format format, const annie_attention_segment *segments, long count,
                     const float *q, long ldq, float *out, long ldo, long heads, long kv_heads, long head_dim,
                     float scale, void *scratch);

// ---- Logits --------------------------------------------------------------------------------------------------------

// Index of the largest value (lowest index on ties; NaN never wins).
long annie_argmax(const float *x, size_t count);
// max + log(sum(exp(x - max))).
float annie_log_sum_exp(const float *x, size_t count);

// ---- Memory in parts ------------------------------------------------------------------------------------------------

// For the address sanitiser, and nothing without it: bytes to leave between two parts of a piece of memory, and what may
// not be touched until it is dealt out.
size_t annie_guard_bytes(void);
void annie_guard(void *p, size_t bytes);
void annie_unguard(void *p, size_t bytes);

// ---- Training: packed products -------------------------------------------------------------------------------------

// Products of training are `out[rows, columns] = left[rows, depth] * right[depth, columns]`, with either operand packed
// first. Both forms are made of units of four bytes along the depth: one fp32 value, or a pair of bf16 values.
//   left:  [rows][units]
//   right: panels of 64 columns, [units][64] each; columns beyond the matrix are zeros
typedef enum {
    ANNIE_TRAIN_F32 = 0,   // the oracle
    ANNIE_TRAIN_BF16 = 1,  // operands rounded to bf16, accumulated in fp32
} annie_train_precision;

// A matrix to be packed: fp32 or bf16 values, row after row.
typedef struct {
    const void *values;
    bool is_bf16;
    long stride;  // values from one row to the next
} annie_train_source;

// Units of four bytes for a depth; then the bytes of both packed forms.
long annie_train_units(annie_train_precision precision, long depth);
size_t annie_train_left_size(annie_train_precision precision, long rows, long depth);
size_t annie_train_right_size(annie_train_precision precision, long depth, long columns);
// left from [rows, depth], and from [depth, rows].
void annie_train_pack_left(annie_pool *pool, annie_train_precision precision, void *left, annie_train_source source,
                           long rows, long depth);
void annie_train_pack_left_transposed(annie_pool *pool, annie_train_precision precision, void *left,
                                      annie_train_source source, long rows, long depth);
// right from [depth, columns], and from [columns, depth].
void annie_train_pack_right(annie_pool *pool, annie_train_precision precision, void *right, annie_train_source source,
                            long depth, long columns);
void annie_train_pack_right_transposed(annie_pool *pool, annie_train_precision precision, void *right,
                                       annie_train_source source, long depth, long columns);
// A source [rows, columns] that is needed both as it lies and transposed, read once.
void annie_train_pack_left_both(annie_pool *pool, annie_train_precision precision, void *left, void *transposed,
                                annie_train_source source, long rows, long columns);
void annie_train_pack_right_both(annie_pool *pool, annie_train_precision precision, void *right, void *transposed,
                                 annie_train_source source, long rows, long columns);
// out = alpha * left * right, or out += it. The order of each sum depends on the depth alone.
void annie_train_multiply(annie_pool *pool, annie_train_precision precision, const void *left, long rows,
                          const void *right, long depth, long columns, float alpha, bool accumulates, float *out,
                          long ldo);
// out = addend + alpha * left * right; the addend's rows lie lda apart, and it may be out itself.
void annie_train_multiply_adding(annie_pool *pool, annie_train_precision precision, const void *left, long rows,
                                 const void *right, long depth, long columns, float alpha, const float *addend,
                                 long lda, float *out, long ldo);
// out = alpha * left * right with a part of the left operand's columns: its rows lie left_units apart.
void annie_train_multiply_within(annie_pool *pool, annie_train_precision precision, const void *left, long left_units,
                                 long rows, const void *right, long depth, long columns, float alpha, float *out,
                                 long ldo);
// out = alpha * left * right for few rows: right[depth, columns] need not be packed.
void annie_train_multiply_thin(annie_pool *pool, annie_train_precision precision, const void *left, long rows,
                               annie_train_source right, long depth, long columns, float alpha, float *out, long ldo);

// out[rows, columns] (bf16, or fp32 where is_bf16 is false): e2m1 code * e4m3 scale of what annie_nvfp4_quantize makes of
// the row, exactly; the tensor's scale is left to the product's alpha. columns is a multiple of 16. scales: those of the
// blocks for GIVEN, rows x columns/16; NULL otherwise.
void annie_train_fake_quantize(annie_pool *pool, void *out, bool is_bf16, const float *in, long ldi, long rows,
                               long columns, float tensor_scale, annie_nvfp4_method method, const uint8_t *scales);

// Learned scales of blocks of 16 (https://arxiv.org/abs/1902.08153). A block's range is the magnitude that code 6 stands
// for: six steps.
// ranges[blocks] = those that give the scales of MAX: the largest magnitude, for an all-zero block that of scale 1.
void annie_train_learned_ranges(annie_pool *pool, float *ranges, const float *weights, long blocks, float tensor_scale);
// scales[blocks]: the e4m3 scales of ranges, which are first brought into what e4m3 can express.
void annie_train_learned_scales(annie_pool *pool, uint8_t *scales, float *ranges, long blocks, float tensor_scale);
// Backward of w -> step * e2m1(w / step): dranges[blocks] = gradient_scale / 6 times the sum of dw * (code - w / step),
// where w / step is beyond 6 of dw * +-6; and dw[blocks * 16] = 0 there.
void annie_train_learned_gradient(annie_pool *pool, float *dw, float *dranges, const float *weights,
                                  const uint8_t *scales, long blocks, float tensor_scale, float gradient_scale);

// ---- Training: backward of the operations between products ---------------------------------------------------------

// Of annie_rms_norm (heads = 1) and annie_head_norm: dx (+)= ..., dweight += ... over all rows and heads, in a fixed
// order. dx may be dy when it does not accumulate. columns are those of a head.
void annie_train_rms_norm_backward(annie_pool *pool, float *dx, long lddx, bool accumulates, float *dweight,
                                   const float *dy, long lddy, const float *x, long ldx, long rows, long heads,
                                   long columns, const float *weight, float offset, float epsilon);
// Of annie_swiglu: dgate and dup (+)= ..., all matrices of stride ld but dy.
void annie_train_swiglu_backward(annie_pool *pool, float *dgate, float *dup, bool accumulates, const float *dy,
                                 long lddy, const float *gate, const float *up, long ld, long rows, long columns);
// annie_swiglu and its backward, packed as annie_train_pack_left and annie_train_pack_left_both would pack what they compute;
// nothing is written but that. The backward's operand is [rows, 2 * columns], gate before up, with columns a multiple of 64;
// either form may be NULL.
void annie_train_pack_left_gated(annie_pool *pool, annie_train_precision precision, void *left, const float *gate,
                                 const float *up, long ld, long rows, long columns);
void annie_train_pack_gated_backward(annie_pool *pool, annie_train_precision precision, void *left, void *transposed,
                                     const float *dy, long lddy, const float *gate, const float *up, long ld, long rows,
                                     long columns);
// y[row] += bias; and its backward, dbias += the sum of the rows of dy.
void annie_train_add_bias(annie_pool *pool, float *y, long ldy, const float *bias, long rows, long columns);
void annie_train_bias_backward(annie_pool *pool, float *dbias, const float *dy, long lddy, long rows, long columns);
// y[row] = table[ids[row]] (rounded to bf16 where asked for); and its backward, table[ids[row]] += dy[row].
void annie_train_gather(annie_pool *pool, float *y, const float *table, long columns, const int32_t *ids, long rows,
                        bool rounds);
void annie_train_scatter_add(annie_pool *pool, float *table, long columns, const int32_t *ids, const float *dy,
                             long rows);
// dx[i] = 0 where |x[i]| > limit: the clipped straight-through estimator. One thread.
void annie_train_clip_gradient(float *dx, const float *x, long count, float limit);
// y = x rounded to bf16 and back.
void annie_train_round_bf16(annie_pool *pool, float *y, const float *x, size_t count);

// ---- Training: attention over segments -----------------------------------------------------------------------------

// A run of rows of the batch. A row sees all rows of its segment's ancestors, and of its own segment those up to itself.
typedef struct {
    long first_row, rows;
    long parent;  // an earlier segment, or -1
} annie_train_segment;

typedef struct {
    annie_train_precision precision;
    const annie_train_segment *segments;
    long segment_count, rows;
    long heads, kv_heads, head_dim;
    float scale;
    const float *q, *k, *v;  // [rows, heads * head_dim] and [rows, kv_heads * head_dim]
    long ldq, ldk, ldv;
} annie_train_attention;

size_t annie_train_attention_scratch_size(const annie_train_attention *attention);
// out[rows, heads * head_dim]; log_sum_exp[heads, rows] is kept for the backward.
void annie_train_attention_forward(annie_pool *pool, const annie_train_attention *attention, float *out, long ldo,
                                   float *log_sum_exp, void *scratch);
size_t annie_train_attention_backward_scratch_size(const annie_train_attention *attention);
// dq, dk, dv are written, not added to. Their strides are ldq, ldk and ldv.
void annie_train_attention_backward(annie_pool *pool, const annie_train_attention *attention, float *dq, float *dk,
                                    float *dv, const float *dout, long lddo, const float *out, long ldo,
                                    const float *log_sum_exp, void *scratch);

// ---- Training: loss and optimiser ----------------------------------------------------------------------------------

// For each row of logits: ce[row] = -log softmax(logits)[target]; with a teacher's logits, kl[row] =
// temperature^2 * KL(softmax(teacher / temperature) || softmax(logits / temperature)). Then, where `gradients` is set,
// logits become ce_weights[row] * d ce + kl_weights[row] * d kl. teacher, kl and kl_weights may be NULL together.
typedef struct {
    float *logits;
    const float *teacher;
    long rows, columns;
    const int32_t *targets;
    const float *ce_weights, *kl_weights;
    float temperature;
    bool gradients;
    float *ce, *kl;
} annie_train_loss;

void annie_train_loss_run(annie_pool *pool, const annie_train_loss *loss);

// The sum of squares, in double precision and a fixed order.
double annie_train_sum_of_squares(annie_pool *pool, const float *x, size_t count);

// AdamW as torch.optim.AdamW computes it. gradient_scale multiplies gradients first (clipping).
typedef struct {
    float learning_rate, beta1, beta2, epsilon, weight_decay;
    float bias_correction1, bias_correction2;  // 1 - beta^step
    float gradient_scale;
} annie_train_adamw;

void annie_train_adamw_run(annie_pool *pool, const annie_train_adamw *options, float *values, const float *gradients,
                           float *first, float *second, size_t count);

// ---- Measurement ---------------------------------------------------------------------------------------------------

// Reads `bytes` of memory with all threads and returns bytes per second (the best of `repeats`).
double annie_measure_bandwidth(annie_pool *pool, const void *buffer, size_t bytes, int repeats);

#ifdef __cplusplus
}
#endif
#endif
