/* Plans: what is POSTed, how often, over how many connections. Latency counts from the time it was due. */
#include "load.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST_PLANS = 4, MOST_POSTERS = 64, LONGEST = 1 << 16 };

struct plan {
    char name[32], path[256], *body;
    uint32_t events, posters, requests, first_request, port, batch, sent, answered, refused;
    double rate; /* a second; 0: each connection sends as soon as it has its answer */
    uint64_t begun, ended;
    struct histogram *latency;
};

struct poster {
    enum kind kind;
    int fd;
    uint32_t waiting; /* events in the POST that is not answered yet */
    struct plan *plan;
    uint64_t due;
    char answer[LONGEST];
    size_t length;
};

static struct plan plans[MOST_PLANS];
static struct poster *posters[MOST_PLANS][MOST_POSTERS];
static int plan_count;
static uint32_t past_rounds; /* a number that was sent before would not move */

static char *read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail(path);
    char *text = calloc(LONGEST, 1);
    size_t length = fread(text, 1, LONGEST - 1, file);
    fclose(file);
    if (length > 0 && text[length - 1] == '\n') text[length - 1] = '\0'; /* the end of the file, not of the body */
    return text;
}

/* plan NAME PATH FILE EVENTS POSTERS RATE REQUESTS FIRST PORT BATCH: the first one has what streams wait for; BATCH events
 * go in one POST, a line each. */
void plan_add(const char *arguments) {
    if (plan_count == MOST_PLANS) fail("too many plans");
    struct plan *plan = &plans[plan_count];
    char file[256];
    *plan = (struct plan){.latency = calloc(1, sizeof(struct histogram))};
    if (sscanf(arguments, "%31s %255s %255s %u %u %lf %u %u %u %u", plan->name, plan->path, file, &plan->events, &plan->posters,
               &plan->rate, &plan->requests, &plan->first_request, &plan->port, &plan->batch) != 10 || plan->posters > MOST_POSTERS)
        fail("plan");
    plan->body = read_file(file);
    if (plan_count++ > 0) return;
    /* Several connections have no order, and a tick of the poller tells a second round by the ids of the requests. */
    expect(plan->events, plan->requests, plan->posters == 1 && plan->events <= plan->requests);
}

static void dial(struct poster *self) {
    self->fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in door = server;
    door.sin_port = htons((uint16_t)self->plan->port);
    if (self->fd < 0 || connect(self->fd, (struct sockaddr *)&door, sizeof door) < 0) fail("connect");
    self->length = 0;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = self};
    if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, self->fd, &event) < 0) fail("epoll_ctl");
}

void plans_start(void) {
    for (int p = 0; p < plan_count; p++) {
        for (uint32_t i = 0; i < plans[p].posters; i++) {
            struct poster *poster = posters[p][i] = calloc(1, sizeof *poster);
            poster->kind = POSTER, poster->plan = &plans[p];
            dial(poster);
        }
        plans[p].begun = now();
    }
}

/* {{S}} the number, {{T}} the time, {{R}} the request it speaks of, {{P}} its progress, {{H}} a hash. */
static size_t write_body(const struct plan *plan, uint32_t number, uint64_t stamp, char *body) {
    size_t length = 0;
    for (const char *from = plan->body; *from != '\0';) {
        if (from[0] != '{' || from[1] != '{' || from[2] == '\0' || from[3] != '}') {
            body[length++] = *from++;
            continue;
        }
        uint32_t request = plan->first_request + number % plan->requests, round = past_rounds + number / plan->requests;
        switch (from[2]) {
            case 'S': length += (size_t)sprintf(body + length, "%u", number); break;
            case 'T': length += (size_t)sprintf(body + length, "%lu", stamp); break;
            case 'R': length += (size_t)sprintf(body + length, "%u", request); break;
            case 'P': length += (size_t)sprintf(body + length, "%u", 10 + round % 16 * 5); break;
            case 'H': length += (size_t)sprintf(body + length, "%040x", request); break;
            default: fail("placeholder");
        }
        from += 5;
    }
    return length;
}

static void post(struct poster *self, uint64_t due) {
    static char body[LONGEST], text[LONGEST + 1024];
    struct plan *plan = self->plan;
    size_t length = 0;
    for (self->waiting = 0; self->waiting < plan->batch && plan->sent < plan->events; self->waiting++) {
        if (self->waiting > 0) body[length++] = '\n';
        length += write_body(plan, plan->sent++, due, body + length);
        if (length > LONGEST / 2) fail("too many events for one POST");
    }
    int head = sprintf(text,
                       "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                       plan->path, length);
    memcpy(text + head, body, length);
    if (totals.first_sent == 0 && plan == plans) totals.first_sent = due;
    self->due = due;
    if (send(self->fd, text, (size_t)head + length, MSG_NOSIGNAL) != (ssize_t)((size_t)head + length)) fail("send");
}

uint64_t plans_step(void) {
    uint64_t next = 0;
    for (int p = 0; p < plan_count; p++) {
        struct plan *plan = &plans[p];
        if (plan->answered == plan->events) continue;
        uint64_t time = now(), wake = time + 100000;
        for (uint32_t i = 0; i < plan->posters && plan->sent < plan->events; i++) {
            if (posters[p][i]->waiting) continue;
            uint64_t due = plan->rate > 0 ? plan->begun + (uint64_t)(plan->sent * 1e6 / plan->rate) : time;
            if (due > time) {
                wake = due;
                break;
            }
            post(posters[p][i], due);
        }
        if (next == 0 || wake < next) next = wake;
    }
    return next;
}

static int is_complete(const struct poster *self) {
    const char *end = strstr(self->answer, "\r\n\r\n");
    if (end == NULL) return 0;
    const char *length = strcasestr(self->answer, "content-length:");
    if (length != NULL && length < end) return self->length >= (size_t)(end + 4 - self->answer) + strtoul(length + 15, NULL, 10);
    if (strcasestr(self->answer, "transfer-encoding: chunked") == NULL) return 1;
    return self->length >= 5 && memcmp(self->answer + self->length - 5, "0\r\n\r\n", 5) == 0;
}

void plans_read(void *poster) {
    struct poster *self = poster;
    ssize_t length = read(self->fd, self->answer + self->length, LONGEST - 1 - self->length);
    if (length < 0 && errno == EAGAIN) return;
    if (length <= 0) { /* a server may end what waits for its next question */
        close(self->fd);
        if (self->waiting) self->plan->answered += self->waiting, self->plan->refused += self->waiting;
        self->waiting = 0;
        dial(self);
        return;
    }
    self->length += (size_t)length;
    self->answer[self->length] = '\0';
    if (!is_complete(self)) return;
    if (self->answer[9] != '2') self->plan->refused++;
    histogram_add(self->plan->latency, now() - self->due);
    self->plan->answered += self->waiting, self->plan->ended = now();
    self->waiting = 0, self->length = 0;
}

void plans_print(FILE *out) {
    fprintf(out, "\"plans\":{");
    for (int p = 0; p < plan_count; p++) {
        struct plan *plan = &plans[p];
        fprintf(out, "%s\"%s\":{\"posted\":%u,\"answered\":%u,\"refused\":%u,\"microseconds\":%lu,", p ? "," : "", plan->name,
                plan->sent, plan->answered, plan->refused, plan->ended > plan->begun ? plan->ended - plan->begun : 0);
        histogram_print(plan->latency, "latency", out);
        fprintf(out, "}");
    }
    fprintf(out, "}");
}

void plans_forget(void) {
    for (int p = 0; p < plan_count; p++) {
        for (uint32_t i = 0; i < plans[p].posters; i++) {
            if (posters[p][i] == NULL) continue;
            close(posters[p][i]->fd);
            free(posters[p][i]), posters[p][i] = NULL;
        }
        free(plans[p].body), free(plans[p].latency);
    }
    past_rounds += expected.events / expected.requests + 1;
    plan_count = 0;
}
