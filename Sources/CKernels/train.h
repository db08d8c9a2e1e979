// Shared by the training kernels: units, tiles and the loops over rows.
#ifndef ANNIE_TRAIN_H
#define ANNIE_TRAIN_H

#include "annie_kernels.h"
#include "layout.h"
#include "vectors.h"

enum {
    panel_columns = 64,
    panel_unit_bytes = panel_columns * 4,
    most_tile_rows = 6,
    // Units of depth multiplied before the next rows: a panel's part then stays in the second-level cache, and the left
    // rows of a tile in the first.
    units_per_block = 512
};

// out[rows <= 6, columns <= 64] = alpha * left * right, or out += it, over some units of the depth.
typedef struct {
    const char *left;   // [rows][left_stride bytes]
    const char *right;  // [units][64]
    float *out;
    long left_stride, units, ldo, rows, columns;
    float alpha;
    bool accumulates;
} train_tile;

typedef void (*train_tile_kernel)(const train_tile *tile);

// How packed units are made of a source, for 16 units at once; see train_pack_body.h.
typedef struct {
    void (*pack)(annie_train_precision precision, bool transposed, bool is_left, char *out, annie_train_source source,
                 long first, long last, long depth, long others);
    train_tile_kernel tiles[2];  // by precision
} train_kernels;

const train_kernels *train_kernels_current(void);
extern const train_kernels train_portable;
#if defined(__x86_64__)
extern const train_kernels train_avx2;
extern const train_kernels train_avx512;
void train_tile_bf16_avx512(const train_tile *tile);
#endif

// Whole small products on one thread, for attention: any number of rows, one panel.
void train_multiply_panel(train_tile_kernel kernel, train_tile tile, long rows);

// Calls a task with consecutive rows; the split depends on the counts alone.
typedef void (*train_rows_task)(const void *context, long first, long last);
void train_for_rows(annie_pool *pool, long rows, long rows_per_chunk, train_rows_task task, const void *context);

#endif
