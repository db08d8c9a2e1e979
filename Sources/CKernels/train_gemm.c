// Products of training: the loops over tiles.
#include "train_pack_body.h"

ANNIE_TRAIN_FUNCTIONS(portable, , 1)
ANNIE_TRAIN_BF16_FUNCTIONS(portable, )
const train_kernels train_portable = {{pack_f32_portable, pack_bf16_portable}, {tile_f32_portable, tile_bf16_portable}};

#if defined(__x86_64__)
ANNIE_TRAIN_FUNCTIONS(avx2, ANNIE_TARGET_AVX2, 1)
ANNIE_TRAIN_BF16_FUNCTIONS(avx2, ANNIE_TARGET_AVX2)
const train_kernels train_avx2 = {{pack_f32_avx2, pack_bf16_avx2}, {tile_f32_avx2, tile_bf16_avx2}};

ANNIE_TRAIN_FUNCTIONS(avx512, ANNIE_TARGET_AVX512, 4)
const train_kernels train_avx512 = {{pack_f32_avx512, train_pack_bf16_avx512},
                                    {tile_f32_avx512, train_tile_bf16_avx512}};
#endif

const train_kernels *train_kernels_current(void) {
    switch (annie_isa_current()) {
#if defined(__x86_64__)
    case ANNIE_ISA_AVX512: return &train_avx512;
    case ANNIE_ISA_AVX2: return &train_avx2;
#endif
    default: return &train_portable;
    }
}

long annie_train_units(annie_train_precision precision, long depth) {
    return precision == ANNIE_TRAIN_BF16 ? divided_up(depth, 2) : depth;
}

size_t annie_train_left_size(annie_train_precision precision, long rows, long depth) {
    return rounded_up_to_64((size_t)rows * (size_t)annie_train_units(precision, depth) * 4);
}

size_t annie_train_right_size(annie_train_precision precision, long depth, long columns) {
    return (size_t)divided_up(columns, panel_columns) * (size_t)annie_train_units(precision, depth) * panel_unit_bytes;
}

// ---- Rows ----

typedef struct {
    train_rows_task task;
    const void *context;
    long rows, rows_per_chunk;
} row_loop;

static void row_chunk(void *context, long chunk) {
    const row_loop *loop = context;
    long first = chunk * loop->rows_per_chunk, last = first + loop->rows_per_chunk;
    loop->task(loop->context, first, last < loop->rows ? last : loop->rows);
}

void train_for_rows(annie_pool *pool, long rows, long rows_per_chunk, train_rows_task task, const void *context) {
    if (rows <= 0) return;
    row_loop loop = {task, context, rows, rows_per_chunk < 1 ? 1 : rows_per_chunk};
    annie_pool_run(pool, divided_up(rows, loop.rows_per_chunk), row_chunk, &loop);
}

// ---- Products ----

void train_multiply_panel(train_tile_kernel kernel, train_tile tile, long rows) {
    for (long row = 0; row < rows; row += most_tile_rows) {
        tile.rows = rows - row < most_tile_rows ? rows - row : most_tile_rows;
        kernel(&tile);
        tile.left += most_tile_rows * tile.left_stride;
        tile.out += most_tile_rows * tile.ldo;
        if (tile.addend) tile.addend += most_tile_rows * tile.lda;
    }
}

void train_multiply_block(const train_kernels *kernels, annie_train_precision precision, train_tile tile, long rows,
                          train_diagonal diagonal) {
    if (diagonal == no_diagonal) return train_multiply_panel(kernels->tiles[precision], tile, rows);
    for (long row = 0; row < rows; row += most_tile_rows) {
        long count = rows - row < most_tile_rows ? rows - row : most_tile_rows, last = row + count;
        train_tile part = tile;
        part.rows = count;
        part.left += row * tile.left_stride;
        part.out += row * tile.ldo;
        if (part.addend) part.addend += row * tile.lda;
        if (diagonal == diagonal_out) {
            part.columns = last < tile.columns ? last : tile.columns;
        } else if (diagonal == diagonal_left) {
            long units = annie_train_units(precision, last);
            part.units = units < tile.units ? units : tile.units;
        } else {
            long units = annie_train_units(precision, row + 1) - 1;  // the one that the row itself is in
            part.left += units * 4;
            part.right += units * panel_unit_bytes;
            part.units -= units;
        }
        kernels->tiles[precision](&part);
    }
}

typedef struct {
    train_tile_kernel kernel;
    const char *left, *right;
    const float *addend;
    float *out;
    long rows, columns, units, left_units, lda, ldo, row_chunks, panels_per_chunk;
    float alpha;
} product;

// A chunk's rows of the left operand and one panel of the right one stay in the second-level cache; each is read anew for
// every other chunk, which is why a chunk has several panels where there are chunks enough for every thread.
enum { rows_per_product_chunk = 96, most_panels_per_chunk = 4, chunks_per_thread = 4 };

static void multiply_panel(const product *p, long panel, long first) {
    long rows = p->rows - first < rows_per_product_chunk ? p->rows - first : rows_per_product_chunk;
    long column = panel * panel_columns, columns = p->columns - column;
    float *out = p->out + first * p->ldo + column;
    for (long unit = 0; unit < p->units; unit += units_per_block) {
        long units = p->units - unit < units_per_block ? p->units - unit : units_per_block;
        train_tile tile = {.left = p->left + (first * p->left_units + unit) * 4,
                           .right = p->right + (panel * p->units + unit) * panel_unit_bytes,
                           .addend = out, .lda = p->ldo, .out = out, .ldo = p->ldo,
                           .left_stride = p->left_units * 4, .units = units,
                           .columns = columns < panel_columns ? columns : panel_columns, .alpha = p->alpha};
        if (unit == 0) {
            tile.addend = p->addend ? p->addend + first * p->lda + column : NULL;
            tile.lda = p->lda;
        }
        train_multiply_panel(p->kernel, tile, rows);
    }
}

static void multiply_chunk(void *context, long chunk) {
    const product *p = context;
    long panel = chunk / p->row_chunks * p->panels_per_chunk, last = panel + p->panels_per_chunk;
    for (; panel < last && panel * panel_columns < p->columns; panel++)
        multiply_panel(p, panel, chunk % p->row_chunks * rows_per_product_chunk);
}

static void multiply(annie_pool *pool, annie_train_precision precision, product p, long depth) {
    if (p.rows <= 0 || p.columns <= 0) return;
    p.kernel = train_kernels_current()->tiles[precision];
    p.units = annie_train_units(precision, depth);
    p.row_chunks = divided_up(p.rows, rows_per_product_chunk);
    long panels = divided_up(p.columns, panel_columns), wanted = annie_pool_threads(pool) * chunks_per_thread;
    p.panels_per_chunk = most_panels_per_chunk;
    while (p.panels_per_chunk > 1 && divided_up(panels, p.panels_per_chunk) * p.row_chunks < wanted)
        p.panels_per_chunk /= 2;
    annie_pool_run(pool, divided_up(panels, p.panels_per_chunk) * p.row_chunks, multiply_chunk, &p);
}

void annie_train_multiply_within(annie_pool *pool, annie_train_precision precision, const void *left, long left_units,
                                 long rows, const void *right, long depth, long columns, float alpha, float *out,
                                 long ldo) {
    multiply(pool, precision,
             (product){.left = left, .right = right, .out = out, .rows = rows, .columns = columns,
                       .left_units = left_units, .ldo = ldo, .alpha = alpha},
             depth);
}

void annie_train_multiply_adding(annie_pool *pool, annie_train_precision precision, const void *left, long rows,
                                 const void *right, long depth, long columns, float alpha, const float *addend,
                                 long lda, float *out, long ldo) {
    multiply(pool, precision,
             (product){.left = left, .right = right, .addend = addend, .lda = lda, .out = out, .rows = rows,
                       .columns = columns, .left_units = annie_train_units(precision, depth), .ldo = ldo,
                       .alpha = alpha},
             depth);
}

// A panel of the right operand is packed by whoever multiplies with it, a part of the depth at a time.
enum { units_per_packing = 256 };

typedef struct {
    train_tile_kernel kernel;
    train_pack_kernel pack;
    annie_train_precision precision;
    const char *left;
    annie_train_source right;
    float *out;
    long rows, depth, columns, ldo;
    float alpha;
} thin_product;

static void multiply_thin_panel(void *context, long panel) {
    const thin_product *p = context;
    _Alignas(64) char packed[units_per_packing * panel_unit_bytes];
    long column = panel * panel_columns, left = p->columns - column, units = annie_train_units(p->precision, p->depth);
    long columns = left < panel_columns ? left : panel_columns;
    long per_unit = p->precision == ANNIE_TRAIN_BF16 ? 2 : 1, bytes = p->right.is_bf16 ? 2 : 4;
    for (long unit = 0; unit < units; unit += units_per_packing) {
        long first = unit * per_unit, rest = p->depth - first;
        long depth = rest < units_per_packing * per_unit ? rest : units_per_packing * per_unit;
        annie_train_source source = p->right;
        source.values = (const char *)source.values + (first * source.stride + column) * bytes;
        train_pack_whole(p->pack, form_right, packed, source, depth, columns);
        float *out = p->out + column;
        train_multiply_panel(p->kernel,
                             (train_tile){.left = p->left + unit * 4, .right = packed, .out = out, .ldo = p->ldo,
                                          .addend = unit > 0 ? out : NULL, .lda = p->ldo,
                                          .left_stride = units * 4, .units = annie_train_units(p->precision, depth),
                                          .columns = columns, .alpha = p->alpha},
                             p->rows);
    }
}

void annie_train_multiply_thin(annie_pool *pool, annie_train_precision precision, const void *left, long rows,
                               annie_train_source right, long depth, long columns, float alpha, float *out, long ldo) {
    if (rows <= 0 || columns <= 0) return;
    const train_kernels *kernels = train_kernels_current();
    thin_product p = {kernels->tiles[precision], kernels->packs[precision], precision, left, right, out, rows, depth,
                      columns, ldo, alpha};
    annie_pool_run(pool, divided_up(columns, panel_columns), multiply_thin_panel, &p);
}

void annie_train_multiply(annie_pool *pool, annie_train_precision precision, const void *left, long rows,
                          const void *right, long depth, long columns, float alpha, bool accumulates, float *out,
                          long ldo) {
    annie_train_multiply_adding(pool, precision, left, rows, right, depth, columns, alpha, accumulates ? out : NULL,
                                ldo, out, ldo);
}
