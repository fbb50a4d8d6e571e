/* What the tests of the native program share: counting, plans built by hand, and the far ends of its sockets. Uses the C library. */
#ifndef CARAFE_HARNESS_H
#define CARAFE_HARNESS_H
#include "../../main/c/plan.h"
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* <fcntl.h> and the kernel's header of that name exclude each other. */
int open(const char *path, int flags, ...);
int fcntl(int fd, int command, ...);

enum { RESULTS_AT = 0x1000, DATA_AT = 0x5000, CODE_AT = 0x9000, IMAGE = 0x10000 };

extern const char *program; /* the native program, installed as DIRECTORY/bin/carafe */
extern char directory[64];  /* of this run */
extern u8 image[IMAGE];     /* the plan that is being built */
#define plan_ ((struct plan *)image)

void that(const char *what, int holds);

/* Building. Each returns the number of the instruction. */
void begin(void);
int emit(int kind, int call, int count, const u64 *arguments); /* RESULT(n) is the result of instruction n */
#define add(kind, number, count, ...) emit(kind, number, count, (u64[]){0, ##__VA_ARGS__} + 1)
#define RESULT(n) (0x51c7000000000000ul | (u64)(n))
#define call(name, ...) add(CALL, __NR_##name, COUNT(__VA_ARGS__), ##__VA_ARGS__)
#define COUNT(...) COUNT_(0, ##__VA_ARGS__, 6, 5, 4, 3, 2, 1, 0)
#define COUNT_(z, a, b, c, d, e, f, n, ...) n
struct instruction *at(int number);
u64 data(const void *bytes, u32 size); /* its address in the plan */
u64 text(const char *string);
void save(const char *path);
u64 clone_arguments(void);

/* Performing: by the performer, as an engine asks for it. */
struct performance { int status; struct plan *plan; struct result *results; };
extern int performer;
struct performance perform(const int *session); /* session: input, output, error, control, or null; they stay the caller's */
int ended(struct performance *run, int milliseconds); /* 1 when the status pipe closes within that time */
void forget(struct performance *run);

int message(int socket, void *data, u32 size, int *fds, int milliseconds); /* size of what came, 0 at the end, -1: nothing came */
void send_fds(int socket, const void *data, u32 size, const int *fds, u32 count);
int listen_at(const char *path);
u32 read_all(int fd, void *to, u32 size, int milliseconds); /* until that many bytes, the end, or the time is over */
u64 milliseconds_now(void);
void wait_a_little(int milliseconds);

void container(const char *command, u32 flags, const char *keys); /* the plan of a whole container: a shell under a monitor */

void check_tests(void);
void perform_tests(void);
void watch_tests(void);
void client_tests(void);
void init_tests(void);
int fake_java(int argc, char **argv);
#endif
