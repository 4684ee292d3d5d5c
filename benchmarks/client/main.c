/* load PORT: reads commands from its standard input, answers each with one line of JSON.
 *
 *   open COUNT WAVE PATH SECONDS   open streams, so many at a time
 *   stick COUNT PATH               open streams that are never read
 *   keys SEQUENCE STAMP            what stands before the two numbers in an event
 *   plan ...                       see plan_add
 *   run QUIET SECONDS              carry the plans out; over when all has arrived, or after QUIET seconds of silence
 *   close                          let go of all streams
 */
#include "load.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

struct sockaddr_in server;
int poll_fd;
struct totals totals;
static uint64_t base;
static enum kind commands = COMMANDS;
static char input[4096];
static size_t input_length;

static uint64_t monotonic(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

uint64_t now(void) { return monotonic() - base; }

void fail(const char *what) {
    perror(what);
    exit(1);
}

int number_after(const char *text, const char *key, uint64_t *number) {
    const char *place = strstr(text, key);
    if (place == NULL) return 0;
    place += strlen(key);
    while (*place == ' ') place++;
    if (*place < '0' || *place > '9') return 0;
    *number = strtoull(place, NULL, 10);
    return 1;
}

static void read_input(void) {
    ssize_t length = read(STDIN_FILENO, input + input_length, sizeof input - 1 - input_length);
    if (length <= 0) exit(0);
    input_length += (size_t)length;
    input[input_length] = '\0';
}

void turn(uint64_t until) {
    struct epoll_event events[64];
    uint64_t time = now();
    struct timespec left = {.tv_nsec = 0};
    if (until > time) left.tv_sec = (time_t)((until - time) / 1000000), left.tv_nsec = (long)((until - time) % 1000000) * 1000;
    int ready = epoll_pwait2(poll_fd, events, 64, &left, NULL);
    for (int i = 0; i < ready; i++) {
        switch (*(enum kind *)events[i].data.ptr) {
            case COMMANDS: read_input(); break;
            case STREAM:
            case STUCK: streams_read(events[i].data.ptr); break;
            case POSTER: plans_read(events[i].data.ptr); break;
        }
    }
}

static void run(double quiet, double seconds) {
    uint64_t start = now(), deadline = start + (uint64_t)(seconds * 1e6), last_news = start, sum = 0;
    struct rusage before, after;
    memset(&totals, 0, sizeof totals);
    getrusage(RUSAGE_SELF, &before);
    uint32_t streams = streams_count(STREAM);
    uint64_t wanted = (uint64_t)expected.events * streams;
    plans_start();
    while (now() < deadline) {
        uint64_t next = plans_step();
        if (next == 0 && totals.received + totals.doubled >= wanted) break;
        turn(next ? next : now() + 20000);
        if (totals.received != sum || next) sum = totals.received, last_news = now();
        else if (now() - last_news > (uint64_t)(quiet * 1e6)) break;
    }
    getrusage(RUSAGE_SELF, &after);
    double busy = (double)(after.ru_utime.tv_sec + after.ru_stime.tv_sec - before.ru_utime.tv_sec - before.ru_stime.tv_sec) +
                  1e-6 * (double)(after.ru_utime.tv_usec + after.ru_stime.tv_usec - before.ru_utime.tv_usec - before.ru_stime.tv_usec);
    struct missing missing = checks_finish();
    uint64_t span = totals.last_received > totals.first_sent ? totals.last_received - totals.first_sent : 0;
    printf("{\"is_finished\":%s,", now() < deadline ? "true" : "false");
    printf("\"streams\":%u,\"events\":%u,\"expected\":%lu,\"received\":%lu,\"lost\":%lu,\"last_lost\":%ld,\"superseded\":%lu,\"resyncs\":%lu,\"reloaded\":%lu,\"doubled\":%lu,"
           "\"disordered\":%lu,\"closed\":%lu,\"stuck_open\":%u,\"reads\":%lu,\"bytes\":%lu,\"microseconds\":%lu,"
           "\"client_cpu\":%.3f,",
           streams, expected.events, wanted, totals.received, missing.lost, missing.last_lost, missing.superseded,
           totals.resyncs, missing.reloaded, totals.doubled, totals.disordered, totals.closed,
           streams_count(STUCK), totals.reads, totals.bytes, span, busy);
    histogram_print(&totals.latency, "latency", stdout);
    printf(",");
    checks_print_last(stdout);
    printf(",");
    plans_print(stdout);
    printf("}\n");
    plans_forget();
}

static void obey(const char *line) {
    unsigned count, wave;
    double quiet, seconds;
    char path[256];
    if (sscanf(line, "open %u %u %255s %lf", &count, &wave, path, &seconds) == 4)
        streams_open(count, wave, path, now() + (uint64_t)(seconds * 1e6));
    else if (sscanf(line, "stick %u %255s", &count, path) == 2) streams_stick(count, path);
    else if (sscanf(line, "keys %63s %63s", sequence_key, stamp_key) == 2) printf("{}\n");
    else if (strncmp(line, "plan ", 5) == 0) plan_add(line + 5), printf("{}\n");
    else if (sscanf(line, "run %lf %lf", &quiet, &seconds) == 2) run(quiet, seconds);
    else if (strcmp(line, "close") == 0) streams_close(), printf("{}\n");
    else fail(line);
    fflush(stdout);
}

int main(int argc, char **argv) {
    if (argc != 2) return 2;
    signal(SIGPIPE, SIG_IGN);
    base = monotonic();
    server = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1]))};
    inet_pton(AF_INET, "127.0.0.1", &server.sin_addr);
    poll_fd = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &commands};
    if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, STDIN_FILENO, &event) < 0) fail("standard input");
    for (;;) {
        char *newline = memchr(input, '\n', input_length);
        if (newline == NULL) {
            turn(now() + 1000000);
            continue;
        }
        char line[4096];
        size_t length = (size_t)(newline - input);
        memcpy(line, input, length), line[length] = '\0';
        input_length -= length + 1;
        memmove(input, newline + 1, input_length);
        obey(line);
    }
}
