#if defined(__linux__)
#define _GNU_SOURCE
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include <limits.h>
#include <stddef.h>

#include "parking.h"

void parking_init(parking_spot *spot) {
    atomic_init(&spot->word, 0);
    pthread_mutex_init(&spot->mutex, NULL);
    pthread_cond_init(&spot->condition, NULL);
}

void parking_destroy(parking_spot *spot) {
    pthread_mutex_destroy(&spot->mutex);
    pthread_cond_destroy(&spot->condition);
}

#if defined(__linux__)

void parking_wait(parking_spot *spot, uint32_t seen) {
    syscall(SYS_futex, &spot->word, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
}

void parking_wake_all(parking_spot *spot) {
    atomic_fetch_add_explicit(&spot->word, 1, memory_order_seq_cst);
    syscall(SYS_futex, &spot->word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

#else

void parking_wait(parking_spot *spot, uint32_t seen) {
    pthread_mutex_lock(&spot->mutex);
    while (atomic_load_explicit(&spot->word, memory_order_seq_cst) == seen)
        pthread_cond_wait(&spot->condition, &spot->mutex);
    pthread_mutex_unlock(&spot->mutex);
}

void parking_wake_all(parking_spot *spot) {
    pthread_mutex_lock(&spot->mutex);
    atomic_fetch_add_explicit(&spot->word, 1, memory_order_seq_cst);
    pthread_cond_broadcast(&spot->condition);
    pthread_mutex_unlock(&spot->mutex);
}

#endif
