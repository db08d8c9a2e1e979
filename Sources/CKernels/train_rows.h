// What other training kernels take of the row-wise ones.
#ifndef ANNIE_TRAIN_ROWS_H
#define ANNIE_TRAIN_ROWS_H

#include "train.h"

// One row of annie_train_swiglu_backward.
typedef void (*train_swiglu_backward)(float *dgate, float *dup, bool accumulates, const float *dy, const float *gate,
                                      const float *up, long columns);
train_swiglu_backward train_swiglu_backward_current(void);

#endif
