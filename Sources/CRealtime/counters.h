// How many objects of each kind are alive.

#ifndef CREALTIME_COUNTERS_H
#define CREALTIME_COUNTERS_H

#include <stdatomic.h>
#include <stdint.h>

typedef struct {
    _Atomic int64_t certificates, dtls, srtp, sctp, encoders, decoders;
} rt_live_counters;

extern rt_live_counters rt_live;

#endif
