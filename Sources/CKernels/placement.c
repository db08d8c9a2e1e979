#if defined(__linux__)
#define _GNU_SOURCE
#include <sched.h>
#endif

#include <stdlib.h>

#include "placement.h"

#if defined(__linux__)

struct placement {
    const pthread_t *workers;
    int count;
    int kept_off;       // the processor that workers are kept off; -1 before the first time
    cpu_set_t allowed;  // those the process may use
};

placement *placement_create(const pthread_t *workers, int count) {
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0 || CPU_COUNT(&allowed) <= count) return NULL;
    placement *p = malloc(sizeof *p);
    if (p != NULL) *p = (placement){workers, count, -1, allowed};
    return p;
}

void placement_destroy(placement *p) { free(p); }

void placement_keep_apart(placement *p) {
    if (p == NULL) return;
    int processor = sched_getcpu();
    if (processor == p->kept_off || processor < 0) return;
    p->kept_off = processor;
    cpu_set_t rest = p->allowed;
    CPU_CLR((size_t)processor, &rest);
    // A wish, not a need: where it is refused, workers run where they did.
    for (int i = 0; i < p->count; i++) pthread_setaffinity_np(p->workers[i], sizeof rest, &rest);
}

#else

placement *placement_create(const pthread_t *workers, int count) {
    (void)workers;
    (void)count;
    return NULL;
}

void placement_destroy(placement *p) { (void)p; }
void placement_keep_apart(placement *p) { (void)p; }

#endif
