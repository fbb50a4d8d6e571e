/* One program, four roles: client, performer and monitor, the check of a plan, and init inside a container. */
#include "plan.h"
#include <asm/ioctls.h>
#include <linux/signal.h>
#include <linux/wait.h>

/* `carafe --check-plan FILE`: 0 when the file may be performed, 1 when not; performs nothing. */
static int check_file(const char *path) {
	long fd = sys(openat, AT_FDCWD, path, O_RDONLY), size = sys(lseek, fd, 0, 2 /* SEEK_END */);
	long at = size > 0 ? sys(mmap, 0, size, PROT_READ, MAP_PRIVATE, fd) : -1;
	return at < 0 || !plan_check((const struct plan *)at, (u64)size);
}
/* `carafe --init COMMAND`: process 1 that starts the command, passes signals on, and reaps whatever is orphaned to it. */
static _Noreturn void init(char **argv, char **envp) {
	u64 all = ~0ul, none = 0, standard[4] = {0}; /* SIG_DFL: with SIGCHLD ignored, nothing would be told of */
	sys(rt_sigprocmask, SIG_BLOCK, &all, 0, 8); sys(rt_sigaction, SIGCHLD, standard, 0, 8);
	i32 child = (i32)fork_process(), group = (i32)sys(getpid), status;
	if (child < 0) leave(126);
	if (child == 0) {
		sys(setpgid, 0, 0);
		sys(ioctl, 0, TIOCSPGRP, &group); /* the terminal, if there is one, is the command's */
		sys(rt_sigprocmask, SIG_SETMASK, &none, 0, 8); leave(sys(execve, argv[0], argv, envp) == -ENOENT ? 127 : 126);
	}
	for (;;) {
		long signal = sys(rt_sigtimedwait, &all, 0, 0, 8), ended;
		if (signal > 0 && signal != SIGCHLD) sys(kill, child, signal);
		while ((ended = sys(wait4, -1, &status, WNOHANG)) > 0)
			if (ended == child) leave(status & 0x7f ? 128 + (status & 0x7f) : status >> 8 & 0xff);
	}
}
__attribute__((used)) _Noreturn void start(long *stack) {
	int argc = (int)stack[0];
	char **argv = (char **)(stack + 1), **envp = argv + argc + 1;
	if (argc > 2 && same(argv[1], "--check-plan")) leave(check_file(argv[2]));
	if (argc > 2 && same(argv[1], "--init")) init(argv + 2, envp);
	client(argc, argv, envp);
}
#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n\txor %ebp, %ebp\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n\tcall start\n");
#elif defined(__aarch64__)
__asm__(".globl _start\n_start:\n\tmov x29, #0\n\tmov x0, sp\n\tbl start\n");
#endif
