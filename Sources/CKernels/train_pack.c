// Packing of operands: the loops over blocks of a source.
#include "train.h"

typedef struct {
    train_pack_kernel kernel;
    train_form forms[2];
    char *outs[2];  // the second may be NULL
    annie_train_source source;
    long rows, columns, row_blocks, rows_per_block, columns_per_block;
    bool streams;
} packing;

// Small enough for a block to stay in the second-level cache until it is packed a second time, wide enough to be read in
// long runs; of whole panels.
enum { widest_block = 16 * panel_columns, block_height = panel_columns };

// Values in an operand from which on it is written past the caches: it leaves most of them before it is multiplied anyhow,
// and a line need not be read before it is written.
enum { streamed_values = 1 << 18 };

bool train_streams(long values) { return values >= streamed_values; }

static train_block block_at(const packing *p, long index) {
    long row = index % p->row_blocks * p->rows_per_block, column = index / p->row_blocks * p->columns_per_block;
    return (train_block){row, row + p->rows_per_block, column, column + p->columns_per_block, p->streams};
}

static void pack_block(void *context, long index) {
    const packing *p = context;
    for (int i = 0; i < 2; i++)
        if (p->outs[i])
            p->kernel(p->forms[i], p->outs[i], p->source, p->rows, p->columns, block_at(p, index));
}

static void pack(annie_pool *pool, annie_train_precision precision, packing p) {
    if (p.rows <= 0 || p.columns <= 0) return;
    p.kernel = train_kernels_current()->packs[precision];
    p.streams = train_streams(p.rows * p.columns);
    p.rows_per_block = block_height;
    p.row_blocks = divided_up(p.rows, block_height);
    long column_blocks = divided_up(p.columns, widest_block);
    p.columns_per_block = rounded_up_to_panel(divided_up(p.columns, column_blocks));
    annie_pool_run(pool, p.row_blocks * divided_up(p.columns, p.columns_per_block), pack_block, &p);
}

void train_pack_whole(train_pack_kernel kernel, train_form form, char *out, annie_train_source source, long rows,
                      long columns) {
    kernel(form, out, source, rows, columns,
           (train_block){0, rounded_up_to_panel(rows), 0, rounded_up_to_panel(columns), false});
}

void annie_train_pack_left(annie_pool *pool, annie_train_precision precision, void *left, annie_train_source source,
                           long rows, long depth) {
    pack(pool, precision,
         (packing){.forms = {form_left}, .outs = {left}, .source = source, .rows = rows, .columns = depth});
}

void annie_train_pack_left_transposed(annie_pool *pool, annie_train_precision precision, void *left,
                                      annie_train_source source, long rows, long depth) {
    pack(pool, precision,
         (packing){.forms = {form_left_transposed}, .outs = {left}, .source = source, .rows = depth, .columns = rows});
}

void annie_train_pack_right(annie_pool *pool, annie_train_precision precision, void *right, annie_train_source source,
                            long depth, long columns) {
    pack(pool, precision,
         (packing){.forms = {form_right}, .outs = {right}, .source = source, .rows = depth, .columns = columns});
}

void annie_train_pack_right_transposed(annie_pool *pool, annie_train_precision precision, void *right,
                                       annie_train_source source, long depth, long columns) {
    pack(pool, precision,
         (packing){
             .forms = {form_right_transposed}, .outs = {right}, .source = source, .rows = columns, .columns = depth});
}

void annie_train_pack_left_both(annie_pool *pool, annie_train_precision precision, void *left, void *transposed,
                                annie_train_source source, long rows, long columns) {
    pack(pool, precision,
         (packing){.forms = {form_left, form_left_transposed}, .outs = {left, transposed}, .source = source,
                   .rows = rows, .columns = columns});
}

void annie_train_pack_right_both(annie_pool *pool, annie_train_precision precision, void *right, void *transposed,
                                 annie_train_source source, long rows, long columns) {
    pack(pool, precision,
         (packing){.forms = {form_right_transposed, form_right}, .outs = {transposed, right}, .source = source,
                   .rows = rows, .columns = columns});
}
