/* A plan in its binary form: a file that engine, monitor and container-to-be map at one fixed address, so that pointers in it
 * need no relocation. The engine writes it; whoever performs it writes results and times back. Its Java side is ProgramLayout in
 * dev.carafe.runtime. Below it: what the parts of this program offer each other. */
#ifndef CARAFE_PLAN_H
#define CARAFE_PLAN_H
#include <asm/errno.h>
#include <asm/unistd.h>
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <linux/types.h>
typedef __u8 u8; typedef __u16 u16; typedef __u32 u32; typedef __u64 u64; typedef __s32 i32; typedef __s64 i64;

#define PLAN_BASE 0x100000000000ul
enum { PLAN_MAX = 0x4000000, PLAN_MAGIC = 0x4c504643 /* "CFPL" */, PLAN_VERSION = 1 };
enum { NEW, PERFORMING, RUNNING, EXITED }; /* states */
struct plan {
	u32 magic, version, size, count; /* bytes of the whole; number of instructions */
	u32 code, results;               /* where the two tables begin, in bytes from the start of the plan */
	u32 cleanup, state;              /* the instruction where the monitor goes on after a failure; 0: nowhere */
	u32 failed, error;               /* the first instruction that failed, plus one, and its error number */
	i32 monitor, init, how, status;  /* process ids, as the monitor sees them; si_code and si_status of init, waitid(2) */
	u32 log_lost, pad;               /* bytes of output that the log could not take */
	u64 started, finished;           /* nanoseconds of CLOCK_REALTIME */
};

/* CALL   one system call; a bit in `slots` says that the argument is the number of an earlier instruction whose result is meant
 * FORK   clone3(arg0, arg1); the child, which is init if it is no HELPER, goes on at instruction arg2
 * WATCH  the monitor's loop until init has exited, with struct watch at arg0
 * MARK   the state becomes arg0                LOAD  the 32-bit number at address arg0
 * EXIT   the process ends with status arg0     TEXT  writes arg1 in decimal, ended by NUL, to the 16 bytes at arg0; counts digits
 * CHECK  fails with EPIPE when another process of this plan has failed
 * An instruction that succeeds goes on at `on_ok`, one that fails at `on_error` if that is not 0 and `errors` is empty or has the
 * error; both lie ahead, so that every plan ends. With NONZERO a result of 0 fails with EPIPE. `step` is for the printed plan. */
enum { CALL = 1, FORK, WATCH, MARK, CHECK, LOAD, EXIT, TEXT, NONZERO = 1, HELPER = 2 };
struct instruction { u16 kind, call; u8 slots, flags, errors[6]; u32 step, on_ok, on_error, pad; u64 arg[6]; };
struct result { i64 value; u64 time; /* nanoseconds of CLOCK_MONOTONIC when it was done */ };
/* What the monitor watches. The three addresses hold descriptors, 0 stands for "none". */
struct watch {
	u64 input, output, error;
	i32 log, listener; u32 flags;
	u8 session_streams, key_count, keys[14]; /* bits: 1 input, 2 output, 4 error are wanted by the session that the plan came with */
	u64 log_most; u32 rotate, rotated; /* a log of so many bytes has instructions rotate to rotated - 1 performed; 0: none has */
};
enum { WATCH_TERMINAL = 1, WATCH_STDIN_ONCE = 2, WATCH_SESSION = 4 };
/* Descriptors with which every performer begins; those that it was not given are closed. 3 is taken: it is init's later. */
enum { FD_STATUS = 4, FD_SESSION_INPUT, FD_SESSION_OUTPUT, FD_SESSION_ERROR, FD_SESSION_CONTROL, FD_FIRST_FREE, FD_KEPT = 200 };

int plan_check(const struct plan *p, u64 size); /* 1: of at most that many bytes, and may be performed */
long plan_map(const char *path);                /* maps a file at its address and checks it: 0, or minus an error number */
void plan_perform(struct plan *p, u32 at, u32 end);
long monitor_watch(struct plan *p, const struct watch *w);
_Noreturn void client(int argc, char **argv, char **envp);
/* A raw system call: sys(openat, AT_FDCWD, path, flags). Arguments left out are 0; a failure is minus the error number. */
#define sys(name, ...) syscall6(__NR_##name, FIRST_SIX(__VA_ARGS__ __VA_OPT__(,) 0, 0, 0, 0, 0, 0))
#define FIRST_SIX(a, b, c, d, e, f, ...) (u64)(a), (u64)(b), (u64)(c), (u64)(d), (u64)(e), (u64)(f)
static inline long syscall6(long n, u64 a, u64 b, u64 c, u64 d, u64 e, u64 f) {
#if defined(__x86_64__)
	register u64 r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
	__asm__ volatile("syscall" : "+a"(n) : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
	return n;
#elif defined(__aarch64__)
	register u64 x8 __asm__("x8") = (u64)n, x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = c;
	register u64 x3 __asm__("x3") = d, x4 __asm__("x4") = e, x5 __asm__("x5") = f;
	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
	return (long)x0;
#endif
}
void *memcpy(void *to, const void *from, unsigned long n); /* these two the compiler may ask for */
void *memset(void *to, int byte, unsigned long n);
const char *after(const char *text, const char *prefix); /* the rest of a text; 0 when it does not begin so */
int same(const char *a, const char *b); u32 length(const char *text);
u32 decimal(char *to, u32 number); /* how many digits; NUL follows, so it takes 11 bytes at most */
void shut(int *fd);                 /* closes it, if it is one, and forgets it */
long fork_process(void); u64 clock_ns(int clock); _Noreturn void leave(int status);
enum { MAX_FDS = 6 }; /* of a message over a SEQPACKET socket; the receiver owns them */
long send_message(int socket, const void *data, u32 size, const int *fds, u32 fd_count);
long receive_message(int socket, void *data, u32 size, int *fds, u32 *fd_count);
#endif
