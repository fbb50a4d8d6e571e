/*
 * A plan in its binary form: a file that engine, monitor and container-to-be map at one fixed address, so that pointers in it
 * need no relocation. The engine writes it; whoever performs it writes results and times back into it. The Java side of this
 * layout is dev.carafe.runtime.ProgramLayout.
 */
#ifndef CARAFE_PLAN_H
#define CARAFE_PLAN_H

#include "kernel.h"

#define PLAN_BASE 0x100000000000ul
#define PLAN_MAX 0x4000000u
#define PLAN_MAGIC 0x4c504643u /* "CFPL" */
#define PLAN_VERSION 1u

enum { NEW, PERFORMING, RUNNING, EXITED, FAILED };

struct plan {
	u32 magic, version;
	u32 size;             /* of the whole, in bytes */
	u32 count;            /* of instructions */
	u32 code, results;    /* where the two tables begin, in bytes from the start of the plan */
	u32 cleanup;          /* the instruction where the monitor goes on after a failure; 0: nowhere */
	u32 state;
	u32 failed;           /* the first instruction that failed, plus one */
	u32 error;            /* and its error number */
	i32 monitor, init;    /* process ids, as the monitor sees them */
	i32 how, status;      /* of init: si_code and si_status, waitid(2) */
	u32 log_lost, pad;    /* bytes of output that the log could not take */
	u64 started, finished; /* nanoseconds of CLOCK_REALTIME */
};

enum { CALL = 1, FORK, WATCH, MARK, CHECK, LOAD, EXIT, TEXT };
enum { NONZERO = 1 };

/*
 * CALL  one system call; a bit in `slots` says that the argument is the number of an earlier instruction whose result is meant
 * FORK  clone3(arg0, arg1); the child goes on at instruction arg2
 * WATCH the monitor's loop until init has exited, with struct watch at arg0
 * MARK  the state becomes arg0
 * CHECK fails with EPIPE when another process of this plan has failed
 * LOAD  the 32-bit number at address arg0
 * EXIT  the process ends with status arg0
 * TEXT  writes arg1 in decimal digits, ended by NUL, to the 16 bytes at arg0
 *
 * An instruction that succeeds goes on at `on_ok`, one that fails at `on_error` if that is not 0 and `errors` is empty or
 * has the error; both lie ahead, so that every plan ends.
 */
struct instruction {
	u16 kind, call;
	u8 slots, flags;
	u8 errors[6];
	u32 step; /* the operation of the printed plan that this belongs to */
	u32 on_ok, on_error, pad;
	u64 arg[6];
};

struct result { i64 value; u64 time; /* nanoseconds of CLOCK_MONOTONIC when it was done */ };

enum { WATCH_TERMINAL = 1, WATCH_STDIN_ONCE = 2, WATCH_SESSION = 4 };

/* What the monitor watches. The three addresses hold descriptors, 0 stands for "none". */
struct watch {
	u64 input, output, error;
	i32 log, listener;
	u32 flags;
	u8 session_streams; /* bits: 1 input, 2 output, 4 error are wanted by the session that the plan came with */
	u8 key_count, keys[14];
};

/* Descriptors with which every performer begins; those that it was not given are closed. */
enum { FD_STATUS = 4, FD_SESSION_INPUT, FD_SESSION_OUTPUT, FD_SESSION_ERROR, FD_SESSION_CONTROL, FD_FIRST_FREE };

int plan_check(const struct plan *p, u64 size);
long plan_map(const char *path);
void plan_perform(struct plan *p);
void monitor_watch(struct plan *p, const struct watch *w);
_Noreturn void client(int argc, char **argv, char **envp);
_Noreturn void reaper(char **argv, char **envp);

#endif
