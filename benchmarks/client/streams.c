/* The streams: opened in waves, read as they come, every event checked. */
#include "load.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum state { CONNECTING, HEAD, BODY, OVER };
enum framing { PLAIN, SIZE, DATA, END };
enum { PIECE = 65536, LONGEST_LINE = 1 << 20 };

struct stream {
    enum kind kind;
    int fd;
    enum state state;
    enum framing framing;
    size_t chunk; /* bytes left of it, or the size read so far */
    char *line;   /* what came of a line that is not complete, or of the head */
    size_t length, room;
    int64_t id; /* of the event that comes, -1 without one */
    struct check check;
};

char sequence_key[64] = "\"eta\":", stamp_key[64] = "\"speed\":";
static struct stream *streams;
static uint32_t count, room, asking, opened, failed;
static char question[512];

uint32_t streams_count(enum kind kind) {
    uint32_t open = 0;
    for (uint32_t i = 0; i < count; i++) open += streams[i].kind == kind && streams[i].state == BODY;
    return open;
}

static void end(struct stream *self) {
    if (self->state == CONNECTING || self->state == HEAD) asking--, failed++;
    else if (self->state == BODY) totals.closed++;
    if (self->fd >= 0) close(self->fd);
    self->fd = -1, self->state = OVER;
}

static void begin(struct stream *self, enum kind kind) {
    *self = (struct stream){.kind = kind, .id = -1};
    self->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (self->fd < 0) fail("socket");
    int small = 4096;
    if (kind == STUCK) setsockopt(self->fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    asking++;
    if (connect(self->fd, (struct sockaddr *)&server, sizeof server) < 0 && errno != EINPROGRESS) {
        end(self);
        return;
    }
    struct epoll_event event = {.events = EPOLLOUT, .data.ptr = self};
    if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, self->fd, &event) < 0) fail("epoll_ctl");
}

static void ask(struct stream *self) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(self->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error || send(self->fd, question, strlen(question), MSG_NOSIGNAL) != (ssize_t)strlen(question)) {
        end(self);
        return;
    }
    struct epoll_event event = {.events = self->kind == STUCK ? 0 : EPOLLIN, .data.ptr = self};
    epoll_ctl(poll_fd, EPOLL_CTL_MOD, self->fd, &event);
    self->state = HEAD;
    if (self->kind == STUCK) self->state = BODY, asking--, opened++;
}

/* Without a reset, the ports of ten thousand streams would wait for a minute. */
void streams_close(void) {
    struct linger reset = {.l_onoff = 1, .l_linger = 0};
    for (uint32_t i = 0; i < count; i++) {
        if (streams[i].fd >= 0) {
            setsockopt(streams[i].fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
            close(streams[i].fd);
        }
        free(streams[i].line), check_end(&streams[i].check);
    }
    memset(streams, 0, room * sizeof *streams);
    count = 0;
}

static void reserve(uint32_t more) {
    if (streams == NULL) {
        room = 32768;
        streams = calloc(room, sizeof *streams);
    }
    if (streams == NULL || count + more > room) fail("too many streams");
}

static void write_question(const char *path) {
    snprintf(question, sizeof question, "GET %s HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n", path);
}

void streams_open(uint32_t wanted, uint32_t wave, const char *path, uint64_t deadline) {
    reserve(wanted);
    write_question(path);
    opened = failed = 0;
    uint64_t start = now(), slowest = 0, begun = 0;
    struct histogram *times = calloc(1, sizeof *times);
    while (opened + failed < wanted && now() < deadline) {
        while (begun < wanted && asking < wave) begin(&streams[count++], STREAM), begun++;
        uint32_t before = opened;
        turn(deadline);
        slowest = now() - start;
        for (; before < opened; before++) histogram_add(times, slowest);
    }
    printf("{\"opened\":%u,\"failed\":%u,\"microseconds\":%lu,", opened, wanted - opened, slowest);
    histogram_print(times, "times", stdout);
    printf("}\n");
    free(times);
}

void streams_stick(uint32_t wanted, const char *path) {
    reserve(wanted);
    write_question(path);
    opened = failed = 0;
    for (uint32_t i = 0; i < wanted; i++) begin(&streams[count++], STUCK);
    while (opened + failed < wanted) turn(now() + 100000);
    printf("{\"opened\":%u,\"failed\":%u}\n", opened, failed);
}

void streams_expect(void) {
    for (uint32_t i = 0; i < count; i++) {
        check_end(&streams[i].check);
        if (streams[i].kind == STREAM && streams[i].state == BODY) check_begin(&streams[i].check);
    }
}

struct check *streams_check(uint32_t number) { return number < count ? &streams[number].check : NULL; }

static void read_data(struct stream *self, const char *line, uint64_t at) {
    uint64_t sequence, stamp;
    if (strstr(line, "\"type\":\"resync\"") != NULL) totals.resyncs++, self->check.is_reloading = 1;
    if (number_after(line, sequence_key, &sequence) && number_after(line, stamp_key, &stamp))
        check_take(&self->check, sequence, stamp, self->id, at);
}

static void read_line(struct stream *self, char *line, size_t length, uint64_t at) {
    line[length] = '\0';
    if (length == 0) self->id = -1;
    else if (strncmp(line, "id:", 3) == 0 && strchr(line, '.') != NULL) self->id = atoll(strchr(line, '.') + 1);
    else if (strncmp(line, "data:", 5) == 0) read_data(self, line, at);
}

static void keep(struct stream *self, const char *bytes, size_t length) {
    if (self->length + length + 1 > LONGEST_LINE) fail("a line without an end");
    if (self->length + length + 1 > self->room) {
        self->room = 2 * (self->length + length + 1);
        self->line = realloc(self->line, self->room);
    }
    memcpy(self->line + self->length, bytes, length);
    self->length += length;
}

static void take_body(struct stream *self, char *bytes, size_t length, uint64_t at) {
    while (length > 0) {
        char *newline = memchr(bytes, '\n', length);
        if (newline == NULL) {
            keep(self, bytes, length);
            return;
        }
        size_t part = (size_t)(newline - bytes);
        if (self->length > 0) {
            keep(self, bytes, part);
            read_line(self, self->line, self->length, at);
            self->length = 0;
        } else {
            read_line(self, bytes, part, at);
        }
        bytes += part + 1, length -= part + 1;
    }
}

static void take_chunks(struct stream *self, char *bytes, size_t length, uint64_t at) {
    while (length > 0 && self->framing != PLAIN) {
        if (self->framing == DATA) {
            size_t part = length < self->chunk ? length : self->chunk;
            take_body(self, bytes, part, at);
            bytes += part, length -= part, self->chunk -= part;
            if (self->chunk == 0) self->framing = END;
            continue;
        }
        char next = *bytes++;
        length--;
        if (self->framing == END) self->framing = next == '\n' ? SIZE : END;
        else if (next == '\n') self->framing = DATA;
        else if (next != '\r') self->chunk = self->chunk * 16 + (size_t)(next <= '9' ? next - '0' : (next | 32) - 'a' + 10);
    }
    if (length > 0) take_body(self, bytes, length, at);
}

static void take_head(struct stream *self, char *bytes, size_t length, uint64_t at) {
    keep(self, bytes, length);
    self->line[self->length] = '\0';
    char *rest = strstr(self->line, "\r\n\r\n");
    if (rest == NULL) return;
    *rest = '\0';
    if (strncmp(self->line + 8, " 200", 4) != 0) {
        end(self);
        return;
    }
    self->framing = strcasestr(self->line, "transfer-encoding: chunked") ? SIZE : PLAIN;
    self->state = BODY, asking--, opened++;
    size_t left = self->length - (size_t)(rest + 4 - self->line);
    char *copy = malloc(left + 1);
    memcpy(copy, rest + 4, left);
    self->length = 0;
    take_chunks(self, copy, left, at);
    free(copy);
    if (self->length == 0) free(self->line), self->line = NULL, self->room = 0;
}

void streams_read(void *stream) {
    static char piece[PIECE + 1];
    struct stream *self = stream;
    if (self->state == OVER) return;
    if (self->state == CONNECTING) {
        ask(self);
        return;
    }
    ssize_t length = self->kind == STUCK ? 0 : read(self->fd, piece, PIECE);
    if (length < 0 && errno == EAGAIN) return;
    if (length <= 0) {
        end(self);
        return;
    }
    uint64_t at = now();
    totals.reads++, totals.bytes += (uint64_t)length;
    if (self->state == HEAD) take_head(self, piece, (size_t)length, at);
    else take_chunks(self, piece, (size_t)length, at);
}
