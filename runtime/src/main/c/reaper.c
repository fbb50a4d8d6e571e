/* `--init` in a container: process 1 that starts the command, passes signals on, and reaps whatever is orphaned to it. */
#include "plan.h"
#include <linux/signal.h>
#include <linux/wait.h>

_Noreturn void reaper(char **argv, char **envp)
{
	u64 all = ~0ul, none = 0;
	u32 info[32];
	sys4(rt_sigprocmask, SIG_BLOCK, &all, 0, 8);
	long child = sys5(clone, 17, 0, 0, 0, 0);
	if (child == 0) {
		sys2(setpgid, 0, 0);
		sys3(ioctl, 0, 0x5410 /* TIOCSPGRP: the terminal, if there is one, is the command's */, &(i32){(i32)sys1(getpid, 0)});
		sys4(rt_sigprocmask, SIG_SETMASK, &none, 0, 8);
		long r = sys3(execve, argv[0], argv, envp);
		leave(r == -2 ? 127 : 126);
	}
	for (;;) {
		long signal = sys4(rt_sigtimedwait, &all, info, 0, 8);
		if (signal > 0 && signal != SIGCHLD)
			sys2(kill, child, signal);
		for (;;) {
			i32 status = 0;
			long ended = sys4(wait4, -1, &status, WNOHANG, 0);
			if (ended == child)
				leave(status & 0x7f ? 128 + (status & 0x7f) : status >> 8 & 0xff);
			if (ended <= 0)
				break;
		}
	}
}
