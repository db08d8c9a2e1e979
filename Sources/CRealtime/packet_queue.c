#include "packet_queue.h"

#include <stdlib.h>
#include <string.h>

rt_packet *rt_queue_push(rt_packet_queue *queue, const void *bytes, size_t length) {
    if (length > queue->limit || queue->size > queue->limit - length) return NULL;
    rt_packet *packet = malloc(sizeof *packet + length);
    if (!packet) return NULL;
    *packet = (rt_packet){.length = length};
    if (length > 0) memcpy(packet->bytes, bytes, length);
    if (queue->last) queue->last->next = packet;
    else queue->first = packet;
    queue->last = packet;
    queue->size += length;
    return packet;
}

size_t rt_queue_pop(rt_packet_queue *queue, uint8_t *out, size_t capacity) {
    rt_packet *packet = queue->first;
    if (!packet) return 0;
    queue->first = packet->next;
    if (!queue->first) queue->last = NULL;
    queue->size -= packet->length;
    size_t length = packet->length <= capacity ? packet->length : 0;
    if (length > 0) memcpy(out, packet->bytes, length);
    free(packet);
    return length;
}

void rt_queue_clear(rt_packet_queue *queue) {
    while (queue->first) rt_queue_pop(queue, NULL, 0);
}
