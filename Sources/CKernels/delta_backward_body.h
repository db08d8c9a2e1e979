// The gated delta rule backwards, for up to 16 columns of one head. With P the state before a token, D = decay * P,
//   r = v - D' k,  d = beta * r,  S = D + k d',  o = S' q
// and G the gradient of S (o's share included), the gradients are
//   dq = S do,  dd = G' k,  dr = beta * dd = dv,  dk = G d - D dr,  dbeta = dd . r,
//   dD = G - k dr',  ddecay = <dD, P>,  dP = decay * dD.
#ifndef ANNIE_DELTA_BACKWARD_BODY_H
#define ANNIE_DELTA_BACKWARD_BODY_H

#include "recurrent_backward.h"
#include "recurrent_body.h"

ANNIE_INLINE float padded_dot(const float *x, const float *y, long padded) {
    f32x16 sum = (f32x16)0.0f;
    for (long i = 0; i < padded; i += 16) sum = f32x16_load(x + i) * f32x16_load(y + i) + sum;
    return f32x16_sum(sum);
}

// Between the forward's layout [key_dim][16] and [16][padded].
ANNIE_INLINE void turn_state(float *turned, const float *state, long key_dim, long padded) {
    for (long c = 0; c < 16; c++)
        for (long i = 0; i < padded; i++) turned[c * padded + i] = i < key_dim ? state[i * 16 + c] : 0;
}

ANNIE_INLINE void turn_back(float *state, const float *turned, long key_dim, long padded) {
    for (long c = 0; c < 16; c++)
        for (long i = 0; i < key_dim; i++) state[i * 16 + c] = turned[c * padded + i];
}

ANNIE_INLINE void pad_vector(float *padded_vector, const float *vector, long count, long padded) {
    for (long i = 0; i < padded; i += 16)
        f32x16_store(padded_vector + i, i < count ? load_up_to_16(vector + i, count - i) : (f32x16)0.0f);
}

typedef struct {
    const delta_part *part;
    long key_dim, padded, size;    // size: floats of a turned state
    float *spans, *states, *gradient, *r, *k, *q, *read, *written;
} delta_backward;

// next = decay * state + d k', and the token's r; next may be state.
ANNIE_INLINE void replay_token(const delta_backward *w, float *next, const float *state, float *r, long token) {
    const delta_tokens *t = &w->part->tokens;
    float decay = t->decay[token * t->ldgates], beta = t->beta[token * t->ldgates];
    pad_vector(w->k, t->k + token * t->ldqk, w->key_dim, w->padded);
    for (long c = 0; c < w->part->width; c++) {
        const float *column = state + c * w->padded;
        r[c] = t->v[token * t->ldv + c] - decay * padded_dot(column, w->k, w->padded);
        float d = beta * r[c];
        for (long i = 0; i < w->padded; i += 16)
            f32x16_store(next + c * w->padded + i, f32x16_load(w->k + i) * d + f32x16_load(column + i) * decay);
    }
}

ANNIE_INLINE void backward_token(const delta_backward *w, const float *state, const float *r, long token) {
    const delta_part *p = w->part;
    const delta_tokens *t = &p->tokens;
    long padded = w->padded;
    float decay = t->decay[token * t->ldgates], beta = t->beta[token * t->ldgates];
    const float *dout = p->dout + token * p->lddout;
    pad_vector(w->k, t->k + token * t->ldqk, w->key_dim, padded);
    pad_vector(w->q, t->q + token * t->ldqk, w->key_dim, padded);
    float dr[backward_columns], dout_d = 0, dbeta = 0;
    for (long c = 0; c < p->width; c++) {
        float *g = w->gradient + c * padded;
        for (long i = 0; i < padded; i += 16)
            f32x16_store(g + i, f32x16_load(w->q + i) * dout[c] + f32x16_load(g + i));
        float dd = padded_dot(g, w->k, padded);
        dr[c] = beta * dd;
        p->dv[token * p->lddv + c] = dr[c];
        dbeta += dd * r[c];
        dout_d += dout[c] * (beta * r[c]);
    }
    f32x16 ddecay = (f32x16)0.0f;
    for (long i = 0; i < padded; i += 16) {
        f32x16 dq = (f32x16)0.0f, dk = (f32x16)0.0f, removed = (f32x16)0.0f, k = f32x16_load(w->k + i);
        for (long c = 0; c < p->width; c++) {
            float *place = w->gradient + c * padded + i;
            f32x16 g = f32x16_load(place), before = f32x16_load(state + c * padded + i);
            dq = before * dout[c] + dq;
            dk = g * (beta * r[c]) + dk;
            removed = before * dr[c] + removed;
            f32x16 dD = g - k * dr[c];
            ddecay = dD * before + ddecay;
            f32x16_store(place, dD * decay);
        }
        f32x16_store(w->read + i, k * dout_d + dq * decay);
        f32x16_store(w->written + i, dk - removed * decay);
    }
    float *own_dq = p->dq + token * t->ldqk, *own_dk = p->dk + token * t->ldqk;
    for (long i = 0; i < w->key_dim; i++) own_dq[i] += w->read[i];
    for (long i = 0; i < w->key_dim; i++) own_dk[i] += w->written[i];
    p->dbeta[token * t->ldgates] += dbeta;
    p->ddecay[token * t->ldgates] += f32x16_sum(ddecay);
}

ANNIE_INLINE void delta_backward_body(const delta_part *part) {
    long key_dim = part->tokens.key_dim, padded = padded_to_16(key_dim), rows = part->tokens.rows;
    long spans = divided_up(rows, ANNIE_DELTA_SPAN), size = backward_columns * padded;
    delta_backward w = {.part = part, .key_dim = key_dim, .padded = padded, .size = size};
    w.spans = part->scratch;
    w.states = w.spans + (spans + 1) * size;
    w.gradient = w.states + ANNIE_DELTA_SPAN * size;
    w.r = w.gradient + size;
    w.k = w.r + ANNIE_DELTA_SPAN * backward_columns;
    w.q = w.k + padded;
    w.read = w.q + padded;
    w.written = w.read + padded;
    turn_state(w.spans, part->state, key_dim, padded);
    turn_state(w.gradient, part->state_gradient, key_dim, padded);
    for (long span = 0; span + 1 < spans; span++)
        for (long token = span * ANNIE_DELTA_SPAN; token < (span + 1) * ANNIE_DELTA_SPAN; token++)
            replay_token(&w, w.spans + (span + 1) * size,
                         w.spans + (token % ANNIE_DELTA_SPAN == 0 ? span : span + 1) * size, w.r, token);
    for (long span = spans - 1; span >= 0; span--) {
        long first = span * ANNIE_DELTA_SPAN, count = rows - first;
        if (count > ANNIE_DELTA_SPAN) count = ANNIE_DELTA_SPAN;
        memcpy(w.states, w.spans + span * size, (size_t)size * sizeof(float));
        // The last token's r is needed, its next state is not; it goes where the span's own was.
        for (long i = 0; i < count; i++)
            replay_token(&w, i + 1 < count ? w.states + (i + 1) * size : w.spans + span * size, w.states + i * size,
                         w.r + i * backward_columns, first + i);
        for (long i = count - 1; i >= 0; i--)
            backward_token(&w, w.states + i * size, w.r + i * backward_columns, first + i);
    }
    turn_back(part->state_gradient, w.gradient, key_dim, padded);
}

#endif
