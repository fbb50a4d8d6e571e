/* `--init`: exit status, signals, orphans. */
#include "harness.h"

static pid_t start(const char *command, int output) {
	pid_t child = fork();
	if (child == 0) {
		dup2(output, 1);
		prctl(PR_SET_CHILD_SUBREAPER, 1); /* stands for being process 1 */
		execl(program, program, "--init", "/bin/sh", "-c", command, (char *)0);
		_exit(99);
	}
	return child;
}

static int status_of(pid_t child) {
	int status = 0;
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int ended_with(const char *path) {
	pid_t child = fork();
	if (child == 0) {
		execl(program, program, "--init", path, (char *)0);
		_exit(99);
	}
	return status_of(child);
}

void init_tests(void) {
	int pipe[2];
	char out[64] = {0};
	that("init ends as its command did", status_of(start("exit 7", 2)) == 7);
	that("a signal that ended the command is told as a shell tells it", status_of(start("kill -9 $$", 2)) == 137);
	that("a command that is not there gives 127", ended_with("/nonexistent") == 127);
	that("a command that cannot be executed gives 126", ended_with("/etc/passwd") == 126);

	sys(pipe2, pipe, O_CLOEXEC);
	pid_t child = start("trap 'exit 9' TERM; trap 'echo usr1' USR1; echo ready; while :; do sleep 0.02; done", pipe[1]);
	that("the command runs", read_all(pipe[0], out, 6, 3000) == 6);
	kill(child, SIGUSR1);
	that("a signal is passed on", read_all(pipe[0], out, 5, 3000) == 5 && !memcmp(out, "usr1\n", 5));
	kill(child, SIGTERM);
	that("the command decides how a signal ends it", status_of(child) == 9);

	/* The inner shell leaves a process behind that ends at once; it must not stay as a zombie of init. */
	child = start("sh -c 'sleep 0.05 &' ; sleep 0.2; cat /proc/$PPID/task/$PPID/children | wc -w", pipe[1]);
	u32 n = read_all(pipe[0], out, 2, 3000);
	that("orphans are reaped", n == 2 && !memcmp(out, "1\n", 2));
	status_of(child);
	close(pipe[0]), close(pipe[1]);
}
