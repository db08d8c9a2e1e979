// What a pool expects to read next. Decoding reads the same matrices in the same order for every token, while the thread
// that runs the model does small work between the products (norms, rotary embedding, sampling) and memory would stand
// still: workers that wait fetch the start of the matrix that followed this one last time.
#ifndef ANNIE_EXPECTATION_H
#define ANNIE_EXPECTATION_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum { remembered_matrices = 1024, longest_fetch = 512 * 1024, fetch_step = 1024 };

// A matrix and how it is shared out: thread i begins at address + i * share.
typedef struct {
    uintptr_t address;
    size_t share, bytes;
} expected_reading;

// A pool's memory of what followed what. Fields are atomic one by one: a torn entry costs a useless fetch, no more, and
// fetching an address that is gone is harmless.
typedef struct {
    _Atomic uintptr_t key, address;
    _Atomic size_t share, bytes;
} followed_by;

typedef struct {
    followed_by table[remembered_matrices];
    _Atomic uintptr_t last;
    _Atomic uint32_t version;  // counts the expectations; the current one:
    _Atomic uintptr_t address;
    _Atomic size_t share, bytes;
} expectation;

// This matrix is read now: learns that it follows the last one.
void expectation_learn(expectation *e, expected_reading now);
// It has been read: announces what followed it last time, if that is known.
void expectation_announce(expectation *e, uintptr_t address);

// A worker's progress in the current expectation.
typedef struct {
    uint32_t version;
    uintptr_t position, end;
} fetching;

// Fetches a little of a worker's part; returns at once if there is nothing left.
void expectation_fetch(expectation *e, fetching *state, long worker);

#endif
