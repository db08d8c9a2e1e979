// A run is published as a ticket: generation in the upper half, a counter in the lower one that starts at
// open - chunks and counts up. A claim is one fetch_add, and it is good exactly when the counter it got is below
// `open`; a worker that comes late gets a spent counter, or a valid chunk of a newer run, never a stale one. What the
// run is (task, context, chunks) is read after a good claim: the run cannot end before that chunk does.
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>

#include "annie_kernels.h"
#include "parking.h"
#include "placement.h"

enum { spin_nanoseconds = 50 * 1000, yield_nanoseconds = 200 * 1000 };
static const uint32_t open = 0x80000000u;

struct annie_pool {
    // In one line, so that whoever sees a ticket has the run it is for.
    _Alignas(128) _Atomic uint64_t ticket;
    annie_task task;
    void *context;
    long chunks;
    _Alignas(128) _Atomic long finished;  // chunks done by workers in this run
    _Alignas(128) int threads;
    unsigned forks;  // of the process when the pool was made
    _Atomic bool stopping;
    _Atomic int sleepers;
    parking_spot bed;
    pthread_mutex_t one_run;
    pthread_t *workers;
    placement *placement;
};

static _Thread_local bool inside_task;
static _Atomic unsigned fork_count;
static pthread_once_t fork_once = PTHREAD_ONCE_INIT;

static void count_fork(void) { atomic_fetch_add(&fork_count, 1); }
static void watch_forks(void) { pthread_atfork(NULL, NULL, count_fork); }

static void relax(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static int64_t nanoseconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static bool has_work(annie_pool *pool) { return (uint32_t)atomic_load(&pool->ticket) < open; }

// Claims and does chunks until none is left; returns how many it did.
static long work(annie_pool *pool) {
    long done = 0;
    while (has_work(pool)) {
        uint32_t counter = (uint32_t)atomic_fetch_add(&pool->ticket, 1);
        if (counter >= open) break;
        pool->task(pool->context, (long)counter - ((long)open - pool->chunks));
        done++;
    }
    return done;
}

static void sleep_until_work(annie_pool *pool) {
    atomic_fetch_add(&pool->sleepers, 1);
    uint32_t seen = atomic_load(&pool->bed.word);
    // Looked at again after announcing the sleep: the publisher looks at sleepers after publishing; one sees the other.
    if (!has_work(pool) && !atomic_load(&pool->stopping)) parking_wait(&pool->bed, seen);
    atomic_fetch_sub(&pool->sleepers, 1);
}

static void *worker(void *argument) {
    annie_pool *pool = argument;
    inside_task = true;
    int64_t idle_since = nanoseconds();
    for (unsigned spins = 1; !atomic_load(&pool->stopping); spins++) {
        if (has_work(pool)) {
            long done = work(pool);
            if (done > 0) atomic_fetch_add(&pool->finished, done);
            spins = 0;
        } else {
            relax();
        }
        if (spins % 64 == 0) {
            int64_t now = nanoseconds();
            if (spins == 0) idle_since = now;
            if (now - idle_since > spin_nanoseconds) {
                sleep_until_work(pool);
                spins = 0;
                idle_since = nanoseconds();
            }
        }
    }
    return NULL;
}

static void wait_for_chunks_in_flight(annie_pool *pool, long count) {
    int64_t start = 0;
    for (unsigned spins = 1; atomic_load(&pool->finished) != count; spins++) {
        relax();
        if (spins % 64 != 0) continue;
        int64_t now = nanoseconds();
        if (start == 0) start = now;
        if (now - start > yield_nanoseconds) {
            struct timespec nap = {0, 50000};  // its worker lost its core: leave ours to it
            nanosleep(&nap, NULL);
        } else if (now - start > spin_nanoseconds) {
            sched_yield();
        }
    }
}

static void run_alone(long chunks, annie_task task, void *context) {
    for (long chunk = 0; chunk < chunks; chunk++) task(context, chunk);
}

void annie_pool_run(annie_pool *pool, long chunks, annie_task task, void *context) {
    // A forked child has no workers, and its copy of the lock may be held for ever.
    if (pool == NULL || pool->threads == 1 || chunks <= 1 || chunks >= (long)open || inside_task
        || pool->forks != atomic_load_explicit(&fork_count, memory_order_relaxed)) {
        run_alone(chunks, task, context);
        return;
    }
    pthread_mutex_lock(&pool->one_run);
    placement_keep_apart(pool->placement);
    pool->task = task;
    pool->context = context;
    pool->chunks = chunks;
    atomic_store_explicit(&pool->finished, 0, memory_order_relaxed);
    uint64_t generation = (atomic_load_explicit(&pool->ticket, memory_order_relaxed) >> 32) + 1;
    atomic_store(&pool->ticket, generation << 32 | (uint64_t)((long)open - chunks));
    if (atomic_load(&pool->sleepers) > 0) parking_wake_all(&pool->bed);
    inside_task = true;
    long own = work(pool);
    inside_task = false;
    wait_for_chunks_in_flight(pool, chunks - own);
    pthread_mutex_unlock(&pool->one_run);
}

static void stop_workers(annie_pool *pool, int started) {
    atomic_store(&pool->stopping, true);
    parking_wake_all(&pool->bed);
    for (int i = 0; i < started; i++) pthread_join(pool->workers[i], NULL);
}

static void free_pool(annie_pool *pool) {
    pthread_mutex_destroy(&pool->one_run);
    parking_destroy(&pool->bed);
    placement_destroy(pool->placement);
    free(pool->workers);
    free(pool);
}

annie_pool *annie_pool_create(int threads) {
    if (threads < 1) return NULL;
    pthread_once(&fork_once, watch_forks);
    annie_pool *pool = aligned_alloc(_Alignof(annie_pool), sizeof(annie_pool));
    if (pool == NULL) return NULL;
    *pool = (annie_pool){.threads = threads, .forks = atomic_load(&fork_count)};
    atomic_init(&pool->ticket, open);
    parking_init(&pool->bed);
    pthread_mutex_init(&pool->one_run, NULL);
    pool->workers = calloc((size_t)threads, sizeof(pthread_t));
    for (int i = 0; i < threads - 1; i++) {
        if (pool->workers != NULL && pthread_create(&pool->workers[i], NULL, worker, pool) == 0) continue;
        if (pool->workers != NULL) stop_workers(pool, i);
        free_pool(pool);
        return NULL;
    }
    pool->placement = placement_create(pool->workers, threads - 1);
    return pool;
}

void annie_pool_destroy(annie_pool *pool) {
    if (pool == NULL) return;
    // In a forked child there is nobody to join, and what the other threads held cannot be given back.
    if (pool->forks != atomic_load(&fork_count)) return;
    stop_workers(pool, pool->threads - 1);
    free_pool(pool);
}

int annie_pool_threads(const annie_pool *pool) { return pool == NULL ? 1 : pool->threads; }
