// annie_attention: cut the batch into work items, let the pool do them, merge what was cut by chunks.
//
// A segment with few rows (decoding) is cut along the keys, one item a chunk, and its chunk records are merged after; a
// segment with many is cut along the rows, and each item merges as it goes. The arithmetic is the same.
#include "dispatch.h"

enum { most_rows_per_item = 48, floats_per_item = 48 * 128 };

typedef struct {
    long segment, kv_head, first_row, rows;  // virtual rows of the segment
    long first_chunk, last_chunk;            // of an item cut along the keys; else none
    float *records;                          // of an item cut along the keys: one per row, `chunks` records apart
    long chunks;
} work_item;

typedef struct {
    attention_shape shape;
    const attention_kernels *kernels;
    const annie_attention_segment *segments;
    const float *q;
    float *out;
    long ldq, ldo;
    work_item *items, *merges;
} attention_call;

static long rows_per_item(long head_dim) {
    long rows = floats_per_item / head_dim / attention_rows_at_once * attention_rows_at_once;
    return rows < most_rows_per_item ? rows : most_rows_per_item;
}

static long chunks_of(const annie_attention_segment *segment) {
    return divided_up(segment->start + segment->rows, ANNIE_ATTENTION_CHUNK);
}

static bool is_cut_by_chunks(const annie_attention_segment *segment, long group, long head_dim) {
    return segment->rows * group <= rows_per_item(head_dim) && chunks_of(segment) > 1;
}

size_t annie_attention_scratch_size(const annie_attention_segment *segments, long count, long heads, long kv_heads,
                                    long head_dim) {
    long group = heads / kv_heads, items = 0, records = 0;
    for (long s = 0; s < count; s++) {
        if (segments[s].rows <= 0) continue;
        long rows = segments[s].rows * group;
        if (is_cut_by_chunks(&segments[s], group, head_dim)) {
            items += kv_heads * (chunks_of(&segments[s]) + 1);
            records += kv_heads * rows * chunks_of(&segments[s]);
        } else {
            items += kv_heads * divided_up(rows, rows_per_item(head_dim));
        }
    }
    return rounded_up_to_64((size_t)items * sizeof(work_item))
           + rounded_up_to_64((size_t)(records * record_floats(head_dim)) * sizeof(float)) + 64;
}

// The batch row of an item's row, and where its head starts in it.
static long batch_row(const attention_call *call, const work_item *item, long row) {
    return call->segments[item->segment].first_row + (item->first_row + row) / call->shape.group;
}

static long head_column(const attention_call *call, const work_item *item, long row) {
    long head = item->kv_head * call->shape.group + (item->first_row + row) % call->shape.group;
    return head * call->shape.head_dim;
}

static const float *query(const attention_call *call, const work_item *item, long row) {
    return call->q + batch_row(call, item, row) * call->ldq + head_column(call, item, row);
}

static float *output(const attention_call *call, const work_item *item, long row) {
    return call->out + batch_row(call, item, row) * call->ldo + head_column(call, item, row);
}

// Up to attention_rows_at_once rows of an item against one chunk; returns false if none of them sees any of it.
static bool attend(const attention_call *call, const work_item *item, const char *queries, long first, long rows,
                   long chunk, float *records, attention_task *task) {
    const annie_attention_segment *segment = &call->segments[item->segment];
    *task = (attention_task){.shape = &call->shape, .kv_head = item->kv_head, .rows = rows, .records = records};
    task->pages = segment->pages + chunk * pages_per_chunk;
    task->has_next = (chunk + 1) * ANNIE_ATTENTION_CHUNK < segment->start + segment->rows;
    task->least_visible = ANNIE_ATTENTION_CHUNK;
    task->queries = queries + first * call->shape.head_dim * 4;
    for (long r = 0; r < rows; r++) {
        long position = segment->start + (item->first_row + first + r) / call->shape.group;
        long visible = position + 1 - chunk * ANNIE_ATTENTION_CHUNK;
        visible = visible < 0 ? 0 : visible < ANNIE_ATTENTION_CHUNK ? visible : ANNIE_ATTENTION_CHUNK;
        task->visible[r] = visible;
        if (visible > task->most_visible) task->most_visible = visible;
        if (visible < task->least_visible) task->least_visible = visible;
    }
    if (task->most_visible == 0) return false;
    call->kernels->attend(task);
    return true;
}

static void attend_by_chunk(const attention_call *call, const work_item *item, const char *queries) {
    long size = record_floats(call->shape.head_dim);
    _Alignas(64) float records[attention_rows_at_once * (longest_head + 16)];
    for (long chunk = item->first_chunk; chunk < item->last_chunk; chunk++)
        for (long first = 0; first < item->rows; first += attention_rows_at_once) {
            long rows = item->rows - first < attention_rows_at_once ? item->rows - first : attention_rows_at_once;
            attention_task task;
            if (!attend(call, item, queries, first, rows, chunk, records, &task)) continue;
            for (long r = 0; r < rows; r++)
                memcpy(item->records + ((first + r) * item->chunks + chunk) * size, records + r * size,
                       (size_t)size * sizeof(float));
        }
}

static void attend_by_row(const attention_call *call, const work_item *item, const char *queries) {
    long head_dim = call->shape.head_dim, size = record_floats(head_dim);
    long chunks = chunks_of(&call->segments[item->segment]);
    _Alignas(64) float state[floats_per_item + most_rows_per_item * 16];
    _Alignas(64) float records[attention_rows_at_once * (longest_head + 16)];
    for (long chunk = 0; chunk < chunks; chunk++)
        for (long first = 0; first < item->rows; first += attention_rows_at_once) {
            long rows = item->rows - first < attention_rows_at_once ? item->rows - first : attention_rows_at_once;
            attention_task task;
            float *target = chunk == 0 ? state + first * size : records;
            if (!attend(call, item, queries, first, rows, chunk, target, &task) || chunk == 0) continue;
            for (long r = 0; r < rows; r++)
                if (task.visible[r] > 0)
                    call->kernels->merge(state + (first + r) * size, records + r * size, head_dim);
        }
    for (long r = 0; r < item->rows; r++)
        call->kernels->finish(output(call, item, r), state + r * size, head_dim);
}

static void attend_item(void *context, long index) {
    const attention_call *call = context;
    const work_item *item = &call->items[index];
    long head_dim = call->shape.head_dim;
    _Alignas(64) char queries[floats_per_item * sizeof(float)];
    for (long r = 0; r < item->rows; r++)
        call->kernels->prepare_query(queries + r * head_dim * 4, query(call, item, r), call->shape.format, head_dim);
    if (item->last_chunk > 0)
        attend_by_chunk(call, item, queries);
    else
        attend_by_row(call, item, queries);
}

static void merge_item(void *context, long index) {
    const attention_call *call = context;
    const work_item *item = &call->merges[index];
    const annie_attention_segment *segment = &call->segments[item->segment];
    long head_dim = call->shape.head_dim, size = record_floats(head_dim);
    for (long r = 0; r < item->rows; r++) {
        float *first = item->records + r * item->chunks * size;
        long chunks = divided_up(segment->start + r / call->shape.group + 1, ANNIE_ATTENTION_CHUNK);
        for (long chunk = 1; chunk < chunks; chunk++)
            call->kernels->merge(first, first + chunk * size, head_dim);
        call->kernels->finish(output(call, item, r), first, head_dim);
    }
}

// Adds a segment's items; returns the next free records.
static float *cut(const attention_call *call, long segment, long chunks_per_item, float *records, long *items,
                  long *merges) {
    const annie_attention_segment *s = &call->segments[segment];
    const attention_shape *shape = &call->shape;
    long rows = s->rows * shape->group, chunks = chunks_of(s), step = rows_per_item(shape->head_dim);
    bool by_chunks = is_cut_by_chunks(s, shape->group, shape->head_dim);
    for (long kv_head = 0; kv_head < shape->kv_heads; kv_head++) {
        work_item item = {.segment = segment, .kv_head = kv_head, .rows = rows, .chunks = chunks};
        if (by_chunks) {
            item.records = records;
            records += rows * chunks * record_floats(shape->head_dim);
            call->merges[(*merges)++] = item;
            for (; item.first_chunk < chunks; item.first_chunk = item.last_chunk) {
                item.last_chunk = item.first_chunk + chunks_per_item;
                if (item.last_chunk > chunks) item.last_chunk = chunks;
                call->items[(*items)++] = item;
            }
        } else {
            for (; item.first_row < rows; item.first_row += step) {
                item.rows = rows - item.first_row < step ? rows - item.first_row : step;
                call->items[(*items)++] = item;
            }
        }
    }
    return records;
}

void annie_attention(annie_pool *pool, annie_kv_format format, const annie_attention_segment *segments, long count,
                     const float *q, long ldq, float *out, long ldo, long heads, long kv_heads, long head_dim,
                     float scale, void *scratch) {
    attention_call call = {.kernels = &annie_kernels_current()->attention, .segments = segments, .q = q, .out = out,
                           .ldq = ldq, .ldo = ldo, .items = scratch};
    call.shape = (attention_shape){format, heads, kv_heads, head_dim, heads / kv_heads, scale};
    long most_items = 0, most_merges = 0, items = 0, merges = 0, chunks = 0;
    for (long s = 0; s < count; s++) {
        if (segments[s].rows <= 0) continue;
        bool by_chunks = is_cut_by_chunks(&segments[s], call.shape.group, head_dim);
        most_merges += by_chunks ? kv_heads : 0;
        chunks += by_chunks ? kv_heads * chunks_of(&segments[s]) : 0;
        most_items += kv_heads * (by_chunks ? chunks_of(&segments[s])
                                            : divided_up(segments[s].rows * call.shape.group, rows_per_item(head_dim)));
    }
    call.merges = call.items + most_items;
    // Long runs of keys stream better, but there must be enough of them to even out.
    long chunks_per_item = chunks / (annie_pool_threads(pool) * 6);
    if (chunks_per_item < 1) chunks_per_item = 1;
    float *records =
        (float *)((char *)scratch + rounded_up_to_64((size_t)(most_items + most_merges) * sizeof(work_item)));
    for (long s = 0; s < count; s++)
        if (segments[s].rows > 0) records = cut(&call, s, chunks_per_item, records, &items, &merges);
    annie_pool_run(pool, items, attend_item, &call);
    annie_pool_run(pool, merges, merge_item, &call);
}
