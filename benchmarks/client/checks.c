/* What each stream received, held against what was published. */
#include "load.h"
#include <stdlib.h>

struct expected expected;

void expect(uint32_t events, uint32_t requests, int is_one_order) {
    free(expected.arrivals), free(expected.latest);
    expected = (struct expected){.events = events, .requests = requests, .is_one_order = is_one_order};
    expected.arrivals = calloc(events + 1, sizeof *expected.arrivals);
    expected.latest = calloc(events + 1, sizeof *expected.latest);
    streams_expect();
}

void check_begin(struct check *self) {
    self->seen = calloc(expected.events / 8 + 1, 1);
    self->order = calloc(expected.events + 1, sizeof *self->order);
    self->highest = -1;
}

void check_end(struct check *self) {
    free(self->seen), free(self->order);
    *self = (struct check){0};
}

void check_take(struct check *self, uint64_t sequence, uint64_t stamp, int64_t id, uint64_t at) {
    if (self->seen == NULL || sequence >= expected.events) return;
    uint8_t bit = (uint8_t)(1u << sequence % 8), *byte = &self->seen[sequence / 8];
    if (*byte & bit) {
        totals.doubled++;
        return;
    }
    *byte |= bit;
    self->order[self->received++] = (uint32_t)sequence;
    int64_t place = id >= 0 ? id : expected.is_one_order ? (int64_t)sequence : -1;
    if (place < self->highest) totals.disordered++;
    self->highest = place;
    uint64_t latency = at > stamp ? at - stamp : 0;
    totals.received++, totals.last_received = at;
    expected.arrivals[sequence]++;
    if (latency > expected.latest[sequence]) expected.latest[sequence] = latency;
    histogram_add(&totals.latency, latency);
}

static struct check *fullest(void) {
    struct check *most = NULL, *each;
    for (uint32_t i = 0; (each = streams_check(i)) != NULL; i++)
        if (each->seen != NULL && (most == NULL || each->received > most->received)) most = each;
    return most;
}

/* Several connections that publish have no order between them; then all streams must have seen the same one. */
static uint64_t count_other_orders(void) {
    const struct check *model = fullest(), *each;
    if (model == NULL) return 0;
    uint32_t *place = calloc(expected.events + 1, sizeof *place);
    for (uint32_t i = 0; i < model->received; i++) place[model->order[i]] = i + 1;
    uint64_t disordered = 0;
    for (uint32_t i = 0; (each = streams_check(i)) != NULL; i++) {
        uint32_t last = 0;
        for (uint32_t j = 0; each->seen != NULL && j < each->received; j++) {
            uint32_t here = place[each->order[j]];
            if (here == 0) continue;
            if (here < last) disordered++;
            last = here;
        }
    }
    free(place);
    return disordered;
}

/* Superseded: a newer number of the same request arrived instead, which is all that a progress bar needs. */
static void judge_missing(const struct check *self, uint32_t sequence, struct missing *missing) {
    uint32_t later = sequence + expected.requests;
    while (later < expected.events && !(self->seen[later / 8] & 1u << later % 8)) later += expected.requests;
    if (later < expected.events) missing->superseded++;
    else if (self->is_reloading) missing->reloaded++;
    else missing->lost++, missing->last_lost = sequence;
}

struct missing checks_finish(void) {
    struct missing missing = {.last_lost = -1};
    const struct check *each;
    for (uint32_t i = 0; (each = streams_check(i)) != NULL; i++)
        for (uint32_t s = 0; each->seen != NULL && s < expected.events; s++)
            if (!(each->seen[s / 8] & 1u << s % 8)) judge_missing(each, s, &missing);
    if (!expected.is_one_order) totals.disordered += count_other_orders();
    return missing;
}

void checks_print_last(FILE *out) {
    struct histogram *last = calloc(1, sizeof *last);
    for (uint32_t s = 0; s < expected.events; s++)
        if (expected.arrivals[s]) histogram_add(last, expected.latest[s]);
    histogram_print(last, "last_subscriber", out);
    free(last);
}
