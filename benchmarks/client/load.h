/* The load client: it holds thousands of streams open, publishes, and checks what arrives. One thread, one epoll. */
#ifndef LOAD_H
#define LOAD_H
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum kind { COMMANDS, STREAM, STUCK, POSTER };

/* Times up to an hour in microseconds, kept with a precision of 1/64. */
struct histogram {
    uint64_t buckets[64 * 32];
    uint64_t count, largest;
};

void histogram_add(struct histogram *self, uint64_t microseconds);
void histogram_print(const struct histogram *self, const char *name, FILE *out);
uint64_t histogram_at(const struct histogram *self, double share);

/* What every stream has to receive. Sequence numbers run from 0; number s speaks of request s % requests. */
struct expected {
    uint32_t events, requests;
    int is_one_order;    /* published over one connection: the order is that of the numbers */
    uint32_t *arrivals;  /* per number: at how many streams it was seen */
    uint64_t *latest;    /* per number: the latency of the last stream so far */
};

/* What one stream received. */
struct check {
    uint8_t *seen;
    uint32_t *order, received;
    int64_t highest;
    int is_reloading; /* it was told to load the board anew, which has all that is missing */
};

struct missing {
    uint64_t lost, superseded, reloaded;
    int64_t last_lost;
};

struct totals {
    uint64_t received, doubled, disordered, reads, bytes, closed, resyncs;
    uint64_t first_sent, last_received;
    struct histogram latency;
};

extern struct sockaddr_in server;
extern int poll_fd;
extern struct totals totals;
extern struct expected expected;

uint64_t now(void);
void fail(const char *what);
int number_after(const char *text, const char *key, uint64_t *number);

void streams_open(uint32_t count, uint32_t wave, const char *path, uint64_t deadline);
void streams_stick(uint32_t count, const char *path);
void streams_expect(void);
struct check *streams_check(uint32_t number); /* NULL behind the last */
void streams_read(void *stream);
void streams_close(void);
uint32_t streams_count(enum kind kind); /* how many of this kind are open */
extern char sequence_key[64], stamp_key[64];

void expect(uint32_t events, uint32_t requests, int is_one_order);
void check_begin(struct check *self);
void check_take(struct check *self, uint64_t sequence, uint64_t stamp, int64_t id, uint64_t at);
void check_end(struct check *self);
struct missing checks_finish(void);
void checks_print_last(FILE *out);

void plan_add(const char *arguments);
void plans_start(void);
uint64_t plans_step(void); /* sends what is due; gives the time of the next sending, 0 when all is answered */
void plans_read(void *poster);
void plans_print(FILE *out);
void plans_forget(void);

void turn(uint64_t until); /* one turn of the loop: wait for the network, at most until then */
#endif
