/* The client: what the user starts. It hands arguments, directory, environment and descriptors to an engine and does what that
 * asks of it: print, carry a session, perform a plan. Where no engine listens it starts one; with CARAFE_ENGINE=off, or when the
 * engine does not serve this caller, it starts Java for this one command. The same loop, without a user, is the performer
 * beneath every engine: it forks the monitors, which a JVM could not do. */
#include "plan.h"
#include <asm/termios.h>
#include <linux/memfd.h>
#include <linux/poll.h>
#include <linux/signal.h>
#include <linux/signalfd.h>
#include <linux/un.h>

enum { REQUEST_FD = 3, SCRATCH_FD = 4, READY_FD = 9, SCRATCH_SIZE = 0x100000, WORDS = 65536, PATH = 4096, JAVA_ARGS = 128, MOVED = 400 };
enum { AF_UNIX = 1, SEQPACKET_CLOEXEC = 5 | O_CLOEXEC, SESSION_RAW = 1, SESSION_SIGNALS = 2, SIGNALS = 64, MEMFD_EXEC = 16 };
static char exe[PATH];
static int engine = -1, session = -1, session_far = -1, status_pipe = -1, ready_pipe = -1, signals = -1;
static int sealed, attached, forwards, raw, cut, last_status = -1;
static struct termios cooked;
static u8 word[WORDS + 2];
/* Writes all of it, waiting where the descriptor would not; what nobody takes any more is dropped. */
static void put(int fd, const void *data, u64 size) {
	struct pollfd ready = {fd, POLLOUT, 0};
	for (const u8 *at = data, *end = at + size; at < end;) {
		long n = sys(write, fd, at, end - at);
		if (n > 0) at += n;
		else if (n == -EAGAIN) sys(ppoll, &ready, 1);
		else if (n != -EINTR) return;
	}
}
static void put_text(int fd, const char *text) { put(fd, text, length(text) + 1); }
static void tell(int socket, const char *letter) { send_message(socket, letter, 1, 0, 0); }
static void cook(void) { if (raw) raw = sys(ioctl, 0, TCSETSW, &cooked) != 0; }
static _Noreturn void quit(int status) { cook(); leave(status < 0 ? 125 : status); }
static _Noreturn void fail(const char *doing, const char *object, const char *why) {
	const char *parts[] = {"carafe: ", doing, object, why, "\n"};
	for (int k = 0; k < 5; k++) put(2, parts[k], length(parts[k]));
	quit(125);
}
static u32 append(char *path, u32 at, const char *text) {
	while (*text && at < PATH - 1) path[at++] = *text++;
	path[at] = 0; return at;
}
/* Opens it until the standard streams exist, so that no descriptor of ours comes to lie on one that the caller had closed. */
static int open_null(void) { int n; do n = (int)sys(openat, AT_FDCWD, "/dev/null", O_RDWR); while (n >= 0 && n < 3); return n; }
static void leave_streams(void) { for (int k = 0, null = open_null(); k < 3; k++) sys(dup3, null, k, 0); }
/* Becomes a sealed copy of this program, so that no container can ever write to the file behind /proc/PID/exe. The copy starts
 * over; its first argument tells where it is installed. Kernels before 6.3 do not know MFD_EXEC, later ones may ask for it. */
static void seal_self(char **argv, char **envp) {
	if (sealed) return;
	long n, self = sys(openat, AT_FDCWD, "/proc/self/exe", O_RDONLY | O_CLOEXEC);
	long copy = sys(memfd_create, "carafe", MFD_CLOEXEC | MFD_ALLOW_SEALING | MEMFD_EXEC);
	if (copy == -EINVAL) copy = sys(memfd_create, "carafe", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	do n = sys(sendfile, copy, self, 0, 0x7fff0000); while (n > 0);
	argv[0] = exe;
	if (n == 0 && sys(fcntl, copy, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) == 0)
		sys(execveat, copy, "", argv, envp, AT_EMPTY_PATH);
	fail("seal a copy of \"", exe, "\": memory files cannot be executed here; see the sysctl vm.memfd_noexec");
}
/* Starts Java as lib/ROLE.argv says. Its standard input is the far end of `engine`; given: request and scratch memory, or -1. */
static void start_java(const char *role, int argc, char **argv, char **envp, int *given) {
	static char text[WORDS], path[PATH]; char *args[JAVA_ARGS + argc + 1], *line = text; int pair[2], n = 0, slashes = 0;
	u32 at = append(path, 0, exe);
	if (sys(socketpair, AF_UNIX, SEQPACKET_CLOEXEC, 0, pair) < 0) quit(125);
	engine = pair[0];
	if (fork_process()) { shut(&pair[1]); return; }
	sys(dup3, pair[1], 0, 0);
	for (int k = 0; k < 2; k++) given[k] = (int)sys(fcntl, given[k], F_DUPFD, MOVED);
	for (int k = 0; k < 2; k++) sys(dup3, given[k], REQUEST_FD + k, 0);
	while (at && slashes < 2) slashes += path[--at] == '/';
	append(path, append(path, append(path, at, "/lib/"), role + 2), ".argv");
	long size = sys(read, sys(openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC), text, sizeof text - 1);
	for (char *c = text; c < text + size && n < JAVA_ARGS - 1; c++)
		if (*c == '\n') { *c = 0; args[n++] = line; line = c + 1; }
	args[n++] = (char *)role; memcpy(args + n, argv + 1, (u64)argc * sizeof *args); /* with the null at their end */
	sys(close_range, SCRATCH_FD + 1, ~0u); if (n > 1) sys(execve, args[0], args, envp);
	fail("start \"", path, "\": the installation is incomplete; build it again");
}
/* Forks a process that performs the plan. fds: status, input, output, error, control, or -1; kept: so many from 3 on go with it. */
static void perform(const char *path, const int *fds, u8 kept) {
	int moved[5]; u64 every = ~0ul, standard[4] = {0};
	if (fork_process()) return;
	for (int k = 0; k < 5; k++) moved[k] = (int)sys(fcntl, fds[k], F_DUPFD, MOVED);
	leave_streams(); sys(rt_sigprocmask, SIG_BLOCK, &every, 0, 8);
	for (int k = 0; k < kept; k++) sys(dup3, 3 + k, FD_KEPT + k, O_CLOEXEC);
	for (int k = 0; k < 5; k++) if (sys(dup3, moved[k], FD_STATUS + k, O_CLOEXEC) < 0) sys(close, FD_STATUS + k);
	sys(close_range, FD_FIRST_FREE, FD_KEPT - 1); sys(close_range, FD_KEPT + kept, ~0u); sys(dup3, 0, 3, O_CLOEXEC);
	for (int signal = 1; signal <= SIGNALS; signal++) sys(rt_sigaction, signal, standard, 0, 8);
	sys(setsid); sys(munmap, PLAN_BASE, SCRATCH_SIZE);
	if (plan_map(path) == 0 && sys(chdir, "/") == 0) plan_perform((struct plan *)PLAN_BASE, 0, ((struct plan *)PLAN_BASE)->count);
	leave(1);
}
static void send_window(void) {
	struct { u16 pad, letter; struct winsize size; } m = {0, 'W' << 8, {0}}; /* rows and columns come right after the letter */
	if (sys(ioctl, 0, TIOCGWINSZ, &m.size) == 0) send_message(session, (u8 *)&m + 3, 5, 0, 0);
}
/* The session's streams go to the monitor; from now on this process only passes signals and window sizes. */
static void attach(u8 flags) {
	/* What a user may send, less what stops and resumes this process for the shell and what tells of a fault in it. */
	static const u8 own[] = {SIGCHLD, SIGPIPE, SIGURG, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGSEGV, SIGBUS, SIGILL, SIGFPE};
	u64 mask = flags ? ~0ul : 1ul << (SIGWINCH - 1);
	for (u32 k = 0; k < sizeof own; k++) mask &= ~(1ul << (own[k] - 1));
	attached = 1, forwards = flags & SESSION_SIGNALS; sys(rt_sigprocmask, SIG_BLOCK, &mask, 0, 8);
	signals = (int)sys(signalfd4, signals, &mask, 8, O_CLOEXEC);
	if (!(flags & SESSION_RAW) || sys(ioctl, 0, TCGETS, &cooked)) return;
	struct termios t = cooked;
	t.c_iflag = t.c_oflag = t.c_lflag = 0, t.c_cflag |= CS8, t.c_cc[VMIN] = 1, t.c_cc[VTIME] = 0;
	raw = sys(ioctl, 0, TCSETSW, &t) == 0; send_window();
}
static void on_signal(void) {
	struct signalfd_siginfo info;
	if (sys(read, signals, &info, sizeof info) != sizeof info) return;
	u8 m[2] = {'S', (u8)info.ssi_signo};
	if (m[1] == SIGWINCH) send_window();
	else if (attached && forwards) send_message(session, m, 2, 0, 0);
	else quit(128 + m[1]);
}
/* A word of the monitor: the session has begun, was detached, or init has ended. */
static void on_session(void) {
	int fds[MAX_FDS]; i32 end[2]; u32 count; long n = receive_message(session, word, WORDS, fds, &count);
	while (count) shut(&fds[--count]);
	if (n > 0 && word[0] == 'A') return;
	attached = 0; cook(); memcpy(end, word + 1, sizeof end);
	if (n >= 9 && word[0] == 'X') last_status = end[0] == CLD_EXITED ? end[1] : 128 + end[1], tell(engine, "X");
	if (n > 1 && word[0] == 'D') last_status = cut = word[1], tell(engine, "D");
	if (engine < 0) quit(last_status);
}
/* `P`: a plan to perform, with descriptors for it; without any, it is for this process's own streams, as far as word[1] says. */
static void on_plan(const int *fds, u32 count) {
	int own[5] = {-1, -1, -1, -1, -1}, pipe[2] = {-1, -1};
	for (u32 k = 0; k < 5 && k < count; k++) own[k] = fds[k];
	if (!count && sys(pipe2, pipe, O_CLOEXEC) == 0) {
		shut(&status_pipe); status_pipe = pipe[0], own[0] = pipe[1];
		for (int k = 0; k < 4 && word[1]; k++) own[1 + k] = k < 3 && word[1] >> k & 1 ? k : session_far;
	}
	perform((const char *)word + 2, own, word[2 + length((const char *)word + 2) + 1]); shut(&pipe[1]);
}
/* Does what the engine asks. 0: it does not serve this caller. */
static int on_engine(void) {
	struct plan *scratch = (struct plan *)PLAN_BASE; int fds[MAX_FDS]; u32 count;
	long n = receive_message(engine, word, WORDS, fds, &count);
	if (n <= 0) { /* the engine is gone; the container is not, and neither is the session */
		shut(&engine); shut(&session_far);
		if (attached) return 1;
		if (last_status < 0 && session >= 0)
			fail("", "the engine ended before it answered; the next command recovers what it left", "");
		quit(last_status);
	}
	word[n] = word[n + 1] = 0;
	switch (word[0]) {
	case 'O': case 'E': put(word[0] == 'O' ? 1 : 2, word + 1, (u64)n - 1); break;
	case 'R': attach(word[1]); break;
	case 'P': on_plan(fds, count); break;
	case 'C':
		if (plan_check(scratch, SCRATCH_SIZE)) plan_perform(scratch, 0, scratch->count); else scratch->failed = 1, scratch->error = EINVAL;
		tell(engine, "c"); break;
	case 'K': put(ready_pipe, "", 1); shut(&ready_pipe); break;
	case 'Q': quit(cut ? cut : word[1]); case 'N': return 0;
	}
	while (count) shut(&fds[--count]);
	return 1;
}
/* Returns when the engine does not serve this caller. */
static void serve(void) {
	for (;;) {
		struct pollfd polls[4] = {{engine, POLLIN, 0}, {attached ? session : -1, POLLIN, 0},
			{signals, POLLIN, 0}, {status_pipe, POLLIN, 0}};
		u8 m[2] = {'s'};
		if (sys(ppoll, polls, 4) < 0) continue;
		if (polls[2].revents) on_signal();
		if (polls[1].revents) on_session();
		if (polls[3].revents && sys(read, status_pipe, m + 1, 1) == 1) send_message(engine, m, 2, 0, 0);
		else if (polls[3].revents) { shut(&status_pipe); tell(engine, "z"); }
		if (polls[0].revents && !on_engine()) return;
	}
}
/* A session, with pair[1] as its far end, and a memory file of arguments and surroundings: eight numbers, then texts. */
static int open_session(int *pair, int in_process, int argc, char **argv, char **envp) {
	static char cwd[PATH]; struct winsize window = {0}; struct termios t;
	if (sys(socketpair, AF_UNIX, SEQPACKET_CLOEXEC, 0, pair) < 0) quit(125);
	session = pair[0], session_far = in_process ? pair[1] : -1;
	int fd = (int)sys(memfd_create, "request", MFD_CLOEXEC);
	u32 head[8] = {(u32)argc, 0, 0, 0, 0, (u32)sys(getpid), (u32)sys(umask, 022), (u32)session_far};
	sys(umask, head[6]); sys(getcwd, cwd, PATH); sys(ioctl, 0, TIOCGWINSZ, &window);
	while (envp[head[1]]) head[1]++;
	for (u32 k = 0; k < 3; k++) head[2] |= (u32)(sys(ioctl, k, TCGETS, &t) == 0) << k;
	head[3] = window.ws_row, head[4] = window.ws_col; put(fd, head, sizeof head); put_text(fd, cwd);
	while (*argv) put_text(fd, *argv++);
	while (*envp) put_text(fd, *envp++);
	return fd;
}
static void reach_engine(const char *run_root) {
	static char path[PATH]; struct sockaddr_un address = {AF_UNIX, {0}};
	u32 size = append(path, append(path, 0, run_root), "/engine.sock");
	if (size >= sizeof address.sun_path) return;
	memcpy(address.sun_path, path, size); engine = (int)sys(socket, AF_UNIX, SEQPACKET_CLOEXEC, 0);
	if (sys(connect, engine, &address, 2 + size + 1) < 0) shut(&engine);
}
/* `--performer ARGS` starts an engine and serves it, `--connect DIRECTORY` serves one that listens there. */
static _Noreturn void performer(int argc, char **argv, char **envp) {
	u64 ignore[4] = {1}; int nothing[2] = {-1, -1}; /* SIG_IGN: the kernel reaps the monitors */
	seal_self(argv, envp);
	if (same(argv[1], "--performer")) {
		sys(fcntl, ready_pipe = READY_FD, F_SETFD, FD_CLOEXEC); start_java("--engine", argc - 1, argv + 1, envp, nothing);
	} else if (argc > 2) reach_engine(argv[2]);
	sys(rt_sigaction, SIGCHLD, ignore, 0, 8);
	if (engine >= 0) { serve(); } leave(125);
}
/* Forks the performer, an orphan, which starts an engine, and waits for that. None below conmon, which ends after all its orphans. */
static void start_engine(int argc, char **argv, char **envp) {
	char *args[argc + 2], byte, path[PATH], name[8] = {0}; int ready[2]; long self, parent;
	sys(pipe2, ready, 0);
	if (fork_process() == 0) {
		if (self = sys(getpid), fork_process()) leave(0);
		do parent = sys(getppid); while (parent == self && sys(sched_yield) == 0);
		decimal(path + append(path, 0, "/proc/"), (u32)parent); append(path, length(path), "/comm");
		if (sys(read, sys(openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC), name, 7) == 7 && same(name, "conmon\n")) leave(0);
		args[0] = argv[0], args[1] = "--performer"; memcpy(args + 2, argv + 1, (u64)argc * sizeof *args);
		sys(dup3, ready[1], READY_FD, 0); leave_streams(); sys(close_range, READY_FD + 1, ~0u);
		sys(close_range, 3, READY_FD - 1); sys(chdir, "/"); sys(setsid); performer(argc + 1, args, envp);
	}
	shut(&ready[1]); while (sys(read, ready[0], &byte, 1) == -EINTR) continue;
	shut(&ready[0]);
}
_Noreturn void client(int argc, char **argv, char **envp) {
	const char *mode = "", *run_root = "", *value; int null = open_null(), pair[2]; shut(&null);
	for (char **e = envp; *e; e++)
		if ((value = after(*e, "CARAFE_ENGINE="))) mode = value;
		else if ((value = after(*e, "CARAFE_RUN_ROOT="))) run_root = value;
	for (int k = 1; k < argc && argv[k][0] == '-'; k++)
		if ((value = after(argv[k], "--run-root="))) run_root = value;
		else if (same(argv[k], "--run-root") && k + 1 < argc) run_root = argv[++k];
		else if (same(argv[k], "--root")) k++;
	if (!*run_root) run_root = "/run/carafe";
	sys(readlinkat, AT_FDCWD, "/proc/self/exe", exe, PATH - 1);
	if ((sealed = after(exe, "/memfd:") != 0)) append(exe, 0, argv[0]);
	if (argc > 1 && (same(argv[1], "--performer") || same(argv[1], "--connect"))) performer(argc, argv, envp);
	if (!sealed && !same(mode, "off")) { /* a sealed copy has been through this */
		reach_engine(run_root); if (engine < 0) { start_engine(argc, argv, envp); reach_engine(run_root); }
		if (engine >= 0) {
			int request = open_session(pair, 0, argc, argv, envp), fds[5] = {request, pair[1], 0, 1, 2};
			send_message(engine, "B", 1, fds, 5); shut(&request); shut(&pair[1]); serve();
		}
	}
	seal_self(argv, envp);
	int given[2] = {open_session(pair, 1, argc, argv, envp), (int)sys(memfd_create, "scratch", MFD_CLOEXEC)};
	sys(ftruncate, given[1], SCRATCH_SIZE);
	sys(mmap, PLAN_BASE, SCRATCH_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE, given[1]);
	start_java("--once", argc, argv, envp, given); shut(&given[0]); shut(&given[1]); serve(); leave(125);
}
