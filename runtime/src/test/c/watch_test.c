/* The monitor's loop: streams, log, sessions, the end. The container is a shell, in the monitor's own namespaces. */
#include "harness.h"

enum { TERMINAL_FD = 46, PEER_FD = 47, LOG_FD = 44, LISTENER_FD = 43 };

struct far { int input, output, error, control, near[4]; };

static char socket_path[96], log_path[96];

/* What the user's side holds, and the ends that go to the monitor. */
static struct far new_session(void) {
	int in[2], out[2], err[2], control[2];
	sys(pipe2, in, O_CLOEXEC), sys(pipe2, out, O_CLOEXEC), sys(pipe2, err, O_CLOEXEC);
	socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control);
	return (struct far){in[1], out[0], err[0], control[0], {in[0], out[1], err[1], control[1]}};
}

static void given_away(struct far *f) { for (int k = 0; k < 4; k++) close(f->near[k]); }

static void close_far(struct far *f) { close(f->input), close(f->output), close(f->error), close(f->control); }

static void settle(int fd, int number) {
	call(dup3, RESULT(fd), number, O_CLOEXEC);
	call(close, RESULT(fd));
}

/* A whole container: the shell's command under a monitor that listens and logs, as MonitorLowering writes it. */
void container(const char *command, u32 flags, const char *keys) {
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct watch w = {.log = LOG_FD, .listener = LISTENER_FD, .flags = flags, .session_streams = 7};
	int terminal = flags & WATCH_TERMINAL, child;
	static int number;
	snprintf(socket_path, sizeof socket_path, "%s/attach-%d-%d", directory, getpid(), ++number);
	snprintf(log_path, sizeof log_path, "%s/log-%d-%d", directory, getpid(), number);
	strcpy(address.sun_path, socket_path);
	w.key_count = (u8)strlen(keys);
	memcpy(w.keys, keys, w.key_count);
	begin();
	settle(call(openat, AT_FDCWD, text(log_path), O_WRONLY | O_CREAT | O_APPEND, 0600), LOG_FD);
	int listener = call(socket, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	call(bind, RESULT(listener), data(&address, sizeof address), sizeof address);
	call(listen, RESULT(listener), 16);
	settle(listener, LISTENER_FD);
	u64 in = data(0, 8), out = data(0, 8), err = data(0, 8);
	if (terminal) {
		int unlock = 0, fd = TERMINAL_FD;
		settle(call(openat, AT_FDCWD, text("/dev/ptmx"), O_RDWR | O_NOCTTY | O_NONBLOCK), TERMINAL_FD);
		call(ioctl, TERMINAL_FD, TIOCSPTLCK, data(&unlock, 4));
		settle(call(ioctl, TERMINAL_FD, TIOCGPTPEER, O_RDWR | O_NOCTTY), PEER_FD);
		w.input = w.output = data(&fd, 4);
	} else {
		call(pipe2, in, O_CLOEXEC), call(pipe2, out, O_CLOEXEC), call(pipe2, err, O_CLOEXEC);
		w.input = in + 4, w.output = out, w.error = err;
	}
	int fork = add(FORK, 0, 3, clone_arguments(), 88, 0);
	u64 theirs[3] = {in, out + 4, err + 4};
	for (int k = 0, fd; k < 3 && !terminal; k++) {
		fd = add(LOAD, 0, 1, theirs[k]);
		call(close, RESULT(fd));
	}
	int end = terminal ? 0 : add(LOAD, 0, 1, in + 4);
	if (!terminal) call(fcntl, RESULT(end), F_SETFL, O_WRONLY | O_NONBLOCK);
	add(MARK, 0, 1, RUNNING);
	call(write, FD_STATUS, text("S"), 1);
	add(WATCH, 0, 1, data(&w, sizeof w));
	add(MARK, 0, 1, EXITED);
	add(EXIT, 0, 1, 0);
	child = call(setsid);
	at(fork)->arg[2] = (u64)child;
	u64 none = data(0, 8);
	call(rt_sigprocmask, SIG_SETMASK, none, 0, 8);
	if (terminal) call(ioctl, PEER_FD, TIOCSCTTY, 0);
	for (int k = 0, fd; k < 3; k++) {
		fd = terminal ? 0 : add(LOAD, 0, 1, theirs[k]);
		call(dup3, terminal ? (u64)PEER_FD : RESULT(fd), k, 0);
	}
	u64 arguments[4] = {text("sh"), text("-c"), text(command), 0}, environment[2] = {text("PATH=/usr/bin:/bin"), 0};
	call(execve, text("/bin/sh"), data(arguments, sizeof arguments), data(environment, sizeof environment));
}

static struct performance begun(struct far *f) {
	struct performance p;
	if (f) {
		*f = new_session();
		p = perform(f->near);
		given_away(f);
	} else {
		p = perform(0);
	}
	u8 byte = 0;
	that("the container starts", read_all(p.status, &byte, 1, 3000) == 1 && byte == 'S');
	return p;
}

static int ended_word(int control, int how, int status) {
	u8 word[16];
	i32 end[2];
	int n = message(control, word, sizeof word, 0, 3000);
	memcpy(end, word + 1, 8);
	return n == 9 && word[0] == 'X' && end[0] == how && end[1] == status;
}

static int came(int fd, const char *expected) {
	char got[256] = {0};
	u32 size = (u32)strlen(expected);
	return read_all(fd, got, size, 3000) == size && !memcmp(got, expected, size);
}

static int at_end(int fd) {
	char byte;
	struct pollfd one = {fd, POLLIN, 0};
	return poll(&one, 1, 3000) == 1 && read(fd, &byte, 1) == 0;
}

/* Streams of the log, put together; 0 when a frame is broken. */
static u32 logged(int stream, char *to, u32 room) {
	struct { u64 time; u32 size, stream; } head;
	u32 total = 0;
	int fd = open(log_path, O_RDONLY);
	while (read(fd, &head, sizeof head) == sizeof head) {
		static char bytes[65536];
		if (head.size > sizeof bytes || read(fd, bytes, head.size) != (long)head.size || head.stream < 1 || head.stream > 2) return 0;
		if ((int)head.stream == stream && total + head.size <= room) memcpy(to + total, bytes, head.size), total += head.size;
	}
	close(fd);
	return total;
}

static int attach(struct far *f, const char *keys, int streams) {
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	u8 word[32] = {'A', (u8)streams, (u8)strlen(keys)}, answer[4];
	int control = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	*f = new_session();
	close(f->control);
	f->control = control;
	strcpy(address.sun_path, socket_path);
	memcpy(word + 3, keys, strlen(keys));
	if (connect(control, (struct sockaddr *)&address, sizeof address)) return 0;
	send_fds(control, word, 3 + (u32)strlen(keys), f->near + !(streams & 1), streams & 1 ? 3 : 2);
	given_away(f);
	return message(control, answer, sizeof answer, 0, 3000) == 1 && answer[0] == 'A';
}

static void streams_and_log(void) {
	struct far f;
	char log[64] = {0};
	container("echo out; echo err >&2; read line; echo got $line; exit 3", WATCH_SESSION, "");
	struct performance p = begun(&f);
	that("output comes", came(f.output, "out\n"));
	that("the error stream comes apart", came(f.error, "err\n"));
	that("input goes", write(f.input, "typed\n", 6) == 6 && came(f.output, "got typed\n"));
	that("the end is told with the status", ended_word(f.control, CLD_EXITED, 3));
	that("the streams end", at_end(f.output) && at_end(f.error));
	that("the monitor ends", ended(&p, 3000));
	that("how init ended is noted", p.plan->how == CLD_EXITED && p.plan->status == 3 && p.plan->state == EXITED);
	that("with both times", p.plan->started && p.plan->finished >= p.plan->started);
	that("the log has the output", logged(1, log, sizeof log) == 14 && !memcmp(log, "out\ngot typed\n", 14));
	that("and the error stream", logged(2, log, sizeof log) == 4 && !memcmp(log, "err\n", 4) && !p.plan->log_lost);
	close_far(&f);
	forget(&p);
}

static void nobody_attached(void) {
	char log[16] = {0};
	container("echo alone; kill -9 $$", 0, "");
	struct performance p = begun(0);
	that("a container without a session ends", ended(&p, 3000));
	that("a signal that ended it is noted", p.plan->how == CLD_KILLED && p.plan->status == 9);
	that("its output is in the log", logged(1, log, sizeof log) == 6 && !memcmp(log, "alone\n", 6));
	forget(&p);
}

static void end_of_input(void) {
	struct far f;
	container("cat; echo end", WATCH_SESSION | WATCH_STDIN_ONCE, "");
	struct performance p = begun(&f);
	that("what is typed is passed on", write(f.input, "abc", 3) == 3);
	close(f.input);
	that("the end of the input is passed on", came(f.output, "abcend\n"));
	that("a monitor ends then", ended(&p, 3000));
	f.input = dup(0);
	close_far(&f);
	forget(&p);
}

static void signals_are_forwarded(void) {
	struct far f;
	container("trap 'echo term; exit 5' TERM; echo ready; while :; do sleep 0.02; done", WATCH_SESSION, "");
	struct performance p = begun(&f);
	that("it is ready", came(f.output, "ready\n"));
	send_fds(f.control, "S\17", 2, 0, 0);
	that("a signal reaches init", came(f.output, "term\n"));
	that("init decides", ended_word(f.control, CLD_EXITED, 5) && ended(&p, 3000));
	close_far(&f);
	forget(&p);
}

static void detach(void) {
	struct far f, g, h;
	u8 word[16];
	container("while read line; do echo \"<$line>\"; done", WATCH_SESSION, "aab");
	struct performance p = begun(&f);
	that("a beginning of the keys is held back", write(f.input, "xa", 2) == 2 && message(f.control, word, sizeof word, 0, 100) == -1);
	that("and passed on when other keys follow", write(f.input, "c\n", 2) == 2 && came(f.output, "<xac>\n"));
	that("the keys may come one by one", write(f.input, "y\na", 3) == 3 && came(f.output, "<y>\n"));
	that("and after one key too many", write(f.input, "a", 1) == 1 && write(f.input, "a", 1) == 1 && write(f.input, "b", 1) == 1);
	that("they detach", message(f.control, word, sizeof word, 0, 3000) == 2 && word[0] == 'D' && word[1] == 0);
	that("the session ends, the container does not", at_end(f.output) && !ended(&p, 50));
	close_far(&f);
	that("somebody else may attach", attach(&g, "\x10\x11", 7));
	that("what was typed before the keys was passed on", write(g.input, "z\n", 2) == 2 && came(g.output, "<az>\n"));
	that("two may be attached", attach(&h, "", 6));
	that("both hear", write(g.input, "q\n", 2) == 2 && came(g.output, "<q>\n") && came(h.output, "<q>\n"));
	that("a whole sequence detaches", write(g.input, "p\n\x10\x11rest", 8) == 8 && came(h.output, "<p>\n"));
	that("and says so", message(g.control, word, sizeof word, 0, 3000) == 2 && word[0] == 'D' && word[1] == 0);
	close_far(&g);
	kill(p.plan->init, SIGKILL);
	that("who is left hears of the end", ended_word(h.control, CLD_KILLED, SIGKILL) && ended(&p, 3000));
	close_far(&h);
	forget(&p);

	container("cat", WATCH_SESSION | WATCH_STDIN_ONCE, "aab");
	p = begun(&f);
	that("keys that are held back at the end of the input are passed on", write(f.input, "xaa", 3) == 3 && !close(f.input) && came(f.output, "xaa"));
	that("and the input ends after them", at_end(f.output) && ended(&p, 3000));
	f.input = dup(0);
	close_far(&f);
	forget(&p);
}

static void reader_goes(void) {
	struct far f;
	u8 word[16];
	container("echo one; read line; echo two; sleep 60", WATCH_SESSION, "");
	struct performance p = begun(&f);
	that("a line comes", came(f.output, "one\n"));
	close(f.output), f.output = -1;
	that("who writes to a pipe that nobody reads is let go with the status of SIGPIPE", write(f.input, "\n", 1) == 1
		&& message(f.control, word, sizeof word, 0, 3000) == 2 && word[0] == 'D' && word[1] == 128 + SIGPIPE);
	that("and the container lives on", !ended(&p, 50));
	close_far(&f);
	kill(p.plan->init, SIGKILL);
	that("until it ends", ended(&p, 3000));
	forget(&p);
}

static void much_is_typed(void) {
	static char sent[300000], got[300000];
	struct far f;
	container("sleep 0.1; cat", WATCH_SESSION | WATCH_STDIN_ONCE, "\x10\x10\x11");
	struct performance p = begun(&f);
	for (u32 k = 0; k < sizeof sent; k++) sent[k] = (char)(k % 7 ? 0x10 : 'a' + k % 26); /* never more than beginnings of the keys */
	for (u32 k = 0; k < sizeof sent; k++)
		if (k % 7 == 3) sent[k] = 'm';
	pid_t typist = fork();
	if (typist == 0) {
		for (u32 k = 0; k < sizeof sent;) k += (u32)write(f.input, sent + k, sizeof sent - k);
		_exit(0);
	}
	close(f.input);
	that("all that is typed comes through", read_all(f.output, got, sizeof got, 5000) == sizeof got && !memcmp(sent, got, sizeof got));
	that("and it ends", ended(&p, 3000));
	waitpid(typist, 0, 0);
	f.input = dup(0);
	close_far(&f);
	forget(&p);
}

static void nobody_holds_it_up(void) {
	static char got[200000];
	struct far f, idle;
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	/* More than the session's pipe holds, and less than that and the container's. */
	container("head -c 110000 /dev/zero; exit 4", WATCH_SESSION, "");
	struct performance p = begun(&f);
	int silent = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	strcpy(address.sun_path, socket_path);
	connect(silent, (struct sockaddr *)&address, sizeof address); /* and says nothing */
	u64 before = milliseconds_now();
	that("a session that never reads does not hold the end up", ended(&p, 4000) && milliseconds_now() - before < 2500);
	that("how init ended is noted all the same", p.plan->how == CLD_EXITED && p.plan->status == 4);
	that("what it had not read is still there for it", read_all(f.output, got, sizeof got, 3000) == 110000);
	that("and then the end", ended_word(f.control, CLD_EXITED, 4) && at_end(f.output));
	that("the log has all of it by then", logged(1, got, sizeof got) == 110000);
	close_far(&f);
	forget(&p);

	container("sleep 0.1; head -c 300000 /dev/zero; exit 4", WATCH_SESSION, "");
	p = begun(&f);
	that("another attaches", attach(&idle, "", 6));
	that("a client that is killed", 1);
	close_far(&idle);
	that("does not hold the others up", read_all(f.output, got, sizeof got, 3000) == sizeof got && read_all(f.output, got, sizeof got, 3000) == 100000);
	that("nor the end", ended_word(f.control, CLD_EXITED, 4) && ended(&p, 3000));
	close_far(&f);
	forget(&p);
	close(silent);

	container("sleep 0.05; echo x; sleep 0.1; echo y; exit 4", WATCH_SESSION, "");
	p = begun(&f);
	close(f.output), close(f.error);
	that("a stream that nobody reads ends the session alone", message(f.control, got, sizeof got, 0, 3000) == 2 && got[0] == 'D' && ended(&p, 3000));
	that("the end is noted", p.plan->how == CLD_EXITED && p.plan->status == 4);
	that("the log goes on", logged(1, got, sizeof got) == 4);
	close(f.input), close(f.control);
	forget(&p);

	container("(sleep 2; echo late) & (while :; do echo more; done) & echo last; exit 6", 0, "");
	p = begun(0);
	that("processes that init leaves behind do not hold the end up", ended(&p, 1500));
	forget(&p);
}

static void on_behalf(void) {
	struct far f;
	u8 word[8], introduction[3] = {'A', 8 | 6, 0};
	int fds[3], control[2];
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	container("read line; exit 8", 0, "");
	struct performance p = begun(0);
	socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control);
	f = new_session();
	fds[0] = f.near[1], fds[1] = f.near[2], fds[2] = control[1];
	int speaker = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	strcpy(address.sun_path, socket_path);
	connect(speaker, (struct sockaddr *)&address, sizeof address);
	send_fds(speaker, introduction, 3, fds, 3);
	that("who speaks for another is answered", message(speaker, word, sizeof word, 0, 3000) == 1 && word[0] == 'A');
	that("and let go", message(speaker, word, sizeof word, 0, 3000) == 0);
	that("the other is answered", message(control[0], word, sizeof word, 0, 3000) == 1 && word[0] == 'A');
	close(control[1]), close(speaker);
	send_fds(control[0], "S\11", 2, 0, 0);
	that("and heard", ended_word(control[0], CLD_KILLED, 9) && ended(&p, 3000));
	close(control[0]);
	given_away(&f), close_far(&f);
	forget(&p);

	container("sleep 0.2", 0, "");
	p = begun(0);
	speaker = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	strcpy(address.sun_path, socket_path);
	connect(speaker, (struct sockaddr *)&address, sizeof address);
	send_fds(speaker, "S\11", 2, 0, 0);
	that("who does not introduce himself is not heard", message(speaker, word, sizeof word, 0, 3000) == 0);
	that("and ends nothing", ended(&p, 3000) && p.plan->how == CLD_EXITED);
	close(speaker);
	forget(&p);
}

static void terminal(void) {
	struct far f;
	char got[128] = {0};
	container("stty -echo -onlcr; echo ready; read go; stty size; exit 2", WATCH_SESSION | WATCH_TERMINAL, "");
	struct performance p = begun(&f);
	read_all(f.output, got, 6, 3000);
	that("a terminal's output comes", !memcmp(got, "ready", 5));
	send_fds(f.control, "W\31\0\x84\0", 5, 0, 0);
	that("a terminal takes input", write(f.input, "go\n", 3) == 3);
	that("it has the size that it was given", came(f.output, "25 132\n"));
	that("and ends", ended_word(f.control, CLD_EXITED, 2) && ended(&p, 3000));
	close_far(&f);
	forget(&p);
}

static void memory(void) {
	char path[64], line[128];
	long pss = -1;
	container("echo hello; read line", WATCH_SESSION, "");
	struct far f;
	struct performance p = begun(&f);
	that("it speaks", came(f.output, "hello\n"));
	snprintf(path, sizeof path, "/proc/%d/smaps_rollup", p.plan->monitor);
	FILE *file = fopen(path, "r");
	while (file && fgets(line, sizeof line, file)) sscanf(line, "Pss: %ld", &pss);
	if (file) fclose(file);
	printf("watch: an idle monitor has a PSS of %ld KiB\n", pss);
	that("an idle monitor has a PSS well below 64 KiB", pss > 0 && pss < 48);
	kill(p.plan->monitor, SIGTERM), kill(p.plan->monitor, SIGHUP), kill(p.plan->monitor, SIGPIPE);
	that("signals do not end a monitor", !ended(&p, 50));
	close(f.input), close(f.control);
	kill(p.plan->init, SIGKILL);
	that("a session that is gone does not hold the end up", ended(&p, 3000));
	close(f.output), close(f.error);
	forget(&p);
}

static void log_is_full(void) {
	struct performance p;
	struct far f;
	container("head -c 5000 /dev/zero; sleep 0.05; echo more; exit 0", WATCH_SESSION, "");
	/* The log goes to a device that is always full. */
	u8 *name = (u8 *)memmem(image, sizeof image, log_path, strlen(log_path));
	memcpy(name, "/dev/full", 10);
	p = begun(&f);
	static char got[8192];
	that("a log that is full does not stop the output", read_all(f.output, got, 5005, 3000) == 5005);
	that("what it lost is counted", ended(&p, 3000) && p.plan->log_lost == 5005);
	close_far(&f);
	forget(&p);
}

void watch_tests(void) {
	streams_and_log();
	nobody_attached();
	end_of_input();
	signals_are_forwarded();
	detach();
	reader_goes();
	much_is_typed();
	nobody_holds_it_up();
	on_behalf();
	terminal();
	memory();
	log_is_full();
}
