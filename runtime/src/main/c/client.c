/*
 * The client: what the user starts. It hands arguments, directory, environment and descriptors to an engine and does what the
 * engine asks of it: print, carry a session, perform a plan. Where no engine listens it starts one; with CARAFE_ENGINE=off,
 * or when the engine does not serve this caller, it starts Java for this one command. The same loop, without a user, is the
 * performer beneath every engine: it forks the monitors, which a JVM could not do.
 */
#include "plan.h"
#include <asm/termios.h>
#include <linux/memfd.h>
#include <linux/poll.h>
#include <linux/signal.h>
#include <linux/signalfd.h>
#include <linux/un.h>

enum { REQUEST_FD = 3, SCRATCH_FD = 4, READY_FD = 9, SCRATCH_SIZE = 0x100000, WORDS = 65536, PATH = 4096, SIGNALS = 64 };
enum { AF_UNIX = 1, SOCK_SEQPACKET_CLOEXEC = 5 | O_CLOEXEC, SESSION_RAW = 1, SESSION_SIGNALS = 2, JAVA_ARGS = 128 };

static char exe[PATH];
static int engine = -1, session = -1, session_far = -1, status_pipe = -1, ready_pipe = -1, signals = -1;
static int sealed, attached, forwards, raw, last_status = -1;
static struct termios cooked;
static u8 word[WORDS + 2];

/* Writes all of it, waiting where the descriptor would not; what nobody takes any more is dropped. */
static void put(int fd, const void *data, u64 size) {
	struct pollfd one = {fd, POLLOUT, 0};
	for (const u8 *at = data, *end = at + size; at < end;) {
		long n = sys(write, fd, at, end - at);
		if (n > 0) at += n;
		else if (n == -EAGAIN) sys(ppoll, &one, 1);
		else if (n != -EINTR) return;
	}
}

static void tell(int socket, const char *letter) { send_message(socket, letter, 1, 0, 0); }

static _Noreturn void quit(int status) {
	if (raw) sys(ioctl, 0, TCSETSW, &cooked);
	leave(status);
}

static _Noreturn void fail(const char *a, const char *b, const char *c) {
	const char *parts[] = {"carafe: ", a, b, c, "\n"};
	for (int k = 0; k < 5; k++) put(2, parts[k], length(parts[k]));
	quit(125);
}

static const char *environment(char **envp, const char *name) {
	const char *value = 0;
	while (*envp && !value) value = after(*envp++, name);
	return value;
}

static u32 append(char *path, u32 at, const char *text) {
	while (*text && at < PATH - 1) path[at++] = *text++;
	path[at] = 0;
	return at;
}

/*
 * Becomes a sealed copy of this program, so that no container can ever write to the file behind /proc/PID/exe. The copy starts
 * over, and knows its place by its first argument.
 */
static void seal_self(char **argv, char **envp) {
	if (sealed) return;
	int copy = (int)sys(memfd_create, "carafe", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int self = (int)sys(openat, AT_FDCWD, "/proc/self/exe", O_RDONLY | O_CLOEXEC);
	long n;
	do n = sys(sendfile, copy, self, 0, 0x7fff0000); while (n > 0);
	argv[0] = exe;
	if (n == 0 && sys(fcntl, copy, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) == 0)
		sys(execveat, copy, "", argv, envp, AT_EMPTY_PATH);
	fail("seal a copy of \"", exe, "\": memory files cannot be executed here; see the sysctl vm.memfd_noexec");
}

/* Starts Java as lib/java.argv says, with the far end of the control socket, which becomes `engine`, as its standard input. */
static void start_java(const char *role, int argc, char **argv, char **envp) {
	static char text[WORDS], path[PATH];
	int pair[2];
	u32 at = append(path, 0, exe), n = 0;
	if (sys(socketpair, AF_UNIX, SOCK_SEQPACKET_CLOEXEC, 0, pair) < 0) quit(125);
	engine = pair[0];
	long child = fork_process();
	if (child != 0) {
		shut(&pair[1]);
		return;
	}
	sys(dup3, pair[1], 0, 0);
	for (int slashes = 0; at && slashes < 2;) slashes += path[--at] == '/';
	append(path, at, "/lib/java.argv");
	char *args[JAVA_ARGS + argc + 1];
	long size = sys(read, sys(openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC), text, sizeof text - 1);
	for (long start = 0, end = 0; end < size && n < JAVA_ARGS - 1; end++)
		if (text[end] == '\n') {
			text[end] = 0;
			args[n++] = text + start;
			start = end + 1;
		}
	args[n++] = (char *)role;
	memcpy(args + n, argv + 1, (u64)argc * sizeof *args); /* with the null at their end */
	if (n > 1) sys(execve, args[0], args, envp);
	fail("start \"", path, "\": the installation is incomplete; build it again");
}

static void leave_streams(void) {
	int null = (int)sys(openat, AT_FDCWD, "/dev/null", O_RDWR);
	for (int k = 0; k < 3; k++) sys(dup3, null, k, 0);
	if (null > 2) shut(&null);
}

/* Forks a process that performs the plan. fds: status, then the session's input, output, error and control; -1: none. */
static void perform(const char *path, const int *fds) {
	if (fork_process()) return;
	int moved[5];
	u64 every = ~0ul, standard[4] = {0};
	for (int k = 0; k < 5; k++) moved[k] = (int)sys(fcntl, fds[k], F_DUPFD, 64);
	for (int k = 0; k < 5; k++)
		if (sys(dup3, moved[k], FD_STATUS + k, O_CLOEXEC) < 0) sys(close, FD_STATUS + k);
	sys(close_range, FD_FIRST_FREE, ~0u);
	sys(close, REQUEST_FD);
	leave_streams();
	sys(rt_sigprocmask, SIG_BLOCK, &every, 0, 8);
	for (int signal = 1; signal <= SIGNALS; signal++) sys(rt_sigaction, signal, standard, 0, 8);
	sys(setsid);
	sys(munmap, PLAN_BASE, SCRATCH_SIZE);
	if (plan_map(path) == 0 && sys(chdir, "/") == 0) plan_perform((struct plan *)PLAN_BASE);
	leave(1);
}

static void send_window(void) {
	struct winsize w;
	if (sys(ioctl, 0, TIOCGWINSZ, &w) == 0)
		send_message(session, (u8[]){'W', (u8)w.ws_row, (u8)(w.ws_row >> 8), (u8)w.ws_col, (u8)(w.ws_col >> 8)}, 5, 0, 0);
}

/* The session's streams go to the monitor; from now on this process only passes signals and window sizes. */
static void attach(u8 flags) {
	/* What a user may send, less what stops and resumes this process for the shell and what tells of a fault in it. */
	static const u8 not[] = {SIGKILL, SIGSTOP, SIGCHLD, SIGPIPE, SIGURG, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGSEGV, SIGBUS, SIGILL, SIGFPE};
	u64 mask = flags ? ~0ul : 1ul << (SIGWINCH - 1);
	for (u32 k = 0; k < sizeof not; k++) mask &= ~(1ul << (not[k] - 1));
	sys(rt_sigprocmask, SIG_BLOCK, &mask, 0, 8);
	signals = (int)sys(signalfd4, signals, &mask, 8, O_CLOEXEC);
	attached = 1;
	forwards = flags & SESSION_SIGNALS;
	if (!(flags & SESSION_RAW) || sys(ioctl, 0, TCGETS, &cooked)) return;
	struct termios t = cooked;
	t.c_iflag &= ~(u32)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
	t.c_oflag &= ~(u32)OPOST;
	t.c_lflag &= ~(u32)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	t.c_cflag = (t.c_cflag & ~(u32)(CSIZE | PARENB)) | CS8;
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	raw = sys(ioctl, 0, TCSETSW, &t) == 0;
	send_window();
}

static void on_signal(void) {
	struct signalfd_siginfo info;
	if (sys(read, signals, &info, sizeof info) != sizeof info) return;
	if (info.ssi_signo == SIGWINCH) send_window();
	else if (attached && forwards) send_message(session, (u8[]){'S', (u8)info.ssi_signo}, 2, 0, 0);
	else quit(128 + (int)info.ssi_signo);
}

/* A word of the monitor: the session has begun, was detached, or init has ended. */
static void on_session(void) {
	int fds[MAX_FDS];
	i32 end[2];
	u32 count;
	long n = receive_message(session, word, WORDS, fds, &count);
	while (count) shut(&fds[--count]);
	if (n > 0 && word[0] == 'A') return;
	attached = 0;
	if (raw) raw = sys(ioctl, 0, TCSETSW, &cooked) != 0;
	memcpy(end, word + 1, sizeof end);
	if (n >= 9 && word[0] == 'X') {
		last_status = end[0] == CLD_EXITED ? end[1] : 128 + end[1];
		tell(engine, "X");
	}
	if (n > 0 && word[0] == 'D') last_status = 0, tell(engine, "D");
	if (engine < 0) quit(last_status < 0 ? 125 : last_status);
}

/* `P`: a plan to perform, with descriptors for it; without any, it is for this process's own streams, as far as word[1] says. */
static void on_plan(const int *fds, u32 count) {
	int own[5] = {-1, -1, -1, -1, -1}, pipe[2] = {-1, -1};
	for (u32 k = 0; k < 5 && k < count; k++) own[k] = fds[k];
	if (!count && sys(pipe2, pipe, O_CLOEXEC) == 0) {
		shut(&status_pipe);
		status_pipe = pipe[0];
		own[0] = pipe[1];
		for (int k = 0; k < 4 && word[1]; k++) own[1 + k] = k < 3 && word[1] >> k & 1 ? k : session_far;
	}
	perform((const char *)word + 2, own);
	shut(&pipe[1]);
}

/* Does what the engine asks. 0: the engine does not serve this caller. */
static int obey(long n, const int *fds, u32 count) {
	struct plan *scratch = (struct plan *)PLAN_BASE;
	switch (word[0]) {
	case 'O': put(1, word + 1, (u64)n - 1); break;
	case 'E': put(2, word + 1, (u64)n - 1); break;
	case 'R': attach(word[1]); break;
	case 'P': on_plan(fds, count); break;
	case 'C':
		if (plan_check(scratch, SCRATCH_SIZE)) plan_perform(scratch);
		else scratch->failed = 1, scratch->error = EINVAL;
		tell(engine, "c");
		break;
	case 'K':
		put(ready_pipe, "", 1);
		shut(&ready_pipe);
		break;
	case 'Q': quit(word[1]);
	case 'N': return 0;
	}
	while (count) sys(close, fds[--count]);
	return 1;
}

static int on_engine(void) {
	int fds[MAX_FDS];
	u32 count;
	long n = receive_message(engine, word, WORDS, fds, &count);
	if (n > 0) {
		word[n] = word[n + 1] = 0;
		return obey(n, fds, count);
	}
	/* The engine is gone; the container is not, and neither is the session. */
	shut(&engine);
	shut(&session_far);
	if (!attached && last_status < 0 && session >= 0)
		fail("", "the engine ended before it answered; the next command recovers what it left", "");
	if (!attached) quit(last_status < 0 ? 125 : last_status);
	return 1;
}

/* 0: the engine does not serve this caller; otherwise never returns. */
static void serve(void) {
	for (;;) {
		struct pollfd polls[4] = {{engine, POLLIN, 0}, {attached ? session : -1, POLLIN, 0}, {signals, POLLIN, 0}, {status_pipe, POLLIN, 0}};
		if (sys(ppoll, polls, 4) < 0) continue;
		if (polls[2].revents) on_signal();
		if (polls[1].revents) on_session();
		if (polls[3].revents) {
			u8 m[2] = {'s'};
			int more = sys(read, status_pipe, m + 1, 1) == 1;
			if (!more) shut(&status_pipe);
			send_message(engine, more ? (char *)m : "z", more ? 2 : 1, 0, 0);
		}
		if (polls[0].revents && !on_engine()) return;
	}
}

/* Arguments and surroundings in one memory file: eight numbers, then texts that end in NUL. */
static int write_request(int argc, char **argv, char **envp) {
	static char cwd[PATH];
	int fd = (int)sys(memfd_create, "request", MFD_CLOEXEC);
	u32 head[8] = {(u32)argc, 0, 0, 0, 0, (u32)sys(getpid, 0), (u32)sys(umask, 022), (u32)session_far};
	struct winsize window = {0};
	struct termios t;
	sys(umask, head[6]);
	while (envp[head[1]]) head[1]++;
	for (u32 k = 0; k < 3; k++) head[2] |= (u32)(sys(ioctl, k, TCGETS, &t) == 0) << k;
	sys(ioctl, 0, TIOCGWINSZ, &window);
	head[3] = window.ws_row;
	head[4] = window.ws_col;
	sys(getcwd, cwd, PATH);
	put(fd, head, sizeof head);
	put(fd, cwd, length(cwd) + 1);
	for (int k = 0; k < argc; k++) put(fd, argv[k], length(argv[k]) + 1);
	for (u32 k = 0; k < head[1]; k++) put(fd, envp[k], length(envp[k]) + 1);
	return fd;
}

static int reach_engine(const char *run_root) {
	struct sockaddr_un address = {AF_UNIX, {0}};
	static char path[PATH];
	u32 size = append(path, append(path, 0, run_root), "/engine.sock");
	if (size >= sizeof address.sun_path) return -1;
	memcpy(address.sun_path, path, size);
	int fd = (int)sys(socket, AF_UNIX, SOCK_SEQPACKET_CLOEXEC, 0);
	if (sys(connect, fd, &address, 2 + size + 1) < 0) shut(&fd);
	return fd;
}

/* Forks the performer, which starts a warm engine, and waits until that listens or has given up. */
static void start_engine(int argc, char **argv, char **envp) {
	int ready[2];
	u8 byte;
	sys(pipe2, ready, 0);
	if (fork_process() == 0) {
		char *args[argc + 2];
		args[0] = argv[0];
		args[1] = "--performer";
		memcpy(args + 2, argv + 1, (u64)argc * sizeof *args);
		sys(dup3, ready[1], READY_FD, 0);
		leave_streams();
		sys(close_range, READY_FD + 1, ~0u);
		sys(close_range, 3, READY_FD - 1);
		sys(chdir, "/");
		sys(setsid);
		sys(execve, "/proc/self/exe", args, envp);
		leave(125);
	}
	shut(&ready[1]);
	while (sys(read, ready[0], &byte, 1) == -EINTR)
		;
	shut(&ready[0]);
}

/* `--performer ARGS` starts an engine and serves it, `--connect DIRECTORY` serves one that listens there. */
static _Noreturn void performer(int argc, char **argv, char **envp) {
	u64 ignore[4] = {1}; /* SIG_IGN: the kernel reaps the monitors */
	seal_self(argv, envp);
	if (same(argv[1], "--performer")) {
		ready_pipe = READY_FD;
		sys(fcntl, READY_FD, F_SETFD, FD_CLOEXEC);
		start_java("--engine", argc - 1, argv + 1, envp);
	} else {
		engine = argc > 2 ? reach_engine(argv[2]) : -1;
	}
	sys(rt_sigaction, SIGCHLD, ignore, 0, 8);
	if (engine >= 0) serve();
	leave(125);
}

_Noreturn void client(int argc, char **argv, char **envp) {
	const char *mode = environment(envp, "CARAFE_ENGINE="), *run_root = environment(envp, "CARAFE_RUN_ROOT=");
	int pair[2], fd = 0;
	/* No descriptor of ours may come to lie on a standard stream that the caller had closed. */
	while (fd >= 0 && fd < 3) fd = (int)sys(openat, AT_FDCWD, "/dev/null", O_RDWR);
	shut(&fd);
	sys(readlinkat, AT_FDCWD, "/proc/self/exe", exe, PATH - 1);
	if ((sealed = after(exe, "/memfd:") != 0)) append(exe, 0, argv[0]);
	if (argc > 1 && (same(argv[1], "--performer") || same(argv[1], "--connect"))) performer(argc, argv, envp);
	for (int k = 1; k < argc && argv[k][0] == '-'; k++) {
		const char *value = after(argv[k], "--run-root");
		if (value && *value == '=') run_root = value + 1;
		else if (value && !*value && k + 1 < argc) run_root = argv[++k];
	}
	if (!run_root || !*run_root) run_root = "/run/carafe";
	if (!sealed && (!mode || !same(mode, "off"))) { /* a sealed copy has been through this */
		engine = reach_engine(run_root);
		if (engine < 0) {
			start_engine(argc, argv, envp);
			engine = reach_engine(run_root);
		}
		if (engine >= 0 && sys(socketpair, AF_UNIX, SOCK_SEQPACKET_CLOEXEC, 0, pair) == 0) {
			int request = write_request(argc, argv, envp);
			session = pair[0];
			send_message(engine, "B", 1, (int[]){request, pair[1], 0, 1, 2}, 5);
			shut(&request);
			shut(&pair[1]);
			serve();
			shut(&engine);
			shut(&session);
		}
	}
	seal_self(argv, envp);
	/* The two descriptors that Java inherits, taken before anything else could get their numbers. */
	sys(dup3, 2, REQUEST_FD, 0);
	sys(dup3, 2, SCRATCH_FD, 0);
	if (sys(socketpair, AF_UNIX, SOCK_SEQPACKET_CLOEXEC, 0, pair) < 0) leave(125);
	session = pair[0];
	session_far = pair[1];
	int request = write_request(argc, argv, envp), scratch = (int)sys(memfd_create, "scratch", MFD_CLOEXEC);
	sys(ftruncate, scratch, SCRATCH_SIZE);
	sys(mmap, PLAN_BASE, SCRATCH_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE, scratch, 0);
	sys(dup3, request, REQUEST_FD, 0);
	sys(dup3, scratch, SCRATCH_FD, 0);
	shut(&request);
	shut(&scratch);
	start_java("--once", argc, argv, envp);
	serve();
	leave(125);
}
