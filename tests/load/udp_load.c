/*
 * Generator and receiver for bench_delay_line.py, in one process so that both read one clock.
 *
 *   udp_load PACKET_BYTES
 *   stdout  the ten ports it receives on
 *   stdin   RATE_PER_S TICK_US SEND_S COUNT_S DELAY_S and ten ports to send to
 *   stdout  one line of JSON; then it waits for the end of stdin, so that its sockets' drops can still be read
 *
 * Sends for SEND_S seconds, spread round the ten ports, every TICK_US microseconds as many as are owed. Counts only
 * the packets sent in the first COUNT_S seconds, because what is still held at the end is no loss.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PORTS = 10, BATCH = 64, HEADER = 28, SOCKET_BUFFER = 4 << 20 };

static int packet_bytes, rate, tick_us, send_s_ms, count_ms, delay_ms;
static int in_sockets[PORTS], out_sockets[PORTS];
static uint64_t total, counted, sent, send_errors;
static int64_t started_ns, send_ended_ns;
static uint8_t *seen;       /* by number: has it come? */
static int32_t *lateness_us;
static uint64_t received, twice, wrong_size;

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int udp_socket(int port, int is_output) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    int s = socket(AF_INET, SOCK_DGRAM, 0), size = SOCKET_BUFFER;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(s, SOL_SOCKET, is_output ? SO_SNDBUF : SO_RCVBUF, &size, sizeof size);
    if ((is_output ? connect : bind)(s, (struct sockaddr *)&address, sizeof address) != 0) {
        perror("udp_load");
        exit(1);
    }
    return s;
}

static void *generate(void *unused) {
    uint8_t packet[2048] = {0x80, 96};
    int64_t tick_ns = tick_us * 1000LL, next_ns = started_ns;
    for (uint64_t number = 0; number < total;) {
        uint64_t owed = (uint64_t)((double)(now_ns() - started_ns) * rate / 1e9) + 1;
        for (; number < owed && number < total; number++) {
            int64_t at_ns = now_ns();
            memcpy(packet + 12, &number, 8);
            memcpy(packet + 20, &at_ns, 8);
            if (send(out_sockets[number % PORTS], packet, packet_bytes, 0) == packet_bytes) sent++;
            else send_errors++;
        }
        next_ns += tick_ns;
        struct timespec until = {next_ns / 1000000000LL, next_ns % 1000000000LL};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    }
    send_ended_ns = now_ns();
    return unused;
}

static void take(const uint8_t *header, unsigned length, int64_t at_ns) {
    uint64_t number;
    int64_t sent_ns;
    memcpy(&number, header + 12, 8);
    memcpy(&sent_ns, header + 20, 8);
    if (length != (unsigned)packet_bytes) wrong_size++;
    else if (number >= counted) return;
    else if (seen[number]) twice++;
    else {
        seen[number] = 1;
        lateness_us[received++] = (int32_t)((at_ns - sent_ns) / 1000 - delay_ms * 1000LL);
    }
}

static void receive_until(int64_t end_ns) {
    static uint8_t headers[BATCH][HEADER];
    struct iovec vectors[BATCH];
    struct mmsghdr messages[BATCH];
    struct pollfd polled[PORTS];
    memset(messages, 0, sizeof messages);
    for (int i = 0; i < BATCH; i++) {
        vectors[i] = (struct iovec){headers[i], HEADER};
        messages[i].msg_hdr.msg_iov = &vectors[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    for (int i = 0; i < PORTS; i++) polled[i] = (struct pollfd){.fd = in_sockets[i], .events = POLLIN};
    while (now_ns() < end_ns) {
        if (poll(polled, PORTS, 20) <= 0) continue;
        for (int i = 0; i < PORTS; i++) {
            if (!(polled[i].revents & POLLIN)) continue;
            int count = recvmmsg(in_sockets[i], messages, BATCH, MSG_DONTWAIT | MSG_TRUNC, NULL);
            int64_t at_ns = now_ns();
            for (int k = 0; k < count; k++) take(headers[k], messages[k].msg_len, at_ns);
        }
    }
}

static int by_value(const void *a, const void *b) {
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static double at_share_ms(double share) {
    if (received == 0) return 0;
    uint64_t rank = (uint64_t)(share * received);
    return lateness_us[rank < received ? rank : received - 1] / 1000.0;
}

int main(int argc, char **argv) {
    packet_bytes = argc > 1 ? atoi(argv[1]) : 1100;
    if (packet_bytes < HEADER || packet_bytes > 2000) return 2;
    for (int i = 0; i < PORTS; i++) {
        struct sockaddr_in bound;
        socklen_t size = sizeof bound;
        in_sockets[i] = udp_socket(0, 0);
        getsockname(in_sockets[i], (struct sockaddr *)&bound, &size);
        printf("%d ", ntohs(bound.sin_port));
    }
    printf("\n");
    fflush(stdout);

    double send_s, count_s, delay_s;
    if (scanf("%d %d %lf %lf %lf", &rate, &tick_us, &send_s, &count_s, &delay_s) != 5) return 2;
    send_s_ms = (int)(send_s * 1000), count_ms = (int)(count_s * 1000), delay_ms = (int)(delay_s * 1000);
    for (int i = 0, port; i < PORTS; i++) {
        if (scanf("%d", &port) != 1) return 2;
        out_sockets[i] = udp_socket(port, 1);
    }
    total = (uint64_t)rate * send_s_ms / 1000;
    counted = (uint64_t)rate * count_ms / 1000;
    seen = calloc(counted + 1, 1);
    lateness_us = calloc(counted + 1, sizeof *lateness_us);

    pthread_t generator;
    started_ns = now_ns();
    pthread_create(&generator, NULL, generate, NULL);
    receive_until(started_ns + send_s_ms * 1000000LL + 300000000LL);
    pthread_join(generator, NULL);

    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    double cpu_s = used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    qsort(lateness_us, received, sizeof *lateness_us, by_value);
    printf("{\"sent\": %lu, \"send_errors\": %lu, \"sent_per_s\": %.0f, \"counted\": %lu, \"received\": %lu, "
           "\"twice\": %lu, \"wrong_size\": %lu, \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f, "
           "\"min_ms\": %.3f, \"cpu_percent\": %.1f}\n",
           sent, send_errors, total * 1e9 / (send_ended_ns - started_ns), counted, received, twice, wrong_size,
           at_share_ms(0.5), at_share_ms(0.99), at_share_ms(1.0), at_share_ms(0.0), 100 * cpu_s / (send_s + 0.3));
    fflush(stdout);
    while (getchar() != EOF) {}
    return 0;
}
