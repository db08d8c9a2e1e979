#include "dispatch.h"

typedef struct {
    const recurrent_backward_kernels *kernels;
    const annie_recurrent_backward_segment *segments;
    long count;
    convolution_part whole;
} convolution_backward;

// A block of channels through all segments, last to first, as their gradients depend on each other.
static void run_channels(void *context, long chunk) {
    const convolution_backward *b = context;
    const convolution_part *w = &b->whole;
    long first = chunk * backward_columns, left = w->channels - first;
    for (long i = b->count - 1; i >= 0; i--) {
        const annie_recurrent_backward_segment *s = &b->segments[i];
        convolution_part part = *w;
        part.dx = w->dx + s->first_row * w->lddx + first;
        part.dweight = w->dweight + first * w->kernel;
        part.state_gradient = s->state_gradient + first;
        part.dy = w->dy + s->first_row * w->lddy + first;
        part.x = w->x + s->first_row * w->ldx + first;
        part.state = s->state + first;
        part.weight = w->weight + first * w->kernel;
        part.rows = s->rows;
        part.width = left < backward_columns ? left : backward_columns;
        b->kernels->convolution(&part);
        if (s->parent < 0) continue;
        float *target = b->segments[s->parent].state_gradient + first;
        for (long j = 0; j < w->kernel - 1; j++)
            for (long c = 0; c < part.width; c++) target[j * w->channels + c] += part.state_gradient[j * w->channels + c];
    }
}

void annie_causal_convolution_backward(annie_pool *pool, float *dx, long lddx, float *dweight, const float *dy,
                                       long lddy, const float *x, long ldx,
                                       const annie_recurrent_backward_segment *segments, long count, long channels,
                                       long kernel, const float *weight) {
    if (kernel < 1 || kernel > ANNIE_CONVOLUTION_TAPS) return;
    convolution_backward b = {.kernels = &annie_kernels_current()->recurrent_backward, .segments = segments,
                              .count = count};
    b.whole = (convolution_part){.dx = dx, .lddx = lddx, .dweight = dweight, .dy = dy, .lddy = lddy, .x = x, .ldx = ldx,
                                 .channels = channels, .kernel = kernel, .weight = weight};
    annie_pool_run(pool, divided_up(channels, backward_columns), run_channels, &b);
}
