// A first-in-first-out list of byte strings that keeps their borders.

#ifndef CREALTIME_PACKET_QUEUE_H
#define CREALTIME_PACKET_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct rt_packet {
    struct rt_packet *next;
    size_t length;
    // Meaning is the owner's.
    uint32_t tag, kind;
    uint8_t bytes[];
} rt_packet;

typedef struct {
    rt_packet *first, *last;
    // Bytes in all packets; a queue nobody drains must not grow for ever.
    size_t size, limit;
} rt_packet_queue;

// A copy of the bytes at the end of the queue; NULL when the queue is full or memory is short.
rt_packet *rt_queue_push(rt_packet_queue *queue, const void *bytes, size_t length);
// Copies out and drops the first packet: its length, 0 when the queue is empty or the packet does not fit.
size_t rt_queue_pop(rt_packet_queue *queue, uint8_t *out, size_t capacity);
void rt_queue_clear(rt_packet_queue *queue);

#endif
