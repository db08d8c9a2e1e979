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

ANNIE_INLINE long rounded_up_to_panel(long columns) { return divided_up(columns, panel_columns) * panel_columns; }

// out[rows <= 6, columns <= 64] = alpha * left * right, or that added to the addend, over some units of the depth.
typedef struct {
    const char *left;   // [rows][left_stride bytes]
    const char *right;  // [units][64]
    const float *addend;  // may be out itself, or NULL
    float *out;
    long left_stride, units, lda, ldo, rows, columns;
    float alpha;
} train_tile;

typedef void (*train_tile_kernel)(const train_tile *tile);

// An operand and what it is packed of: a source [rows, columns] as it lies, or transposed.
typedef enum { form_left, form_left_transposed, form_right, form_right_transposed } train_form;

// A part of the source, of whole panels and 16 units at least, or all of it; with what pads the last panel.
typedef struct {
    long first_row, last_row, first_column, last_column;
    bool streams;  // what is written is not read soon: it may go past the caches
} train_block;

typedef void (*train_pack_kernel)(train_form form, char *out, annie_train_source source, long rows, long columns,
                                  train_block block);

// By precision.
typedef struct {
    train_pack_kernel packs[2];
    train_tile_kernel tiles[2];
} train_kernels;

const train_kernels *train_kernels_current(void);
extern const train_kernels train_portable;
#if defined(__x86_64__)
extern const train_kernels train_avx2;
extern const train_kernels train_avx512;
void train_pack_bf16_avx512(train_form form, char *out, annie_train_source source, long rows, long columns,
                            train_block block);
void train_tile_bf16_avx512(const train_tile *tile);
#endif

// Whether an operand of so many values is better written past the caches.
bool train_streams(long values);
// A whole small source on one thread, for attention.
void train_pack_whole(train_pack_kernel kernel, train_form form, char *out, annie_train_source source, long rows,
                      long columns);
// Whole small products on one thread, for attention: any number of rows, one panel.
void train_multiply_panel(train_tile_kernel kernel, train_tile tile, long rows);
// The same, where row r needs only columns 0 ... r of the product, or where only columns 0 ... r, or r and later ones, of
// the left operand are not zero: what a block on the diagonal has of causal attention.
typedef enum { no_diagonal, diagonal_out, diagonal_left, diagonal_left_transposed } train_diagonal;
void train_multiply_block(const train_kernels *kernels, annie_train_precision precision, train_tile tile, long rows,
                          train_diagonal diagonal);

// Calls a task with consecutive rows; the split depends on the counts alone.
typedef void (*train_rows_task)(const void *context, long first, long last);
void train_for_rows(annie_pool *pool, long rows, long rows_per_chunk, train_rows_task task, const void *context);

#endif
