/* The client as its user sees it: with a warm engine, which this test plays, and without one, where it plays Java. */
#include "harness.h"
#include <termios.h>

struct user { pid_t pid; int input, output, error; };

static int listener;
static char socket_path[96];

/* Starts the client. terminal: its standard input, or -1 for a pipe. */
static struct user start(const char *mode, int terminal, const char *argument) {
	int in[2], out[2], err[2];
	sys(pipe2, in, O_CLOEXEC), sys(pipe2, out, O_CLOEXEC), sys(pipe2, err, O_CLOEXEC);
	struct user u = {fork(), in[1], out[0], err[0]};
	if (u.pid == 0) {
		dup2(terminal < 0 ? in[0] : terminal, 0), dup2(out[1], 1), dup2(err[1], 2);
		setenv("CARAFE_ENGINE", mode, 1);
		setenv("CARAFE_RUN_ROOT", directory, 1);
		if (!strcmp(argument, "closed")) close(0), close(1);
		execl(program, "carafe", argument, "second", (char *)0);
		_exit(99);
	}
	close(in[0]), close(out[1]), close(err[1]);
	return u;
}

static int status_of(struct user *u) {
	int status = 0;
	close(u->input), close(u->output), close(u->error);
	waitpid(u->pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* The engine's side of a new client: the connection, and the descriptors of its first message. */
static int accepted(int fds[5]) {
	char word[16];
	struct pollfd one = {listener, POLLIN, 0};
	if (poll(&one, 1, 3000) != 1) return -1;
	int engine = accept4(listener, 0, 0, SOCK_CLOEXEC);
	return message(engine, word, sizeof word, fds, 3000) == 1 && word[0] == 'B' ? engine : -1;
}

static void done(int engine, int fds[5]) {
	for (int k = 0; k < 5; k++) close(fds[k]);
	close(engine);
}

static int printed(int fd, const char *text) {
	char got[256] = {0};
	u32 size = (u32)strlen(text);
	return read_all(fd, got, size, 3000) == size && !memcmp(got, text, size);
}

static void asks_and_prints(void) {
	static char big[65536], got[65536];
	u32 head[8];
	int fds[5] = {-1, -1, -1, -1, -1};
	char texts[4096];
	struct user u = start("on", -1, "first");
	int engine = accepted(fds);
	that("the client connects and hands five descriptors over", engine >= 0 && fds[4] >= 0);
	that("the request tells of it", pread(fds[0], head, sizeof head, 0) == sizeof head && head[0] == 3 && head[5] == (u32)u.pid && head[2] == 0);
	ssize_t n = pread(fds[0], texts, sizeof texts, sizeof head);
	char *arguments = texts + strlen(texts) + 1;
	that("directory and arguments follow", n > 0 && texts[0] == '/' && !memcmp(arguments, "carafe\0first\0second", 20));
	send_fds(engine, "Ohello\n", 7, 0, 0);
	that("it prints", printed(u.output, "hello\n"));
	send_fds(engine, "Eoops\n", 6, 0, 0);
	that("and complains", printed(u.error, "oops\n"));
	fcntl(u.output, F_SETPIPE_SZ, 4096);
	int flags = fcntl(fds[3], F_GETFL);
	fcntl(fds[3], F_SETFL, flags | O_NONBLOCK); /* the same description as the client's */
	memset(big, 'b', sizeof big);
	big[0] = 'O';
	send_fds(engine, big, sizeof big, 0, 0);
	that("it waits where its output would not", read_all(u.output, got, 65535, 3000) == 65535 && got[65534] == 'b');
	send_fds(engine, "Q\7", 2, 0, 0);
	that("it ends as the engine says", status_of(&u) == 7);
	done(engine, fds);

	u = start("on", -1, "closed");
	engine = accepted(fds);
	send_fds(engine, "Q\3", 2, 0, 0);
	that("a client whose streams are closed does as well", status_of(&u) == 3);
	done(engine, fds);

	u = start("on", -1, "first");
	struct pollfd one = {listener, POLLIN, 0};
	poll(&one, 1, 3000);
	engine = accept4(listener, 0, 0, SOCK_CLOEXEC);
	wait_a_little(50); /* its first message is there */
	send_fds(engine, "Q\11", 2, 0, 0);
	close(engine);
	that("last words of an engine that did not listen are heard", status_of(&u) == 9);

	u = start("on", -1, "first");
	engine = accepted(fds);
	done(engine, fds);
	that("an engine that dies is told of", printed(u.error, "carafe: the engine ended before it answered"));
	that("with its own status", status_of(&u) == 125);
}

static void sessions(void) {
	int fds[5];
	u8 word[16];
	struct user u = start("on", -1, "first");
	int engine = accepted(fds), far = fds[1];
	send_fds(engine, "R\2", 2, 0, 0);
	wait_a_little(50);
	kill(u.pid, SIGTERM);
	that("a signal is passed to the monitor", message(far, word, sizeof word, 0, 3000) == 2 && word[0] == 'S' && word[1] == SIGTERM);
	done(engine, (int[]){fds[0], -1, fds[2], fds[3], fds[4]});
	kill(u.pid, SIGUSR1);
	that("even when the engine has gone", message(far, word, sizeof word, 0, 3000) == 2 && word[1] == SIGUSR1);
	send_fds(far, "A", 1, 0, 0);
	send_fds(far, "X\1\0\0\0\14\0\0\0", 9, 0, 0);
	that("the end of the session is the end then, with init's status", status_of(&u) == 12);
	close(far);

	u = start("on", -1, "first");
	engine = accepted(fds);
	send_fds(engine, "R\0", 2, 0, 0);
	send_fds(fds[1], "X\2\0\0\0\11\0\0\0", 9, 0, 0);
	wait_a_little(50);
	done(engine, fds);
	that("a signal's status is 128 more", status_of(&u) == 137);

	u = start("on", -1, "first");
	engine = accepted(fds);
	send_fds(engine, "R\2", 2, 0, 0);
	send_fds(fds[1], "D\0", 2, 0, 0);
	that("the engine is told that the session was detached", message(engine, word, sizeof word, 0, 3000) == 1 && word[0] == 'D');
	send_fds(engine, "Q\0", 2, 0, 0);
	that("which is no failure", status_of(&u) == 0);
	done(engine, fds);

	u = start("on", -1, "first");
	engine = accepted(fds);
	send_fds(engine, "R\2", 2, 0, 0);
	send_fds(fds[1], "D\215", 2, 0, 0);
	that("the engine is told the same when nobody reads the output", message(engine, word, sizeof word, 0, 3000) == 1 && word[0] == 'D');
	send_fds(engine, "Q\0", 2, 0, 0);
	that("but that is the status of a broken pipe", status_of(&u) == 141);
	done(engine, fds);

	u = start("on", -1, "first");
	engine = accepted(fds);
	send_fds(engine, "R\2", 2, 0, 0);
	wait_a_little(50);
	done(engine, fds);
	that("a session that just ends is a failure", status_of(&u) == 125);
}

static int is_raw(int terminal) {
	struct termios t;
	return tcgetattr(terminal, &t) == 0 && !(t.c_lflag & (ICANON | ECHO | ISIG));
}

static void raw_terminal(void) {
	int fds[5], master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), unlock = 0;
	u8 word[16];
	struct winsize size = {30, 100, 0, 0};
	ioctl(master, TIOCSPTLCK, &unlock);
	int terminal = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	ioctl(master, TIOCSWINSZ, &size);
	struct user u = start("on", terminal, "first");
	int engine = accepted(fds);
	u32 head[8];
	that("the request tells of the terminal", pread(fds[0], head, sizeof head, 0) == sizeof head && head[2] == 1 && head[3] == 30 && head[4] == 100);
	send_fds(engine, "R\1", 2, 0, 0);
	that("the size of the window is told", message(fds[1], word, sizeof word, 0, 3000) == 5 && !memcmp(word, "W\36\0\x64\0", 5));
	that("the terminal is raw", is_raw(terminal));
	kill(u.pid, SIGWINCH);
	that("and told again when it changes", message(fds[1], word, sizeof word, 0, 3000) == 5 && word[0] == 'W');
	kill(u.pid, SIGTERM);
	that("a signal that is not passed on ends the client", status_of(&u) == 143);
	that("and the terminal is as it was", !is_raw(terminal));
	done(engine, fds);

	u = start("on", terminal, "first");
	engine = accepted(fds);
	send_fds(engine, "R\3", 2, 0, 0);
	message(fds[1], word, sizeof word, 0, 3000);
	that("raw again", is_raw(terminal));
	send_fds(fds[1], "X\1\0\0\0\0\0\0\0", 9, 0, 0);
	wait_a_little(50);
	that("the terminal is as it was when the session has ended", !is_raw(terminal));
	send_fds(engine, "Q\0", 2, 0, 0);
	that("and the client ends", status_of(&u) == 0);
	done(engine, fds);
	close(master), close(terminal);
}

static void without_engine(void) {
	int fds[5];
	struct user u = start("off", -1, "once");
	that("without an engine Java has its plan performed for the client's own streams", printed(u.output, "from the plan\n"));
	that("whose end is the client's", status_of(&u) == 11);

	u = start("on", -1, "once");
	int engine = accepted(fds);
	send_fds(engine, "N", 1, 0, 0);
	that("a client that is not served does it without", printed(u.output, "from the plan\n"));
	that("with the same end", status_of(&u) == 11);
	done(engine, fds);

	close(listener);
	unlink(socket_path);
	u = start("on", -1, "warm");
	that("where no engine listens, one is started", printed(u.output, "from the engine\n"));
	that("and served by it", status_of(&u) == 13);
	unlink(socket_path);
}

void client_tests(void) {
	setenv("TEST_DIRECTORY", directory, 1);
	snprintf(socket_path, sizeof socket_path, "%s/engine.sock", directory);
	listener = listen_at(socket_path);
	asks_and_prints();
	sessions();
	raw_terminal();
	without_engine();
}

/* What stands for Java: `--fake-java ROLE ARGUMENTS`, with the control socket as standard input. A failure shows in what is printed. */
int fake_java(int argc, char **argv) {
	char word[128] = {'P', 7};
	u32 head[8];
	if (argc < 3) return 1;
	strcpy(directory, getenv("TEST_DIRECTORY"));
	snprintf(socket_path, sizeof socket_path, "%s/engine.sock", directory);
	if (!strcmp(argv[2], "--engine")) {
		listener = listen_at(socket_path);
		send_fds(0, "K", 1, 0, 0);
		int fds[5], engine = accepted(fds);
		send_fds(engine, "Ofrom the engine\n", 17, 0, 0);
		send_fds(engine, "Q\15", 2, 0, 0);
		return 0;
	}
	if (strcmp(argv[2], "--once") || strcmp(argv[3], "once") || pread(3, head, sizeof head, 0) != sizeof head || head[0] != 3) return 1;
	u8 *scratch = (u8 *)sys(mmap, 0, 0x100000, PROT_READ | PROT_WRITE, MAP_SHARED, 4);
	struct plan *p = (struct plan *)scratch;
	begin();
	call(getpid);
	memcpy(scratch, image, sizeof image);
	send_fds(0, "C", 1, 0, 0);
	if (message(0, word + 2, 8, 0, 3000) != 1 || word[2] != 'c' || ((struct result *)(scratch + RESULTS_AT))->value != getppid()) return 1;
	p->magic = 0;
	send_fds(0, "C", 1, 0, 0);
	if (message(0, word + 2, 8, 0, 3000) != 1 || word[2] != 'c' || p->failed != 1 || p->error != EINVAL) return 1;
	container("echo from the plan; exit 11", WATCH_SESSION, "");
	snprintf(word + 2, sizeof word - 2, "%s/once-%d", directory, getpid());
	save(word + 2);
	send_fds(0, "R\2", 2, 0, 0);
	send_fds(0, word, 3 + (u32)strlen(word + 2), 0, 0);
	return message(0, word, 8, 0, 3000) == 2 && word[0] == 's' && word[1] == 'S' && message(0, word, 8, 0, 3000) == 1 && word[0] == 'z' ? 0 : 1;
}
