/*
 * The client: what the user starts. It hands arguments, directory, environment and descriptors to an engine and does what the
 * engine asks of it: print, carry a session, perform a plan. Where no engine listens it starts one; with CARAFE_ENGINE=off,
 * or when the engine does not serve this caller, it starts Java for this one command. The same loop, without a user, is the
 * performer beneath every engine: it forks the monitors, which a JVM could not do.
 */
#include "plan.h"
#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <linux/fcntl.h>
#include <linux/memfd.h>
#include <linux/poll.h>
#include <linux/signal.h>
#include <linux/un.h>

enum { REQUEST_FD = 3, SCRATCH_FD = 4, SCRATCH_SIZE = 0x100000, WORDS = 65536, PATH = 4096 };
enum { AF_UNIX = 1, SOCK_SEQPACKET_CLOEXEC = 5 | 02000000, ALL_SEALS = 15, SIGNALS = 64 };
enum { SESSION_RAW = 1, SESSION_SIGNALS = 2 };

static char exe[PATH];
static int engine = -1, session = -1, session_far = -1, status_pipe = -1, ready_pipe = -1, signals = -1;
static int attached, last_status = -1;
static struct termios cooked;
static int raw;
static u8 word[WORDS];

static void print(const char *text)
{
	sys3(write, 2, text, length(text));
}

static void restore_terminal(void)
{
	if (raw)
		sys3(ioctl, 0, TCSETSW, &cooked);
	raw = 0;
}

static _Noreturn void quit(int status)
{
	restore_terminal();
	leave(status);
}

static const char *environment(char **envp, const char *name)
{
	u32 n = length(name);
	for (; *envp; envp++) {
		u32 k = 0;
		while (k < n && (*envp)[k] == name[k])
			k++;
		if (k == n && (*envp)[n] == '=')
			return *envp + n + 1;
	}
	return 0;
}

static u32 append(char *path, u32 at, const char *text)
{
	while (*text && at < PATH - 1)
		path[at++] = *text++;
	path[at] = 0;
	return at;
}

/* Becomes a sealed copy of this program, so that no container can ever write to the file behind /proc/PID/exe. */
static void seal_self(char **argv, char **envp)
{
	long size = sys4(readlinkat, AT_FDCWD, "/proc/self/exe", exe, PATH - 1);
	exe[size > 0 ? size : 0] = 0;
	if (size > 7 && exe[0] == '/' && exe[1] == 'm' && exe[2] == 'e' && exe[6] == ':') {
		append(exe, 0, argv[0]);
		return;
	}
	long copy = sys2(memfd_create, "carafe", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	long self = sys4(openat, AT_FDCWD, "/proc/self/exe", O_RDONLY | O_CLOEXEC, 0);
	if (copy >= 0 && self >= 0) {
		while (sys4(sendfile, copy, self, 0, 0x7fff0000) > 0)
			;
		sys3(fcntl, copy, F_ADD_SEALS, ALL_SEALS);
		argv[0] = exe;
		sys5(execveat, copy, "", argv, envp, AT_EMPTY_PATH);
	}
	sys1(close, copy);
	sys1(close, self);
}

/* Starts Java as lib/java.argv says, with the far end of the control socket as its standard input. */
static _Noreturn void become_java(const char *role, int argc, char **argv, char **envp)
{
	static char text[65536], path[PATH], *args[4096];
	u32 at = append(path, 0, exe), n = 0;
	for (int slashes = 0; at && slashes < 2; slashes += path[--at] == '/')
		;
	append(path, at, "/lib/java.argv");
	long fd = sys4(openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	long size = fd < 0 ? 0 : sys3(read, fd, text, sizeof text - 1);
	for (long start = 0, end = 0; end < size && n < 128; end++)
		if (text[end] == '\n') {
			text[end] = 0;
			args[n++] = text + start;
			start = end + 1;
		}
	args[n++] = (char *)role;
	for (int k = 1; k < argc && n < 4095; k++)
		args[n++] = argv[k];
	if (size > 0)
		sys3(execve, args[0], args, envp);
	print("carafe: start \"");
	print(path);
	print("\": the installation is incomplete; build it again\n");
	leave(125);
}

/* Forks Java below this process; the control socket's near end becomes `engine`. */
static void start_java(const char *role, int argc, char **argv, char **envp)
{
	int pair[2];
	if (sys4(socketpair, AF_UNIX, SOCK_SEQPACKET_CLOEXEC, 0, pair) < 0)
		leave(125);
	long pid = sys5(clone, 17 /* SIGCHLD */, 0, 0, 0, 0);
	if (pid == 0) {
		sys3(dup3, pair[1], 0, 0);
		become_java(role, argc, argv, envp);
	}
	sys1(close, pair[1]);
	engine = pair[0];
}

/* Forks a process that performs the plan. fds: status, then the session's input, output, error and control; -1: none. */
static void perform(const char *path, const int *fds)
{
	if (sys5(clone, 17, 0, 0, 0, 0))
		return;
	int moved[5];
	for (int k = 0; k < 5; k++)
		moved[k] = fds[k] < 0 ? -1 : (int)sys3(fcntl, fds[k], F_DUPFD, 64);
	for (int k = 0; k < 5; k++)
		if (moved[k] >= 0)
			sys3(dup3, moved[k], FD_STATUS + k, O_CLOEXEC);
		else
			sys1(close, FD_STATUS + k);
	sys3(close_range, FD_FIRST_FREE, ~0u, 0);
	sys1(close, 3);
	long null = sys4(openat, AT_FDCWD, "/dev/null", O_RDWR, 0);
	for (int k = 0; k < 3; k++)
		sys3(dup3, null, k, 0);
	sys1(close, null);
	u64 every = ~0ul;
	u64 standard[4] = {0, 0, 0, 0};
	sys4(rt_sigprocmask, SIG_BLOCK, &every, 0, 8);
	for (int signal = 1; signal <= SIGNALS; signal++)
		sys4(rt_sigaction, signal, standard, 0, 8);
	sys1(setsid, 0);
	sys2(munmap, PLAN_BASE, SCRATCH_SIZE);
	if (plan_map(path) == 0)
		plan_perform((struct plan *)PLAN_BASE);
	leave(1);
}

/* The session's streams go to the monitor; from now on this process only passes signals and window sizes. */
static void attach(u8 flags)
{
	attached = 1;
	if (flags & SESSION_RAW && sys3(ioctl, 0, TCGETS, &cooked) == 0) {
		struct termios t = cooked;
		t.c_iflag &= ~(u32)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
		t.c_oflag &= ~(u32)OPOST;
		t.c_lflag &= ~(u32)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
		t.c_cflag = (t.c_cflag & ~(u32)(CSIZE | PARENB)) | CS8;
		t.c_cc[VMIN] = 1;
		t.c_cc[VTIME] = 0;
		raw = sys3(ioctl, 0, TCSETSW, &t) == 0;
	}
	/* Every signal that a user may send, less those by which the shell stops and resumes this process. */
	u64 mask = 1ul << (SIGWINCH - 1);
	if (flags & SESSION_SIGNALS)
		mask = ~(1ul << (SIGKILL - 1) | 1ul << (SIGSTOP - 1) | 1ul << (SIGCHLD - 1) | 1ul << (SIGPIPE - 1)
			| 1ul << (SIGURG - 1) | 1ul << (SIGTSTP - 1) | 1ul << (SIGTTIN - 1) | 1ul << (SIGTTOU - 1) | 1ul << (SIGCONT - 1)
			| 1ul << (SIGSEGV - 1) | 1ul << (SIGBUS - 1) | 1ul << (SIGILL - 1) | 1ul << (SIGFPE - 1));
	sys4(rt_sigprocmask, SIG_BLOCK, &mask, 0, 8);
	signals = (int)sys4(signalfd4, -1, &mask, 8, O_CLOEXEC);
}

static void send_window(void)
{
	u16 w[4];
	if (sys3(ioctl, 0, TIOCGWINSZ, w) == 0) {
		u8 m[5] = {'W', (u8)w[0], (u8)(w[0] >> 8), (u8)w[1], (u8)(w[1] >> 8)};
		send_message(session, m, sizeof m, 0, 0);
	}
}

static void on_signal(void)
{
	u32 info[32];
	if (sys3(read, signals, info, sizeof info) != sizeof info)
		return;
	u8 m[2] = {'S', (u8)info[0]};
	if (info[0] == SIGWINCH)
		send_window();
	else
		send_message(session, m, sizeof m, 0, 0);
}

/* A word of the monitor: the session was detached, or init has ended. */
static void on_session(void)
{
	int fds[MAX_FDS];
	u32 count;
	long n = receive_message(session, word, 16, fds, &count);
	if (n >= 9 && word[0] == 'X') {
		i32 end[2];
		memcpy(end, word + 1, sizeof end);
		last_status = end[0] == 1 ? end[1] : 128 + end[1];
		send_message(engine, "X", 1, 0, 0);
	} else if (n >= 1 && word[0] == 'D') {
		restore_terminal();
		last_status = 0;
		send_message(engine, "D", 1, 0, 0);
	}
	if (n <= 0 || word[0] != 'A')
		attached = n > 0 && word[0] == 'A';
	if (engine < 0 && !attached)
		quit(last_status < 0 ? 125 : last_status);
}

/* Does what the engine asks. 0: the engine does not serve this caller. */
static int obey(long n, int *fds, u32 count)
{
	switch (word[0]) {
	case 'O':
	case 'E':
		for (long at = 1, r; at < n; at += r)
			if ((r = sys3(write, word[0] == 'O' ? 1 : 2, word + at, n - at)) <= 0 && r != -E_AGAIN)
				break;
			else if (r < 0)
				r = 0;
		break;
	case 'R':
		attach(word[1]);
		if (word[1] & SESSION_RAW)
			send_window();
		break;
	case 'P': {
		int own[5] = {-1, -1, -1, -1, -1}, pipe[2] = {-1, -1};
		if (count) {
			for (u32 k = 0; k < 5 && k < count; k++)
				own[k] = fds[k];
		} else { /* the plan is for this process's own streams, as far as word[1] says */
			sys2(pipe2, pipe, O_CLOEXEC);
			own[0] = pipe[1];
			status_pipe = pipe[0];
			for (int k = 0; k < 3; k++)
				own[1 + k] = word[1] >> k & 1 ? k : -1;
			own[4] = word[1] ? session_far : -1;
		}
		word[n < WORDS ? n : WORDS - 1] = 0;
		perform((const char *)word + 2, own);
		sys1(close, pipe[1]);
		break;
	}
	case 'C':
		plan_perform((struct plan *)PLAN_BASE);
		send_message(engine, "c", 1, 0, 0);
		break;
	case 'K':
		sys3(write, ready_pipe, "", 1);
		sys1(close, ready_pipe);
		ready_pipe = -1;
		break;
	case 'Q':
		quit(word[1]);
	case 'N':
		return 0;
	}
	for (u32 k = 0; k < count; k++)
		sys1(close, fds[k]);
	return 1;
}

/* 0: the engine does not serve this caller; otherwise never returns. */
static int serve(void)
{
	for (;;) {
		struct pollfd polls[4] = {{engine, POLLIN, 0}, {attached ? session : -1, POLLIN, 0}, {signals, POLLIN, 0},
					  {status_pipe, POLLIN, 0}};
		if (sys5(ppoll, polls, 4, 0, 0, 0) < 0)
			continue;
		if (polls[2].revents)
			on_signal();
		if (polls[1].revents)
			on_session();
		if (polls[3].revents) {
			u8 m[2] = {'s', 0};
			if (sys3(read, status_pipe, m + 1, 1) == 1) {
				send_message(engine, m, 2, 0, 0);
			} else {
				sys1(close, status_pipe);
				status_pipe = -1;
				send_message(engine, "z", 1, 0, 0);
			}
		}
		if (polls[0].revents) {
			int fds[MAX_FDS];
			u32 count;
			long n = receive_message(engine, word, WORDS, fds, &count);
			if (n > 0 && !obey(n, fds, count))
				return 0;
			if (n <= 0) {
				sys1(close, engine);
				engine = -1;
				/* The engine is gone; the container is not, and neither is the session. */
				if (!attached && last_status >= 0)
					quit(last_status);
				if (!attached && session >= 0)
					print("carafe: the engine ended before it answered; the next command recovers what it left\n");
				if (!attached)
					quit(125);
			}
		}
	}
}

/* Arguments and surroundings in one memory file: eight numbers, then texts that end in NUL. */
static long write_request(int argc, char **argv, char **envp)
{
	long fd = sys2(memfd_create, "request", MFD_CLOEXEC);
	u32 head[8] = {(u32)argc, 0, 0, 0, 0, (u32)sys1(getpid, 0), (u32)sys1(umask, 022), (u32)session_far};
	u16 window[4] = {0, 0, 0, 0};
	static char cwd[PATH];
	struct termios t;
	sys1(umask, head[6]);
	while (envp[head[1]])
		head[1]++;
	for (u32 k = 0; k < 3; k++)
		head[2] |= (u32)(sys3(ioctl, k, TCGETS, &t) == 0) << k;
	sys3(ioctl, 0, TIOCGWINSZ, window);
	head[3] = window[0];
	head[4] = window[1];
	sys2(getcwd, cwd, PATH);
	sys3(write, fd, head, sizeof head);
	sys3(write, fd, cwd, length(cwd) + 1);
	for (int k = 0; k < argc; k++)
		sys3(write, fd, argv[k], length(argv[k]) + 1);
	for (u32 k = 0; k < head[1]; k++)
		sys3(write, fd, envp[k], length(envp[k]) + 1);
	return fd;
}

static int reach_engine(const char *run_root)
{
	struct sockaddr_un address = {AF_UNIX, {0}};
	char path[PATH];
	u32 size = append(path, append(path, 0, run_root), "/engine.sock");
	if (size >= sizeof address.sun_path)
		return -1;
	memcpy(address.sun_path, path, size);
	int fd = (int)sys3(socket, AF_UNIX, SOCK_SEQPACKET_CLOEXEC, 0);
	if (fd >= 0 && sys3(connect, fd, &address, 2 + size + 1) < 0) {
		sys1(close, fd);
		return -1;
	}
	return fd;
}

/* Forks the performer, which starts a warm engine, and waits until that listens or has given up. */
static void start_engine(int argc, char **argv, char **envp)
{
	int ready[2];
	u8 byte;
	sys2(pipe2, ready, 0);
	if (sys5(clone, 17, 0, 0, 0, 0) == 0) {
		static char number[4] = {0}, *args[3] = {0, "--performer", number};
		static char *all[4096];
		sys3(dup3, ready[1], 9, 0);
		args[0] = argv[0];
		memcpy(all, args, 2 * sizeof *args);
		for (int k = 1; k <= argc && k < 4090; k++)
			all[1 + k] = argv[k];
		long null = sys4(openat, AT_FDCWD, "/dev/null", O_RDWR, 0);
		for (int k = 0; k < 3; k++)
			sys3(dup3, null, k, 0);
		sys3(close_range, 10, ~0u, 0);
		sys3(close_range, 3, 8, 0);
		sys1(chdir, "/");
		sys1(setsid, 0);
		sys3(execve, "/proc/self/exe", all, envp);
		leave(125);
	}
	sys1(close, ready[1]);
	sys3(read, ready[0], &byte, 1);
	sys1(close, ready[0]);
}

/* `carafe --performer ARGS`: the process beneath a warm engine or an embedding program. */
static _Noreturn void performer(int argc, char **argv, char **envp)
{
	ready_pipe = 9;
	u64 ignore[4] = {1, 0, 0, 0}; /* SIG_IGN: the kernel reaps the monitors */
	start_java("--engine", argc - 1, argv + 1, envp);
	sys4(rt_sigaction, SIGCHLD, ignore, 0, 8);
	serve();
	leave(0);
}

_Noreturn void client(int argc, char **argv, char **envp)
{
	const char *mode = environment(envp, "CARAFE_ENGINE");
	const char *run_root = environment(envp, "CARAFE_RUN_ROOT");
	int pair[2];
	if (argc > 1 && same(argv[1], "--performer")) {
		seal_self(argv, envp);
		performer(argc, argv, envp);
	}
	if (argc > 2 && same(argv[1], "--connect")) {
		seal_self(argv, envp);
		u64 ignore[4] = {1, 0, 0, 0};
		sys4(rt_sigaction, SIGCHLD, ignore, 0, 8);
		engine = reach_engine(argv[2]);
		serve();
	}
	for (int k = 1; k + 1 < argc && argv[k][0] == '-'; k++)
		if (same(argv[k], "--run-root"))
			run_root = argv[k + 1];
	if (!run_root || !*run_root)
		run_root = "/run/carafe";
	if (!mode || !same(mode, "off")) {
		engine = reach_engine(run_root);
		if (engine < 0) {
			start_engine(argc, argv, envp);
			engine = reach_engine(run_root);
		}
		if (engine >= 0 && sys4(socketpair, AF_UNIX, SOCK_SEQPACKET_CLOEXEC, 0, pair) == 0) {
			int request = (int)write_request(argc, argv, envp);
			int fds[5] = {request, pair[1], 0, 1, 2};
			session = pair[0];
			send_message(engine, "B", 1, fds, 5);
			sys1(close, request);
			sys1(close, pair[1]);
			serve();
			sys1(close, engine);
			sys1(close, session);
		}
	}
	seal_self(argv, envp);
	if (sys4(socketpair, AF_UNIX, SOCK_SEQPACKET_CLOEXEC, 0, pair) < 0)
		leave(125);
	session = pair[0];
	session_far = pair[1];
	long request = write_request(argc, argv, envp), scratch = sys2(memfd_create, "scratch", 0);
	long moved = sys3(fcntl, request, F_DUPFD_CLOEXEC, 64);
	sys2(ftruncate, scratch, SCRATCH_SIZE);
	sys6(mmap, PLAN_BASE, SCRATCH_SIZE, 3, 0x100001, scratch, 0);
	scratch = sys3(fcntl, scratch, F_DUPFD_CLOEXEC, 64);
	sys3(dup3, moved, REQUEST_FD, 0);
	sys3(dup3, scratch, SCRATCH_FD, 0);
	start_java("--once", argc, argv, envp);
	serve();
	leave(125);
}
