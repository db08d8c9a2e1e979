#include "expectation.h"

#define RELAXED memory_order_relaxed

static followed_by *entry_of(expectation *e, uintptr_t address) {
    return &e->table[(address >> 6) * 0x9E3779B97F4A7C15u >> 54];
}

void expectation_learn(expectation *e, expected_reading now) {
    uintptr_t last = atomic_exchange_explicit(&e->last, now.address, RELAXED);
    if (last == 0) return;
    followed_by *entry = entry_of(e, last);
    if (atomic_load_explicit(&entry->key, RELAXED) == last
        && atomic_load_explicit(&entry->address, RELAXED) == now.address)
        return;
    atomic_store_explicit(&entry->key, last, RELAXED);
    atomic_store_explicit(&entry->address, now.address, RELAXED);
    atomic_store_explicit(&entry->share, now.share, RELAXED);
    atomic_store_explicit(&entry->bytes, now.bytes, RELAXED);
}

void expectation_announce(expectation *e, uintptr_t address) {
    followed_by *entry = entry_of(e, address);
    if (atomic_load_explicit(&entry->key, RELAXED) != address) return;
    atomic_store_explicit(&e->address, atomic_load_explicit(&entry->address, RELAXED), RELAXED);
    atomic_store_explicit(&e->share, atomic_load_explicit(&entry->share, RELAXED), RELAXED);
    atomic_store_explicit(&e->bytes, atomic_load_explicit(&entry->bytes, RELAXED), RELAXED);
    atomic_fetch_add_explicit(&e->version, 1, memory_order_release);
}

void expectation_fetch(expectation *e, fetching *state, long worker) {
    uint32_t version = atomic_load_explicit(&e->version, memory_order_acquire);
    if (version != state->version) {
        size_t share = atomic_load_explicit(&e->share, RELAXED), bytes = atomic_load_explicit(&e->bytes, RELAXED);
        size_t first = (size_t)worker * share, last = first + (share < longest_fetch ? share : longest_fetch);
        if (last > bytes) last = bytes;
        *state = (fetching){version, atomic_load_explicit(&e->address, RELAXED) + first, 0};
        state->end = first < last ? state->position + (last - first) : state->position;
    }
    if (state->position >= state->end) return;
    for (size_t line = 0; line < fetch_step; line += 64) __builtin_prefetch((const void *)(state->position + line), 0, 2);
    state->position += fetch_step;
}
