#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <usrsctp.h>

#include "CRealtime.h"
#include "counters.h"
#include "packet_queue.h"

// Leaves room for DTLS, UDP and IPv6 in 1280 bytes.
#define PATH_MTU 1150
// What a peer may open: each stream costs memory on both sides.
#define STREAMS 256

struct rt_sctp {
    struct rt_sctp *next;
    struct socket *socket;
    // Stands for this association inside usrsctp, which may still use it after the association is gone. A number looked
    // up is harmless then; a pointer would not be.
    uintptr_t number;
    rt_sctp_state state;
    size_t maximum_message;
    rt_packet_queue packets, events;
    // A message that arrives in parts.
    uint8_t *partial;
    size_t partial_length;
    bool is_oversized;
};

// One for all: timers of one association run in calls for another, and usrsctp calls back into this file, whatever thread
// an association belongs to.
static pthread_mutex_t everything;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static void initialise(void);

static int hold(void) {
    pthread_once(&once, initialise);
    return pthread_mutex_lock(&everything);
}

static void release(const int *held) {
    (void)held;
    pthread_mutex_unlock(&everything);
}

// Until the end of the block.
#define HOLD_EVERYTHING __attribute__((cleanup(release), unused)) const int held = hold()

static struct rt_sctp *associations;
static uintptr_t last_number;
static uint64_t last_timer_ms;

static rt_sctp *find(const void *number) {
    for (rt_sctp *sctp = associations; sctp; sctp = sctp->next)
        if (sctp->number == (uintptr_t)number) return sctp;
    return NULL;
}

// ---- Callbacks of usrsctp, all inside calls that this file makes ---------------------------------------------------

static int on_output(void *address, void *packet, size_t length, uint8_t service, uint8_t no_fragments) {
    (void)service, (void)no_fragments;
    rt_sctp *sctp = find(address);
    if (sctp) rt_queue_push(&sctp->packets, packet, length);
    return 0;
}

static void reset_outgoing(rt_sctp *sctp, uint16_t stream) {
    uint8_t room[sizeof(struct sctp_reset_streams) + sizeof(uint16_t)] = {0};
    struct sctp_reset_streams *reset = (struct sctp_reset_streams *)room;
    reset->srs_assoc_id = SCTP_ALL_ASSOC;
    reset->srs_flags = SCTP_STREAM_RESET_OUTGOING;
    reset->srs_number_streams = 1;
    reset->srs_stream_list[0] = stream;
    usrsctp_setsockopt(sctp->socket, IPPROTO_SCTP, SCTP_RESET_STREAMS, reset, sizeof room);
}

static void on_streams_reset(rt_sctp *sctp, const struct sctp_stream_reset_event *event) {
    if (!(event->strreset_flags & SCTP_STREAM_RESET_INCOMING_SSN) || event->strreset_flags & SCTP_STREAM_RESET_DENIED)
        return;
    size_t count = (event->strreset_length - sizeof *event) / sizeof(uint16_t);
    for (size_t i = 0; i < count; i++) {
        rt_packet *closed = rt_queue_push(&sctp->events, NULL, 0);
        if (!closed) return;
        closed->kind = RT_SCTP_STREAM_CLOSED;
        closed->tag = event->strreset_stream_list[i];
    }
}

static void on_notification(rt_sctp *sctp, const void *data, size_t length) {
    const union sctp_notification *notification = data;
    if (length < sizeof notification->sn_header || notification->sn_header.sn_length != length) return;
    switch (notification->sn_header.sn_type) {
        case SCTP_ASSOC_CHANGE:
            if (length < sizeof notification->sn_assoc_change) return;
            switch (notification->sn_assoc_change.sac_state) {
                case SCTP_COMM_UP:
                case SCTP_RESTART: sctp->state = RT_SCTP_CONNECTED; break;
                default: sctp->state = RT_SCTP_CLOSED; break;
            }
            break;
        case SCTP_STREAM_RESET_EVENT:
            if (length >= sizeof notification->sn_strreset_event)
                on_streams_reset(sctp, &notification->sn_strreset_event);
            break;
        default: break;
    }
}

static void deliver(rt_sctp *sctp, const void *data, size_t length, struct sctp_rcvinfo info) {
    rt_packet *message = rt_queue_push(&sctp->events, data, length);
    if (!message) return;
    message->kind = RT_SCTP_MESSAGE;
    message->tag = (uint32_t)info.rcv_sid | ntohl(info.rcv_ppid) << 16;
}

static void on_data(rt_sctp *sctp, const void *data, size_t length, struct sctp_rcvinfo info, bool is_last) {
    if (sctp->partial_length + length > sctp->maximum_message) sctp->is_oversized = true;
    if (is_last && !sctp->is_oversized && sctp->partial_length == 0) {
        deliver(sctp, data, length, info);
        return;
    }
    if (!sctp->is_oversized) {
        uint8_t *grown = realloc(sctp->partial, sctp->partial_length + length);
        if (grown) {
            sctp->partial = grown;
            memcpy(grown + sctp->partial_length, data, length);
            sctp->partial_length += length;
        } else {
            sctp->is_oversized = true;
        }
    }
    if (!is_last) return;
    if (!sctp->is_oversized) deliver(sctp, sctp->partial, sctp->partial_length, info);
    free(sctp->partial);
    sctp->partial = NULL;
    sctp->partial_length = 0;
    sctp->is_oversized = false;
}

static int on_receive(struct socket *socket, union sctp_sockstore address, void *data, size_t length,
                      struct sctp_rcvinfo info, int flags, void *number) {
    (void)socket, (void)address;
    rt_sctp *sctp = find(number);
    if (sctp && data) {
        if (flags & MSG_NOTIFICATION) on_notification(sctp, data, length);
        else on_data(sctp, data, length, info, flags & MSG_EOR);
    }
    free(data);
    return 1;
}

// ---- Set-up --------------------------------------------------------------------------------------------------------

static void initialise(void) {
    pthread_mutexattr_t recursive;
    pthread_mutexattr_init(&recursive);
    pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&everything, &recursive);
    pthread_mutexattr_destroy(&recursive);
    // No port, no threads: packets come and go through DTLS, and the caller runs the timers.
    usrsctp_init_nothreads(0, on_output, NULL);
    usrsctp_sysctl_set_sctp_ecn_enable(0);
    usrsctp_sysctl_set_sctp_blackhole(2);
    usrsctp_sysctl_set_sctp_no_csum_on_loopback(0);
    usrsctp_sysctl_set_sctp_pr_enable(1);
    usrsctp_sysctl_set_sctp_asconf_enable(0);
    usrsctp_sysctl_set_sctp_auth_enable(0);
    // A talk's messages are small and few: a lost one is repeated after a quarter of a second, not a whole one.
    usrsctp_sysctl_set_sctp_rto_min_default(250);
    usrsctp_sysctl_set_sctp_rto_initial_default(500);
    usrsctp_sysctl_set_sctp_rto_max_default(5000);
    usrsctp_sysctl_set_sctp_init_rto_max_default(2000);
    usrsctp_sysctl_set_sctp_delayed_sack_time_default(20);
    // Ten seconds and more without an answer; who is gone is found out by the line, not here.
    usrsctp_sysctl_set_sctp_init_rtx_max_default(20);
    usrsctp_sysctl_set_sctp_assoc_rtx_max_default(20);
    usrsctp_sysctl_set_sctp_path_rtx_max_default(20);
}

static bool set(struct socket *socket, int option, const void *value, size_t length) {
    return usrsctp_setsockopt(socket, IPPROTO_SCTP, option, value, (socklen_t)length) == 0;
}

static bool configure(struct socket *socket) {
    const int on = 1;
    struct linger abort_on_close = {.l_onoff = 1, .l_linger = 0};
    struct sctp_initmsg init = {.sinit_num_ostreams = STREAMS, .sinit_max_instreams = STREAMS};
    struct sctp_assoc_value reset = {
        .assoc_id = SCTP_ALL_ASSOC,
        .assoc_value = SCTP_ENABLE_RESET_STREAM_REQ | SCTP_ENABLE_CHANGE_ASSOC_REQ,
    };
    struct sctp_event changes = {.se_assoc_id = SCTP_ALL_ASSOC, .se_type = SCTP_ASSOC_CHANGE, .se_on = 1};
    struct sctp_event resets = {.se_assoc_id = SCTP_ALL_ASSOC, .se_type = SCTP_STREAM_RESET_EVENT, .se_on = 1};
    struct sctp_paddrparams path = {
        .spp_address.ss_family = AF_CONN,
        .spp_pathmtu = PATH_MTU,
        .spp_flags = SPP_PMTUD_DISABLE,
    };
    return usrsctp_set_non_blocking(socket, 1) == 0
        && usrsctp_setsockopt(socket, SOL_SOCKET, SO_LINGER, &abort_on_close, sizeof abort_on_close) == 0
        && set(socket, SCTP_NODELAY, &on, sizeof on) && set(socket, SCTP_INITMSG, &init, sizeof init)
        && set(socket, SCTP_ENABLE_STREAM_RESET, &reset, sizeof reset)
        && set(socket, SCTP_EVENT, &changes, sizeof changes) && set(socket, SCTP_EVENT, &resets, sizeof resets)
        && set(socket, SCTP_PEER_ADDR_PARAMS, &path, sizeof path);
}

static bool connect_ports(rt_sctp *sctp, uint16_t local_port, uint16_t remote_port) {
    struct sockaddr_conn address = {
        .sconn_family = AF_CONN,
        .sconn_port = htons(local_port),
        .sconn_addr = (void *)sctp->number,
    };
    if (usrsctp_bind(sctp->socket, (struct sockaddr *)&address, sizeof address) != 0) return false;
    address.sconn_port = htons(remote_port);
    return usrsctp_connect(sctp->socket, (struct sockaddr *)&address, sizeof address) == 0 || errno == EINPROGRESS;
}

rt_sctp *rt_sctp_create(uint16_t local_port, uint16_t remote_port, size_t maximum_message) {
    HOLD_EVERYTHING;
    rt_sctp *sctp = calloc(1, sizeof *sctp);
    if (!sctp) return NULL;
    rt_live.sctp++;
    sctp->maximum_message = maximum_message;
    sctp->packets.limit = 1 << 20;
    sctp->events.limit = 4 * maximum_message + (1 << 20);
    sctp->number = ++last_number;
    sctp->next = associations;
    associations = sctp;
    usrsctp_register_address((void *)sctp->number);
    sctp->socket =
        usrsctp_socket(AF_CONN, SOCK_STREAM, IPPROTO_SCTP, on_receive, NULL, 0, (void *)sctp->number);
    if (!sctp->socket || !configure(sctp->socket) || !connect_ports(sctp, local_port, remote_port)) {
        rt_sctp_free(sctp);
        return NULL;
    }
    return sctp;
}

void rt_sctp_abort(rt_sctp *sctp) {
    HOLD_EVERYTHING;
    sctp->state = RT_SCTP_CLOSED;
    if (!sctp->socket) return;
    usrsctp_close(sctp->socket);
    sctp->socket = NULL;
    usrsctp_deregister_address((void *)sctp->number);
}

void rt_sctp_free(rt_sctp *sctp) {
    if (!sctp) return;
    HOLD_EVERYTHING;
    rt_sctp_abort(sctp);
    for (rt_sctp **link = &associations; *link; link = &(*link)->next) {
        if (*link != sctp) continue;
        *link = sctp->next;
        break;
    }
    rt_queue_clear(&sctp->packets);
    rt_queue_clear(&sctp->events);
    free(sctp->partial);
    free(sctp);
    rt_live.sctp--;
}

// ---- Traffic -------------------------------------------------------------------------------------------------------

rt_sctp_state rt_sctp_get_state(const rt_sctp *sctp) {
    HOLD_EVERYTHING;
    return sctp->state;
}

void rt_sctp_receive(rt_sctp *sctp, const uint8_t *packet, size_t length) {
    HOLD_EVERYTHING;
    if (sctp->socket) usrsctp_conninput((void *)sctp->number, packet, length, 0);
}

int rt_sctp_send(rt_sctp *sctp, uint16_t stream, uint32_t protocol, const uint8_t *data, size_t length) {
    HOLD_EVERYTHING;
    if (!sctp->socket || sctp->state != RT_SCTP_CONNECTED) return -1;
    struct sctp_sendv_spa info = {
        .sendv_flags = SCTP_SEND_SNDINFO_VALID,
        .sendv_sndinfo = {.snd_sid = stream, .snd_ppid = htonl(protocol)},
    };
    ssize_t sent = usrsctp_sendv(sctp->socket, data, length, NULL, 0, &info, sizeof info, SCTP_SENDV_SPA, 0);
    if (sent == (ssize_t)length) return 1;
    return errno == EWOULDBLOCK || errno == EAGAIN ? 0 : -1;
}

void rt_sctp_close_stream(rt_sctp *sctp, uint16_t stream) {
    HOLD_EVERYTHING;
    if (sctp->socket && sctp->state == RT_SCTP_CONNECTED) reset_outgoing(sctp, stream);
}

size_t rt_sctp_next_packet(rt_sctp *sctp, uint8_t *out, size_t capacity) {
    HOLD_EVERYTHING;
    return rt_queue_pop(&sctp->packets, out, capacity);
}

rt_sctp_event rt_sctp_peek_event(const rt_sctp *sctp) {
    HOLD_EVERYTHING;
    const rt_packet *first = sctp->events.first;
    if (!first) return (rt_sctp_event){.kind = RT_SCTP_NOTHING};
    return (rt_sctp_event){
        .kind = (rt_sctp_event_kind)first->kind,
        .stream = (uint16_t)first->tag,
        .protocol = first->tag >> 16,
        .length = first->length,
    };
}

size_t rt_sctp_take_event(rt_sctp *sctp, uint8_t *out, size_t capacity) {
    HOLD_EVERYTHING;
    return rt_queue_pop(&sctp->events, out, capacity);
}

void rt_sctp_run_timers(uint64_t now_ms) {
    HOLD_EVERYTHING;
    if (last_timer_ms == 0) last_timer_ms = now_ms;
    // The library counts in ticks of 10 ms: what is less stays for the next time.
    uint64_t elapsed = now_ms > last_timer_ms ? now_ms - last_timer_ms : 0;
    elapsed -= elapsed % 10;
    if (elapsed == 0) return;
    last_timer_ms += elapsed;
    usrsctp_handle_timers(elapsed > UINT32_MAX ? UINT32_MAX : (uint32_t)elapsed);
}
