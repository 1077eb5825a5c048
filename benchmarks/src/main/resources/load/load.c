// The load of a benchmark: many subscribers and one publisher of a websocket server on this machine, in C with epoll, so
// that it is not what limits. It is told by lines on its standard input what to do, and answers each with one line:
//
//   connect N           opens sockets until N are subscribed   {"ready","failed","seconds","cpu"}
//   run RATE WINDOW MS  publishes for so long: RATE messages per second, or, when RATE is 0, as many as keep WINDOW
//                       messages on their way; then waits for what is still on its way
//                       {"sent","delivered","lost","dead","seconds","p50","p90","p99","max","cpu","late"}
//   expect              begins to count what others publish    {}
//   await N MS          waits until N messages have come, for so long at most; answers as run does
//   stall N             the first N subscribers read nothing any more; they count for nothing       {}
//   track MS            every subscriber tracks its presence at once; waits until everybody has been told of everybody
//   hop N MS            one subscriber after another, in turns, tracks a new presence, N per second, for so long
//
// A message carries the moment of its sending ("TS=" and 19 digits, nanoseconds of CLOCK_MONOTONIC); a latency ends when
// the read of the socket has returned. Times are in microseconds; cpu is in seconds, of all of this process.
//
// Between two measurements PHOENIX's subscribers send a heartbeat when the last one is "beat" ago, and wait for the
// answers: a server ends who says nothing for minutes, and would do so while another one is measured.
//
// Usage: load PROTOCOL PORT [name=value ...]; for the names see "options" below.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { SCRATCH = 1 << 18, BUCKETS = 4096, MARK = 22, EVENTS = 512, TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10 };

// How a server is spoken to. RAW: every message is a frame. POST: the same, published by HTTP (nchan).
// NATS: its protocol in binary frames. SOCKETIO: version 4. PHOENIX: channels, as Supabase Realtime speaks.
enum protocol { RAW, POST, NATS, SOCKETIO, PHOENIX };
#define HEARTBEAT "heartbeat"  // the ref of a heartbeat
static const char *const protocols[] = {"raw", "post", "nats", "socketio", "phoenix"};

// ---- options

static enum protocol protocol;
static int port;
static const char *path = "/";          // path=   of a subscriber's socket
static const char *publish_path = "/";  // publish= of the publisher's
static const char *config = "{}";       // config=  of a phx_join
static const char *topics_file;         // topics=  a file with one topic per line, instead of "realtime:bench"
static int topics_each = 1;             // each=    how many of them every socket joins, in turns
static int size = 300;                  // size=    bytes of a message's payload
static int pace = 4000;                 // pace=    connections per second
static int beat = 25000;                // beat=    milliseconds between heartbeats
static int patience = 10000;            // patience= milliseconds to wait for what is still on its way

// ---- clock and histogram

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

// Microseconds, 64 buckets for each power of two: within 1.6 % of the truth.
struct histogram {
  uint64_t count[BUCKETS], total, max;
};

static void note(struct histogram *h, uint64_t us) {
  int bucket = (int)us;
  if (us >= 64) {
    int power = 63 - __builtin_clzll(us);
    bucket = (power - 5) * 64 + (int)((us >> (power - 6)) & 63);
  }
  h->count[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
  h->total++;
  if (us > h->max) h->max = us;
}

static uint64_t percentile(const struct histogram *h, double share) {
  uint64_t rank = (uint64_t)((double)h->total * share), seen = 0;
  for (int i = 0; i < BUCKETS; i++) {
    seen += h->count[i];
    if (seen > rank) return i < 64 ? (uint64_t)i : (1ull << (i / 64 + 5)) + ((uint64_t)(i % 64) << (i / 64 - 1));
  }
  return h->max;
}

// ---- connections

struct connection {
  int fd, number, joins;  // joins: answers that are still to come before it counts as subscribed
  bool open, subscribed, stalled;
  uint8_t *rest;  // the beginning of a frame whose end has not come
  size_t rest_length;
};

static struct connection *subscribers, publisher;
static int wanted, opened;
static char **topics;
static int topic_count;
static int poller;
static atomic_long ready, failed, dead, delivered, beats_answered;
static atomic_bool measuring, presences;
static atomic_int resetting;
static struct histogram latencies;
static long sent;

static int write_all(int fd, const void *bytes, size_t length) {
  const uint8_t *at = bytes;
  while (length > 0) {
    ssize_t n = send(fd, at, length, MSG_NOSIGNAL);
    if (n < 0) {
      if (errno != EAGAIN && errno != EINTR) return -1;
      usleep(50);
      continue;
    }
    at += n;
    length -= (size_t)n;
  }
  return 0;
}

// A client's frames are masked; a mask of zeros leaves the payload as it is.
static int send_frame(int fd, int opcode, const void *payload, size_t length) {
  uint8_t *frame = malloc(length + 14);
  size_t head = 0;
  frame[head++] = (uint8_t)(0x80 | opcode);
  if (length < 126) {
    frame[head++] = (uint8_t)(0x80 | length);
  } else if (length < 65536) {
    frame[head++] = 0x80 | 126;
    frame[head++] = (uint8_t)(length >> 8);
    frame[head++] = (uint8_t)length;
  } else {
    frame[head++] = 0x80 | 127;
    for (int i = 7; i >= 0; i--) frame[head++] = (uint8_t)((uint64_t)length >> (8 * i));
  }
  memset(frame + head, 0, 4);
  memcpy(frame + head + 4, payload, length);
  int result = write_all(fd, frame, head + 4 + length);
  free(frame);
  return result;
}

static int dial(int number) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
  if (fd < 0) return -1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  // An address has ports for some 28,000 connections to one server.
  struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001 + (uint32_t)number / 20000)};
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(0x7f000001)};
  if (bind(fd, (void *)&from, sizeof from) < 0 || connect(fd, (void *)&to, sizeof to) < 0) {
    close(fd);
    return -1;
  }
  return fd;
}

static void ask_for_upgrade(int fd, const char *on) {
  char request[8192];
  int length = snprintf(request, sizeof request,
                        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Key: Y2FtcGZpcmUgYmVuY2htcw==\r\nSec-WebSocket-Version: 13\r\n\r\n",
                        on, port);
  write_all(fd, request, (size_t)length);
}

static const char *topic_of(int number) {
  return topic_count == 0 ? "realtime:bench" : topics[number % topic_count];
}

static void subscribed(struct connection *c) {
  if (!c->subscribed) {
    c->subscribed = true;
    if (c != &publisher) ready++;
  }
}

// What is said as soon as the socket is open.
static void subscribe(struct connection *c) {
  char words[8192];
  int length;
  switch (protocol) {
    case RAW:
    case POST:
      subscribed(c);
      break;
    case NATS:
      length = snprintf(words, sizeof words,
                        "CONNECT {\"verbose\":false,\"pedantic\":false,\"lang\":\"c\",\"version\":\"0\",\"protocol\":1,"
                        "\"echo\":false}\r\n%sPING\r\n",
                        c == &publisher ? "" : "SUB bench 1\r\n");
      send_frame(c->fd, BINARY, words, (size_t)length);
      break;
    case SOCKETIO:
      send_frame(c->fd, TEXT, "40", 2);
      break;
    case PHOENIX:
      c->joins = c == &publisher ? 1 : topics_each;
      for (int i = 0; i < c->joins; i++) {
        int number = c == &publisher ? 0 : c->number * topics_each + i;
        length = snprintf(words, sizeof words, "[\"%d\",\"%d\",\"%s\",\"phx_join\",{\"config\":%s}]", i + 1, i + 1,
                          topic_of(number), config);
        send_frame(c->fd, TEXT, words, (size_t)length);
      }
      break;
  }
}

// ---- receiving

static uint64_t number_at(const uint8_t *digits) {
  uint64_t n = 0;
  for (int i = 0; i < MARK - 3; i++) n = n * 10 + (uint64_t)(digits[i] - '0');
  return n;
}

// Counts the messages of a frame. Where the mark stood last time is where it stands most likely.
static int count(const struct connection *c, const uint8_t *payload, size_t length, uint64_t at) {
  static __thread size_t usual;
  const uint8_t *mark = NULL, *end = payload + length;
  if (usual + MARK <= length && memcmp(payload + usual, "TS=", 3) == 0) {
    mark = payload + usual;
  } else {
    mark = memmem(payload, length, "TS=", 3);
  }
  int hits = 0;
  if (mark != NULL) usual = (size_t)(mark - payload);
  bool many = protocol == NATS;
  if (presences && mark != NULL) {
    // One diff tells of all who came within its tick; whoever moved is named again among those who left.
    const uint8_t *left = memmem(payload, length, "\"leaves\"", 8);
    if (left != NULL) end = left;
    many = true;
  }
  while (mark != NULL && end - mark >= MARK) {
    uint64_t moment = number_at(mark + 3);
    if (measuring && !c->stalled) note(&latencies, at > moment ? (at - moment) / 1000 : 0);
    hits++;
    if (!many) break;
    mark = memmem(mark + MARK, (size_t)(end - mark - MARK), "TS=", 3);
  }
  if (!c->stalled) delivered += hits;
  return hits;
}

static void complain(const char *what, const uint8_t *text, size_t length) {
  if (failed++ < 3) fprintf(stderr, "%s: %.*s\n", what, (int)(length < 300 ? length : 300), text);
}

static bool contains(const uint8_t *text, size_t length, const char *words) {
  return memmem(text, length, words, strlen(words)) != NULL;
}

static void frame(struct connection *c, int opcode, const uint8_t *payload, size_t length, uint64_t at) {
  if (opcode == PING) {
    send_frame(c->fd, PONG, payload, length);
  } else if (opcode == CLOSE) {
    complain("closed", length > 2 ? payload + 2 : payload, length > 2 ? length - 2 : 0);
  } else if (opcode != PONG && (c == &publisher || count(c, payload, length, at) == 0)) {
    switch (protocol) {
      case RAW:
      case POST:
        break;
      case NATS:
        if (contains(payload, length, "PONG")) subscribed(c);
        else if (contains(payload, length, "PING") && !contains(payload, length, "INFO")) send_frame(c->fd, BINARY, "PONG\r\n", 6);
        break;
      case SOCKETIO:
        if (length == 1 && payload[0] == '2') send_frame(c->fd, TEXT, "3", 1);
        else if (length >= 2 && payload[0] == '4' && payload[1] == '0') subscribed(c);
        break;
      case PHOENIX:
        if (c->subscribed || !contains(payload, length, "\"phx_reply\"")) {
          if (contains(payload, length, "\"" HEARTBEAT "\"")) beats_answered++;
        } else if (!contains(payload, length, "\"ok\"")) {
          complain("join", payload, length);
        } else if (--c->joins <= 0) {
          subscribed(c);
        }
        break;
    }
  }
}

// Takes whole frames from the bytes, and returns how many bytes they were.
static size_t frames(struct connection *c, const uint8_t *bytes, size_t length, uint64_t at) {
  size_t done = 0;
  if (!c->open) {
    const uint8_t *end = memmem(bytes, length, "\r\n\r\n", 4);
    if (end == NULL) return 0;
    if (!contains(bytes, length, " 101 ")) {
      complain("upgrade", bytes, length);
      return length;
    }
    done = (size_t)(end + 4 - bytes);
    c->open = true;
    subscribe(c);
  }
  while (length - done >= 2) {
    const uint8_t *f = bytes + done;
    uint64_t size_of = f[1] & 127;
    size_t head = 2;
    if (size_of == 126) {
      if (length - done < 4) break;
      size_of = (uint64_t)f[2] << 8 | f[3];
      head = 4;
    } else if (size_of == 127) {
      if (length - done < 10) break;
      size_of = 0;
      for (int i = 0; i < 8; i++) size_of = size_of << 8 | f[2 + i];
      head = 10;
    }
    if (length - done < head + size_of) break;
    frame(c, f[0] & 15, f + head, size_of, at);
    done += head + size_of;
  }
  return done;
}

// Reads what has come into the scratch buffer, behind what was left of an earlier read. False: the connection is gone.
static bool receive(struct connection *c, uint8_t *scratch, size_t capacity) {
  size_t length = c->rest_length;
  if (length > 0) memcpy(scratch, c->rest, length);
  ssize_t n = recv(c->fd, scratch + length, capacity - length, MSG_DONTWAIT);
  if (n < 0) return errno == EAGAIN || errno == EINTR;
  if (n == 0) return false;
  uint64_t at = now();
  length += (size_t)n;
  size_t done = frames(c, scratch, length, at);
  if (length == capacity && done == 0) {
    complain("a frame is too large", scratch, 0);
    return false;
  }
  c->rest_length = length - done;
  if (c->rest_length > 0) {
    c->rest = realloc(c->rest, c->rest_length);
    memcpy(c->rest, scratch + done, c->rest_length);
  }
  return true;
}

static void *serve(void *unused) {
  (void)unused;
  static uint8_t scratch[SCRATCH];
  struct epoll_event events[EVENTS];
  for (;;) {
    int n = epoll_wait(poller, events, EVENTS, 20);
    if (resetting) {
      memset(&latencies, 0, sizeof latencies);
      resetting = 0;
    }
    for (int i = 0; i < n; i++) {
      struct connection *c = events[i].data.ptr;
      if (c->stalled) {
        epoll_ctl(poller, EPOLL_CTL_DEL, c->fd, NULL);
      } else if (!receive(c, scratch, SCRATCH)) {
        epoll_ctl(poller, EPOLL_CTL_DEL, c->fd, NULL);
        c->open = false;
        dead++;
      }
    }
  }
  return NULL;
}

static void watch(struct connection *c) {
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
  epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &event);
}

// ---- publishing

static char padding[1 << 16];

static void publish(void) {
  static char message[1 << 17], body[1 << 17];
  int length, mark = snprintf(body, sizeof body, "{\"t\":\"TS=%019lu\",\"d\":\"%s\"}", now(), padding);
  switch (protocol) {
    case RAW:
      send_frame(publisher.fd, TEXT, body, (size_t)mark);
      break;
    case POST:
      length = snprintf(message, sizeof message,
                        "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
                        publish_path, mark, body);
      write_all(publisher.fd, message, (size_t)length);
      break;
    case NATS:
      length = snprintf(message, sizeof message, "PUB bench %d\r\n%s\r\n", mark, body);
      send_frame(publisher.fd, BINARY, message, (size_t)length);
      break;
    case SOCKETIO:
      length = snprintf(message, sizeof message, "42[\"publish\",%s]", body);
      send_frame(publisher.fd, TEXT, message, (size_t)length);
      break;
    case PHOENIX:
      length = snprintf(message, sizeof message,
                        "[\"1\",null,\"%s\",\"broadcast\",{\"type\":\"broadcast\",\"event\":\"bench\",\"payload\":%s}]",
                        topic_of(0), body);
      send_frame(publisher.fd, TEXT, message, (size_t)length);
      break;
  }
  sent++;
}

// The publisher is answered, too; unread answers would hold it up.
static void drain_publisher(void) {
  static uint8_t scratch[SCRATCH];
  if (protocol == POST) {
    while (recv(publisher.fd, scratch, sizeof scratch, MSG_DONTWAIT) > 0) {
    }
  } else if (!receive(&publisher, scratch, sizeof scratch)) {
    fprintf(stderr, "the publisher lost its connection\n");
    exit(1);
  }
}

static void open_publisher(void) {
  publisher.number = 0;
  publisher.fd = dial(0);
  if (publisher.fd < 0) {
    fprintf(stderr, "the publisher can't connect\n");
    exit(1);
  }
  if (protocol != POST) {
    ask_for_upgrade(publisher.fd, protocol == RAW ? publish_path : path);
    for (uint64_t end = now() + 10000000000u; !publisher.subscribed && now() < end; usleep(500)) drain_publisher();
    if (!publisher.subscribed) {
      fprintf(stderr, "the publisher was not let in\n");
      exit(1);
    }
  }
}

// ---- commands

static double cpu(void) {
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + 1e-6 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static void connect_all(int count) {
  double cpu_before = cpu();
  uint64_t start = now(), limit = start + 120000000000u;
  int first = opened;
  if (count > wanted) {
    fprintf(stderr, "no more than %d subscribers\n", wanted);
    exit(2);
  }
  for (; opened < count; opened++) {
    struct connection *c = &subscribers[opened];
    c->number = opened;
    c->fd = dial(opened);
    if (c->fd < 0) {
      if (failed++ < 3) fprintf(stderr, "connection %d: %s\n", opened, strerror(errno));
      continue;
    }
    ask_for_upgrade(c->fd, path);
    watch(c);
    // Not so many at once that the server's queue of new connections overflows.
    while (opened - ready - failed > 128 && now() < limit) usleep(200);
    uint64_t turn = start + (uint64_t)((opened - first) * 1e9 / pace);
    while (now() < turn) usleep(100);
  }
  while (ready + failed < opened && now() < limit) usleep(200);
  double seconds = (double)(now() - start) / 1e9;
  if (publisher.fd == 0 && topics_file == NULL) open_publisher();
  printf("{\"ready\":%ld,\"failed\":%ld,\"seconds\":%.4f,\"cpu\":%.4f}\n", ready, failed, seconds, cpu() - cpu_before);
}

static uint64_t beaten;

static void keep_alive(void) {
  static const char words[] = "[null,\"" HEARTBEAT "\",\"phoenix\",\"heartbeat\",{}]";
  if (protocol != PHOENIX || now() < beaten + (uint64_t)beat * 1000000u) return;
  beaten = now();
  long before = beats_answered, expected = 0;
  for (int i = 0; i < opened; i++) {
    const struct connection *c = &subscribers[i];
    if (c->open && c->subscribed && !c->stalled && send_frame(c->fd, TEXT, words, sizeof words - 1) == 0) expected++;
  }
  while (beats_answered - before < expected && now() < beaten + (uint64_t)patience * 1000000u) usleep(500);
}

static long delivered_before, dead_before;
static double cpu_before;
static uint64_t begun;

static void begin(void) {
  keep_alive();
  resetting = 1;
  while (resetting) usleep(200);
  delivered_before = delivered;
  dead_before = dead;
  sent = 0;
  cpu_before = cpu();
  begun = now();
  measuring = true;
}

static void wait_for(long deliveries, uint64_t nanos) {
  uint64_t end = now() + nanos;
  while (delivered - delivered_before < deliveries && now() < end) {
    usleep(500);
    if (publisher.fd > 0) drain_publisher();
  }
}

static void tell(long expected, long in_time, uint64_t end, bool late) {
  double used = cpu() - cpu_before;
  measuring = false;
  usleep(30000);  // whoever receives has seen it
  printf("{\"sent\":%ld,\"delivered\":%ld,\"lost\":%ld,\"dead\":%ld,\"seconds\":%.4f,\"p50\":%lu,\"p90\":%lu,\"p99\":%lu,"
         "\"max\":%lu,\"cpu\":%.4f,\"late\":%s}\n",
         sent, in_time, expected - (delivered - delivered_before), dead - dead_before, (double)(end - begun) / 1e9,
         percentile(&latencies, .5), percentile(&latencies, .9), percentile(&latencies, .99), latencies.max, used,
         late ? "true" : "false");
}

static long listeners(void) {
  long n = 0;
  for (int i = 0; i < opened; i++) n += subscribers[i].subscribed && !subscribers[i].stalled;
  return n;
}

static void run(double rate, long window, long millis) {
  begin();
  long each = listeners();
  uint64_t end = begun + (uint64_t)millis * 1000000u;
  bool late = false;
  if (rate > 0) {
    long planned = (long)(rate * (double)millis / 1e3);
    for (long i = 0; i < planned; i++) {
      uint64_t turn = begun + (uint64_t)((double)i * 1e9 / rate), at = now();
      late = at > turn + 50000000u;
      // Sleeping wakes up some 60 us late.
      if (at < turn) {
        if (turn - at > 150000) usleep((useconds_t)((turn - at - 60000) / 1000));
        while (now() < turn) {
        }
      }
      publish();
      drain_publisher();
    }
    while (now() < end) {
      usleep(1000);
      drain_publisher();
    }
  } else {
    while (now() < end) {
      if (sent * each - (delivered - delivered_before) < window * each) {
        publish();
      } else {
        usleep(20);
      }
      drain_publisher();
    }
  }
  uint64_t stopped = now();
  long in_time = delivered - delivered_before;
  wait_for(sent * each, (uint64_t)patience * 1000000u);
  tell(sent * each, in_time, stopped, late);
}

static void await(long count, long millis) {
  wait_for(count, (uint64_t)millis * 1000000u);
  tell(count, delivered - delivered_before, now(), false);
}

static void stall(int count) {
  for (int i = 0; i < opened && i < count; i++) {
    subscribers[i].stalled = true;
    epoll_ctl(poller, EPOLL_CTL_DEL, subscribers[i].fd, NULL);
  }
  usleep(100000);
  printf("{}\n");
}

static void track_one(const struct connection *c) {
  char words[1024];
  int length = snprintf(words, sizeof words,
                        "[\"1\",\"p\",\"%s\",\"presence\",{\"type\":\"presence\",\"event\":\"track\",\"payload\":"
                        "{\"t\":\"TS=%019lu\",\"name\":\"member %d\"}}]",
                        topic_of(c->number), now(), c->number);
  send_frame(c->fd, TEXT, words, (size_t)length);
  sent++;
}

static void track(long millis) {
  presences = true;
  begin();
  long each = listeners();
  for (int i = 0; i < opened; i++) track_one(&subscribers[i]);
  wait_for(sent * each, (uint64_t)millis * 1000000u);
  tell(sent * each, delivered - delivered_before, now(), false);
}

static void hop(double rate, long millis) {
  presences = true;
  begin();
  long each = listeners(), planned = (long)(rate * (double)millis / 1e3);
  for (long i = 0; i < planned; i++) {
    uint64_t turn = begun + (uint64_t)((double)i * 1e9 / rate);
    while (now() < turn) usleep(100);
    track_one(&subscribers[i % opened]);
  }
  while (now() < begun + (uint64_t)millis * 1000000u) usleep(1000);
  uint64_t stopped = now();
  long in_time = delivered - delivered_before;
  wait_for(sent * each, (uint64_t)patience * 1000000u);
  tell(sent * each, in_time, stopped, false);
}

static void read_topics(void) {
  FILE *file = fopen(topics_file, "r");
  char *line = NULL;
  size_t capacity = 0;
  ssize_t length;
  if (file == NULL) {
    fprintf(stderr, "%s: %s\n", topics_file, strerror(errno));
    exit(2);
  }
  while ((length = getline(&line, &capacity, file)) > 0) {
    if (line[length - 1] == '\n') line[length - 1] = 0;
    if (topic_count % 1024 == 0) topics = realloc(topics, sizeof(char *) * (size_t)(topic_count + 1024));
    topics[topic_count++] = strdup(line);
  }
  free(line);
  fclose(file);
}

static void option(char *text) {
  char *value = strchr(text, '=');
  if (value == NULL) {
    fprintf(stderr, "not an option: %s\n", text);
    exit(2);
  }
  *value++ = 0;
  if (strcmp(text, "path") == 0) path = value;
  else if (strcmp(text, "publish") == 0) publish_path = value;
  else if (strcmp(text, "config") == 0) config = value;
  else if (strcmp(text, "topics") == 0) topics_file = value;
  else if (strcmp(text, "each") == 0) topics_each = atoi(value);
  else if (strcmp(text, "size") == 0) size = atoi(value);
  else if (strcmp(text, "pace") == 0) pace = atoi(value);
  else if (strcmp(text, "beat") == 0) beat = atoi(value);
  else if (strcmp(text, "patience") == 0) patience = atoi(value);
  else {
    fprintf(stderr, "no such option: %s\n", text);
    exit(2);
  }
}

int main(int count, char **arguments) {
  if (count < 3) {
    fprintf(stderr, "usage: load raw|post|nats|socketio|phoenix PORT [name=value ...]\n");
    return 2;
  }
  int known = (int)(sizeof protocols / sizeof *protocols), number = 0;
  while (number < known && strcmp(arguments[1], protocols[number]) != 0) number++;
  if (number == known) {
    fprintf(stderr, "no such protocol: %s\n", arguments[1]);
    return 2;
  }
  protocol = (enum protocol)number;
  port = atoi(arguments[2]);
  for (int i = 3; i < count; i++) option(arguments[i]);
  if (topics_file != NULL) read_topics();
  // A payload of this size with the mark in it.
  int pad = size - 37;
  memset(padding, 'x', pad < 0 ? 0 : pad < (int)sizeof padding ? (size_t)pad : sizeof padding - 1);

  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  wanted = files.rlim_max > 1100000 ? 1000000 : (int)files.rlim_max - 50;
  subscribers = calloc((size_t)wanted, sizeof *subscribers);
  poller = epoll_create1(EPOLL_CLOEXEC);
  pthread_t receiver;
  pthread_create(&receiver, NULL, serve, NULL);
  beaten = now();

  setvbuf(stdout, NULL, _IOLBF, 0);
  char line[256];
  while (fgets(line, sizeof line, stdin) != NULL) {
    double a = 0;
    long b = 0, c = 0;
    if (sscanf(line, "connect %ld", &b) == 1) connect_all((int)b);
    else if (sscanf(line, "run %lf %ld %ld", &a, &b, &c) == 3) run(a, b, c);
    else if (strcmp(line, "expect\n") == 0) begin(), printf("{}\n");
    else if (sscanf(line, "await %ld %ld", &b, &c) == 2) await(b, c);
    else if (sscanf(line, "stall %ld", &b) == 1) stall((int)b);
    else if (sscanf(line, "track %ld", &b) == 1) track(b);
    else if (sscanf(line, "hop %lf %ld", &a, &b) == 2) hop(a, b);
    else {
      fprintf(stderr, "no such command: %s", line);
      return 2;
    }
  }
  return 0;
}
