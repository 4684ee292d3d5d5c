#include "load.h"

enum { FINE = 64 };

static unsigned bucket_of(uint64_t value) {
    unsigned power = 0;
    while (value >> power >= 2 * FINE) power++;
    unsigned bucket = power * FINE + (unsigned)(value >> power);
    return bucket < 64 * 32 ? bucket : 64 * 32 - 1;
}

/* The upper end of a bucket, so that no figure flatters. */
static uint64_t end_of(unsigned bucket) {
    unsigned power = bucket < 2 * FINE ? 0 : bucket / FINE - 1;
    return ((uint64_t)(bucket - power * FINE + 1) << power) - 1;
}

void histogram_add(struct histogram *self, uint64_t microseconds) {
    self->buckets[bucket_of(microseconds)]++;
    self->count++;
    if (microseconds > self->largest) self->largest = microseconds;
}

uint64_t histogram_at(const struct histogram *self, double share) {
    uint64_t wanted = (uint64_t)(share * (double)self->count), seen = 0;
    for (unsigned bucket = 0; bucket < 64 * 32; bucket++) {
        seen += self->buckets[bucket];
        if (seen > wanted) return end_of(bucket) < self->largest ? end_of(bucket) : self->largest;
    }
    return self->largest;
}

void histogram_print(const struct histogram *self, const char *name, FILE *out) {
    fprintf(out, "\"%s\":{\"count\":%lu,\"p50\":%lu,\"p99\":%lu,\"max\":%lu}", name, self->count,
            histogram_at(self, 0.50), histogram_at(self, 0.99), self->largest);
}
