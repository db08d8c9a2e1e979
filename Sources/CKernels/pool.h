// What kernels may ask of a pool beyond its public functions.
#ifndef ANNIE_POOL_H
#define ANNIE_POOL_H

#include "annie_kernels.h"
#include "expectation.h"

expectation *pool_expectation(annie_pool *pool);

#endif
