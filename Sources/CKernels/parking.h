// Sleeping until a 32-bit word changes: a futex where there is one, else a condition variable.
#ifndef ANNIE_PARKING_H
#define ANNIE_PARKING_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

typedef struct {
    _Atomic uint32_t word;
    pthread_mutex_t mutex;     // these two only where there is no futex
    pthread_cond_t condition;
} parking_spot;

void parking_init(parking_spot *spot);
void parking_destroy(parking_spot *spot);
// Returns once word is no longer `seen` (or spuriously: the caller looks again).
void parking_wait(parking_spot *spot, uint32_t seen);
// Changes the word and wakes everybody.
void parking_wake_all(parking_spot *spot);

#endif
