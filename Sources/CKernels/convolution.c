// Rows are computed from the inputs and the old state; the state is replaced when all rows are done.
#include "dispatch.h"

typedef struct {
    const recurrent_kernels *kernels;
    const annie_recurrent_segment *segment;
    float *y;
    const float *x, *weight;
    long ldy, ldx, channels, kernel, rows_per_chunk;
} convolution;

static const float *input(const convolution *c, long row) {
    const annie_recurrent_segment *s = c->segment;
    return row < 0 ? s->state + (row + c->kernel - 1) * c->channels : c->x + (s->first_row + row) * c->ldx;
}

static void convolve_rows(void *context, long chunk) {
    const convolution *c = context;
    long last = (chunk + 1) * c->rows_per_chunk;
    if (last > c->segment->rows) last = c->segment->rows;
    for (long row = chunk * c->rows_per_chunk; row < last; row++) {
        const float *taps[ANNIE_CONVOLUTION_TAPS];
        for (long j = 0; j < c->kernel; j++) taps[j] = input(c, row - c->kernel + 1 + j);
        c->kernels->convolution(c->y + (c->segment->first_row + row) * c->ldy, taps, c->weight, c->channels, c->kernel);
    }
}

// Keeps the last kernel - 1 inputs. In ascending order an old column moves before its place is written.
static void replace_state(const convolution *c) {
    long kept = c->kernel - 1;
    for (long j = 0; j < kept; j++)
        memmove(c->segment->state + j * c->channels, input(c, c->segment->rows - kept + j),
                (size_t)c->channels * sizeof(float));
}

void annie_causal_convolution(annie_pool *pool, float *y, long ldy, const float *x, long ldx,
                              const annie_recurrent_segment *segments, long count, long channels, long kernel,
                              const float *weight) {
    if (kernel < 1 || kernel > ANNIE_CONVOLUTION_TAPS) return;
    for (long i = 0; i < count; i++) {
        convolution c = {.kernels = &annie_kernels_current()->recurrent, .segment = &segments[i], .y = y, .x = x,
                         .weight = weight, .ldy = ldy, .ldx = ldx, .channels = channels, .kernel = kernel};
        c.rows_per_chunk = divided_up(16384, channels > 0 ? channels : 1);
        annie_pool_run(pool, divided_up(segments[i].rows, c.rows_per_chunk), convolve_rows, &c);
        replace_state(&c);
    }
}
