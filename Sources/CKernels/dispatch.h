// The kernels of one instruction set, as a table of functions.
#ifndef ANNIE_DISPATCH_H
#define ANNIE_DISPATCH_H

#include "annie_kernels.h"
#include "attention.h"
#include "elementwise.h"
#include "linear.h"
#include "logits.h"
#include "nvfp4.h"
#include "recurrent.h"
#include "recurrent_backward.h"

typedef struct {
    annie_isa isa;
    linear_kernels linear;
    nvfp4_kernels nvfp4;
    attention_kernels attention;
    elementwise_kernels elementwise;
    logits_kernels logits;
    recurrent_kernels recurrent;
    recurrent_backward_kernels recurrent_backward;
} kernel_table;

// The table in use.
const kernel_table *annie_kernels_current(void);

#endif
