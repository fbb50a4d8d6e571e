#include "harness.h"
#include <time.h>

const char *program;
char directory[64];
u8 image[IMAGE];
int performer;
static int passed, failed, counter;
static u32 data_size;

void that(const char *what, int holds) {
	if (holds) passed++;
	else failed++, printf("FAILED: %s\n", what);
}

void begin(void) {
	memset(image, 0, sizeof image);
	*plan_ = (struct plan){.magic = PLAN_MAGIC, .version = PLAN_VERSION, .code = CODE_AT, .results = RESULTS_AT, .size = CODE_AT};
	data_size = 0;
}

struct instruction *at(int number) { return (struct instruction *)(image + CODE_AT) + number; }

int emit(int kind, int call, int count, const u64 *arguments) {
	struct instruction *i = at((int)plan_->count);
	i->kind = (u16)kind, i->call = (u16)call;
	for (int k = 0; k < count; k++) {
		u64 value = arguments[k];
		if (value >> 48 == 0x51c7) i->slots |= (u8)(1 << k), value &= 0xffffffff;
		i->arg[k] = value;
	}
	plan_->size += sizeof *i;
	return (int)plan_->count++;
}

u64 data(const void *bytes, u32 size) {
	u32 here = (data_size + 7) & ~7u;
	if (bytes) memcpy(image + DATA_AT + here, bytes, size);
	data_size = here + size;
	return PLAN_BASE + DATA_AT + here;
}

u64 text(const char *string) { return data(string, (u32)strlen(string) + 1); }

u64 clone_arguments(void) {
	u64 arguments[11] = {0};
	arguments[4] = SIGCHLD;
	return data(arguments, sizeof arguments);
}

void save(const char *path) {
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, image, plan_->size) != (long)plan_->size) perror(path), exit(2);
	close(fd);
}

struct performance perform(const int *session) {
	char path[96], word[100] = {'P'};
	int pipe[2], fds[5], fd;
	snprintf(path, sizeof path, "%s/plan-%d", directory, counter++);
	save(path);
	fd = open(path, O_RDWR | O_CLOEXEC);
	struct plan *p = (void *)sys(mmap, 0, plan_->size, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
	close(fd);
	sys(pipe2, pipe, O_CLOEXEC);
	strcpy(word + 2, path);
	fds[0] = pipe[1];
	if (session) memcpy(fds + 1, session, 4 * sizeof *session);
	send_fds(performer, word, 3 + (u32)strlen(path), fds, session ? 5 : 1);
	close(pipe[1]);
	return (struct performance){pipe[0], p, (struct result *)((u8 *)p + p->results)};
}

int ended(struct performance *run, int milliseconds) {
	u64 until = milliseconds_now() + (u64)milliseconds;
	for (u8 byte;;) {
		struct pollfd one = {run->status, POLLIN, 0};
		i64 left = (i64)(until - milliseconds_now());
		if (left < 0 || poll(&one, 1, (int)left) <= 0) return 0;
		if (read(run->status, &byte, 1) == 0) return 1;
	}
}

void forget(struct performance *run) {
	close(run->status);
	sys(munmap, run->plan, run->plan->size);
}

int message(int socket, void *data, u32 size, int *fds, int milliseconds) {
	struct iovec part = {data, size};
	union { struct cmsghdr head; u8 room[64]; } control;
	struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	struct pollfd one = {socket, POLLIN, 0};
	if (poll(&one, 1, milliseconds) <= 0) return -1;
	ssize_t n = recvmsg(socket, &m, MSG_CMSG_CLOEXEC);
	if (n > 0 && fds && CMSG_FIRSTHDR(&m)) memcpy(fds, CMSG_DATA(CMSG_FIRSTHDR(&m)), CMSG_FIRSTHDR(&m)->cmsg_len - CMSG_LEN(0));
	return n < 0 ? 0 : (int)n;
}

void send_fds(int socket, const void *data, u32 size, const int *fds, u32 count) {
	struct iovec part = {(void *)data, size};
	union { struct cmsghdr head; u8 room[64]; } control = {.head = {CMSG_LEN(4 * count), SOL_SOCKET, SCM_RIGHTS}};
	struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = CMSG_SPACE(4 * count)};
	if (count) memcpy(CMSG_DATA(&control.head), fds, 4 * count);
	else m.msg_control = 0, m.msg_controllen = 0;
	sendmsg(socket, &m, MSG_NOSIGNAL);
}

int listen_at(const char *path) {
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	strcpy(address.sun_path, path);
	if (bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 8)) perror(path), exit(2);
	return fd;
}

u64 milliseconds_now(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (u64)t.tv_sec * 1000 + (u64)t.tv_nsec / 1000000;
}

void wait_a_little(int milliseconds) { poll(0, 0, milliseconds); }

u32 read_all(int fd, void *to, u32 size, int milliseconds) {
	u32 got = 0;
	u64 until = milliseconds_now() + (u64)milliseconds;
	while (got < size) {
		struct pollfd one = {fd, POLLIN, 0};
		i64 left = (i64)(until - milliseconds_now());
		if (left < 0 || poll(&one, 1, (int)left) <= 0) break;
		ssize_t n = read(fd, (u8 *)to + got, size - got);
		if (n <= 0) break;
		got += (u32)n;
	}
	return got;
}

static void write_file(const char *path, const char *content) {
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (write(fd, content, strlen(content)) != (long)strlen(content)) perror(path), exit(2);
	close(fd);
}

static void group(const char *name, void (*tests)(void)) {
	int before = passed, wrong = failed;
	tests();
	printf("%s: %d passed, %d failed\n", name, passed - before, failed - wrong);
	fflush(stdout);
}

static void start_performer(void) {
	char path[96];
	snprintf(path, sizeof path, "%s/engine.sock", directory);
	int listener = listen_at(path);
	if (fork() == 0) {
		execl(program, program, "--connect", directory, (char *)0);
		_exit(127);
	}
	performer = accept4(listener, 0, 0, SOCK_CLOEXEC);
	close(listener);
	unlink(path);
}

int main(int argc, char **argv) {
	char path[96], lines[512], self[256] = {0}, command[1024];
	if (argc > 1 && !strcmp(argv[1], "--fake-java")) return fake_java(argc, argv);
	if (argc != 3 || strlen(argv[2]) >= sizeof directory || readlink("/proc/self/exe", self, sizeof self - 1) < 0) {
		fprintf(stderr, "usage: tests PROGRAM EMPTY-DIRECTORY\n");
		return 2;
	}
	program = argv[1];
	strcpy(directory, argv[2]);
	signal(SIGPIPE, SIG_IGN);
	alarm(60);
	/* As it is installed: bin/carafe, and lib/ROLE.argv that names what to start in place of Java: this test. */
	snprintf(command, sizeof command, "mkdir %s/bin %s/lib && cp '%s' %s/bin/carafe", directory, directory, program, directory);
	if (system(command)) return 2;
	snprintf(path, sizeof path, "%s/bin/carafe", directory);
	program = strdup(path);
	snprintf(lines, sizeof lines, "%s\n--fake-java\n", self);
	const char *roles[] = {"once", "engine"};
	for (int k = 0; k < 2; k++) {
		snprintf(path, sizeof path, "%s/lib/%s.argv", directory, roles[k]);
		write_file(path, lines);
	}
	group("check", check_tests);
	start_performer();
	group("perform", perform_tests);
	group("watch", watch_tests);
	int status = -1;
	close(performer);
	u64 before = milliseconds_now();
	that("the performer ends when its engine has gone", wait(&status) > 0 && WIFEXITED(status) && milliseconds_now() - before < 1000);
	group("client", client_tests);
	group("init", init_tests);
	printf("%d passed, %d failed\n", passed, failed);
	return failed != 0;
}
