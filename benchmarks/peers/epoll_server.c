/* The bare epoll server: GET opens a stream, POST sends its body to all as one event, one send for each. No thread, no
 * memory per event, no check of anything: what the kernel alone costs.
 *
 *   epoll_server PORT
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 32768, PIECE = 65536, MOST_WAITING = 1 << 20 };

struct backlog {
    char *bytes;
    size_t length;
};

static struct backlog backlogs[MOST]; /* by descriptor: what a full socket did not take */
static int subscribers[MOST], places[MOST], count, poll_fd;
static const char GREETING[] =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    "1c\r\ndata: {\"type\":\"connected\"}\n\n\r\n";
static const char DONE[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

static void leave(int fd) {
    if (places[fd]) {
        int last = subscribers[--count];
        subscribers[places[fd] - 1] = last, places[last] = places[fd], places[fd] = 0;
    }
    free(backlogs[fd].bytes);
    backlogs[fd] = (struct backlog){0};
    close(fd);
}

static void watch(int fd, uint32_t events, int operation) {
    struct epoll_event event = {.events = events, .data.fd = fd};
    epoll_ctl(poll_fd, operation, fd, &event);
}

static void wait_for_room(int fd, const char *bytes, size_t length) {
    struct backlog *waiting = &backlogs[fd];
    if (waiting->length + length > MOST_WAITING) {
        leave(fd);
        return;
    }
    if (waiting->length == 0) watch(fd, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
    waiting->bytes = realloc(waiting->bytes, waiting->length + length);
    memcpy(waiting->bytes + waiting->length, bytes, length);
    waiting->length += length;
}

static void publish(const char *body, int length) {
    static char frame[PIECE + 64];
    int size = sprintf(frame, "%x\r\ndata: %.*s\n\n\r\n", length + 8, length, body);
    for (int i = count - 1; i >= 0; i--) {
        int fd = subscribers[i];
        ssize_t sent = backlogs[fd].length ? 0 : send(fd, frame, (size_t)size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0) sent = 0;
        if (sent < size) wait_for_room(fd, frame + sent, (size_t)(size - sent));
    }
}

static void drain(int fd) {
    struct backlog *waiting = &backlogs[fd];
    ssize_t sent = send(fd, waiting->bytes, waiting->length, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent <= 0) return;
    waiting->length -= (size_t)sent;
    memmove(waiting->bytes, waiting->bytes + sent, waiting->length);
    if (waiting->length > 0) return;
    free(waiting->bytes), waiting->bytes = NULL;
    watch(fd, EPOLLIN, EPOLL_CTL_MOD);
}

static void answer(int fd) {
    static char text[PIECE + 1];
    ssize_t length = recv(fd, text, PIECE, MSG_DONTWAIT);
    if (length <= 0) {
        leave(fd);
        return;
    }
    text[length] = '\0';
    if (strncmp(text, "GET /events", 11) == 0) {
        subscribers[count++] = fd, places[fd] = count;
        send(fd, GREETING, sizeof GREETING - 1, MSG_NOSIGNAL);
        return;
    }
    char *body = strstr(text, "\r\n\r\n"), *size = strcasestr(text, "content-length:");
    if (body != NULL && size != NULL && strncmp(text, "POST /publish", 13) == 0) {
        ssize_t missing = body + 4 + atoi(size + 15) - (text + length);
        if (missing > 0 && missing < PIECE - length) recv(fd, text + length, (size_t)missing, MSG_WAITALL);
        body[4 + atoi(size + 15)] = '\0';
        for (char *line = strtok(body + 4, "\n"); line != NULL; line = strtok(NULL, "\n")) publish(line, (int)strlen(line));
    }
    send(fd, DONE, sizeof DONE - 1, MSG_NOSIGNAL);
}

int main(int argc, char **argv) {
    if (argc != 2) return 2;
    signal(SIGPIPE, SIG_IGN);
    int listener = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1]))};
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 2048) < 0) return 1;
    poll_fd = epoll_create1(0);
    watch(listener, EPOLLIN, EPOLL_CTL_ADD);
    for (;;) {
        struct epoll_event events[256];
        int ready = epoll_wait(poll_fd, events, 256, -1);
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) {
                int taken = accept(listener, NULL, NULL);
                if (taken >= MOST) close(taken);
                else if (taken >= 0) watch(taken, EPOLLIN, EPOLL_CTL_ADD);
            } else if (events[i].events & EPOLLOUT && backlogs[fd].length) {
                drain(fd);
            } else if (events[i].events & ~(uint32_t)EPOLLOUT) {
                answer(fd);
            }
        }
    }
}
