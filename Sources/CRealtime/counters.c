#include "counters.h"

#include "CRealtime.h"

rt_live_counters rt_live;

rt_counts rt_live_objects(void) {
    return (rt_counts){
        .certificates = rt_live.certificates,
        .dtls = rt_live.dtls,
        .srtp = rt_live.srtp,
        .sctp = rt_live.sctp,
        .encoders = rt_live.encoders,
        .decoders = rt_live.decoders,
    };
}
