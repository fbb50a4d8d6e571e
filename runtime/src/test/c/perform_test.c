/* What performing does: results, jumps, failures, forks. Each plan goes to the performer as an engine sends it. */
#include "harness.h"

static void run(const char *what, struct performance *p) {
	*p = perform(0);
	that(what, ended(p, 3000));
}

static void results_come_back(void) {
	struct performance p;
	u64 pair = 0;
	begin();
	pair = data(0, 8);
	int pid = call(getpid), near, far, wrote, got;
	add(TEXT, 0, 2, text("0123456789abcdef"), RESULT(pid));
	call(pipe2, pair, 0ul);
	near = add(LOAD, 0, 1, pair);
	far = add(LOAD, 0, 1, pair + 4);
	wrote = call(write, RESULT(far), text("hello"), 5ul);
	u64 room = data(0, 8);
	got = call(read, RESULT(near), room, 8ul);
	add(MARK, 0, 1, (u64)RUNNING);
	run("a plan ends", &p);
	char digits[16], *printed = (char *)p.plan + (at(1)->arg[0] - PLAN_BASE);
	snprintf(digits, sizeof digits, "%d", p.plan->monitor);
	that("the monitor's process id is noted", p.plan->monitor > 1 && p.results[pid].value == p.plan->monitor);
	that("a result is printed in digits", !strcmp(printed, digits));
	that("results are arguments of later calls", p.results[wrote].value == 5 && p.results[got].value == 5);
	that("calls write into the plan", !memcmp((u8 *)p.plan + (room - PLAN_BASE), "hello", 5));
	that("the state is as marked", p.plan->state == RUNNING && !p.plan->failed);
	that("times are in order", p.results[pid].time && p.results[pid].time <= p.results[got].time);
	forget(&p);
}

static void jumps(void) {
	struct performance p;
	begin();
	int skips = call(getpid), never = call(getpid), lost = call(openat, (u64)AT_FDCWD, text("/nonexistent"), 0ul, 0ul);
	at(skips)->on_ok = 2;
	int skipped = call(getpid), any = call(close, 1000000ul), listed = call(close, 1000000ul), last = call(getpid);
	at(lost)->on_error = 4, at(lost)->errors[0] = ENOTDIR, at(lost)->errors[1] = ENOENT;
	at(any)->on_error = (u32)listed;
	at(listed)->on_error = (u32)last, at(listed)->errors[5] = EBADF, at(listed)->errors[0] = EINVAL;
	run("a plan with jumps ends", &p);
	that("success jumps", p.results[never].time == 0);
	that("a listed error jumps", p.results[lost].value == -ENOENT && p.results[skipped].time == 0);
	that("any error jumps where none is listed", p.results[any].value == -EBADF && p.results[listed].time != 0);
	that("the last listed error jumps", p.results[last].time != 0 && !p.plan->failed);
	forget(&p);
}

static void failures(void) {
	struct performance p;
	begin();
	int other = call(close, 1000000ul), never = call(getpid), clean = call(getpid), again = call(close, 1000000ul), after = call(getpid);
	at(other)->on_error = (u32)never, at(other)->errors[0] = ENOENT;
	plan_->cleanup = (u32)clean;
	run("a plan that fails ends", &p);
	that("the first failure is noted", p.plan->failed == (u32)other + 1 && p.plan->error == EBADF);
	that("an error that is not listed does not jump", p.results[never].time == 0);
	that("after a failure the monitor goes on at the cleanup", p.results[clean].value == p.plan->monitor);
	that("a failure while cleaning up ends it", p.results[again].value == -EBADF && p.results[after].time == 0);
	forget(&p);

	begin();
	u64 path = text("/dev/null");
	int fd = call(openat, (u64)AT_FDCWD, path, 0ul, 0ul), zero = call(read, RESULT(fd), data(0, 8), 8ul);
	after = call(getpid);
	at(zero)->flags = NONZERO;
	run("a plan without a cleanup ends", &p);
	that("nothing counts as a failure where something must come", p.plan->failed == (u32)zero + 1 && p.plan->error == EPIPE);
	that("without a cleanup a failure ends the plan", p.results[after].time == 0);
	forget(&p);

	begin();
	plan_->magic = 1;
	run("a plan that is none is not performed", &p);
	that("and not touched", p.plan->monitor == 0);
	forget(&p);
}

static void forks(void) {
	struct performance p;
	begin();
	u64 pair = data(0, 8), started = clone_arguments();
	call(pipe2, pair, (u64)O_CLOEXEC);
	int fork = add(FORK, 0, 3, started, 88ul, 0ul), far = add(LOAD, 0, 1, pair + 4);
	call(close, RESULT(far));
	int near = add(LOAD, 0, 1, pair), got = call(read, RESULT(near), data(0, 8), 8ul), check = add(CHECK, 0, 0), never = call(getpid);
	int clean = call(wait4, RESULT(fork), 0ul, 0ul, 0ul);
	add(EXIT, 0, 1, 0ul);
	int wrong = call(openat, (u64)AT_FDCWD, text("/nonexistent"), 0ul, 0ul);
	at(fork)->arg[2] = (u64)wrong;
	plan_->cleanup = (u32)clean;
	run("a plan of two processes ends", &p);
	that("the child is init", p.plan->init > 0 && p.plan->init != p.plan->monitor && p.results[fork].value == p.plan->init);
	that("a child that fails closes its pipes", p.results[got].value == 0);
	that("its failure is the first one", p.plan->failed == (u32)wrong + 1 && p.plan->error == ENOENT);
	that("the other process learns of it", p.results[check].value == -EPIPE && p.results[never].time == 0);
	that("and cleans up", p.results[clean].value == p.plan->init);
	forget(&p);

	/* A child that reaches the end of the list must end there. */
	begin();
	started = clone_arguments();
	fork = add(FORK, 0, 3, started, 88ul, 3ul);
	u64 status = data(0, 8);
	int waited = call(wait4, RESULT(fork), status, 0ul, 0ul);
	add(EXIT, 0, 1, 0ul);
	call(getpid);
	run("a plan whose child reaches the end ends", &p);
	that("the child ended well", p.results[waited].value == p.plan->init && *(i32 *)((u8 *)p.plan + (status - PLAN_BASE)) == 0);
	forget(&p);
}

static void surroundings(void) {
	struct performance p;
	begin();
	u64 room = data(0, 64), mask = data(0, 8);
	int where = call(getcwd, room, 64ul), session = call(getsid, 0ul), masked = call(rt_sigprocmask, 0ul, 0ul, mask, 8ul);
	int given = call(fcntl, (u64)FD_STATUS, (u64)F_GETFD), absent = call(fcntl, (u64)FD_SESSION_INPUT, (u64)F_GETFD), next = call(dup, 0ul);
	at(absent)->on_error = (u32)next;
	run("a plan that looks around ends", &p);
	that("a performer holds no directory", p.results[where].value == 2);
	that("it has a session of its own", p.results[session].value == p.plan->monitor);
	that("no signal ends it", p.results[masked].value == 0 && ~*(u64 *)((u8 *)p.plan + (mask - PLAN_BASE)) == (1ul << 8 | 1ul << 18));
	that("the status pipe is not inherited", p.results[given].value == 1);
	that("descriptors that were not given are closed", p.results[absent].value == -EBADF && p.results[next].value == FD_SESSION_INPUT);
	forget(&p);
}

void perform_tests(void) {
	results_come_back();
	jumps();
	failures();
	forks();
	surroundings();
}
