// The row-wise parts of training attention, per instruction set; a block is 64 by 64.
#ifndef ANNIE_TRAIN_ATTENTION_H
#define ANNIE_TRAIN_ATTENTION_H

#include "train.h"

enum { block_rows = 64, deepest_tree = 64 };

typedef struct {
    // One row of scores against `valid` keys of a block (the others count as not seen): scores become probabilities
    // relative to the new maximum; *maximum and *sum go on, and the factor for what was summed before is returned.
    float (*softmax_row)(float *scores, long valid, float scale, float *maximum, float *sum);
    // scores become probabilities, dprobabilities the gradients of the unscaled scores.
    void (*gradient_row)(float *scores, float *dprobabilities, long valid, float scale, float log_sum_exp,
                         float delta);
    void (*scale_row)(float *x, long count, float factor);
    float (*dot)(const float *x, const float *y, long count);
} train_attention_rows;

extern const train_attention_rows train_attention_rows_portable;
#if defined(__x86_64__)
extern const train_attention_rows train_attention_rows_avx2;
extern const train_attention_rows train_attention_rows_avx512;
#endif
const train_attention_rows *train_attention_rows_current(void);

// Rows of one segment that are computed together.
typedef struct {
    long first_row, rows, segment;
} attention_block;

long attention_block_count(const annie_train_attention *a);
void attention_list_blocks(const annie_train_attention *a, attention_block *blocks);

#endif
