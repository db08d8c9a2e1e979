// Keeps a pool's workers off the processor that their caller runs on.
//
// Threads that wake each other many times a millisecond are often put on one processor by Linux, for tens of
// milliseconds, while another is idle: then a pool of two is no faster than one thread (measured: half the products per
// second, in a third of the runs).
#ifndef ANNIE_PLACEMENT_H
#define ANNIE_PLACEMENT_H

#include <pthread.h>

typedef struct placement placement;

// For that many workers; NULL where there are not enough processors to keep them apart, or the system has no such wish.
placement *placement_create(const pthread_t *workers, int count);
void placement_destroy(placement *p);
// To be called by the thread that is about to work beside the workers; p may be NULL.
void placement_keep_apart(placement *p);

#endif
