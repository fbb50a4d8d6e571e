/* One program, four roles: client, performer and monitor, the check of a plan, and init inside a container. */
#include "plan.h"

#define MAP_PRIVATE_ANYWHERE 2

/* `carafe --check-plan FILE`: 0 when the file may be performed, 1 when not; performs nothing. */
static int check_file(const char *path)
{
	long fd = sys4(openat, -100, path, 0, 0), size = sys3(lseek, fd, 0, 2);
	if (fd < 0 || size <= 0)
		return 1;
	long at = sys6(mmap, 0, size, 1, MAP_PRIVATE_ANYWHERE, fd, 0);
	return at < 0 || !plan_check((const struct plan *)at, (u64)size);
}

__attribute__((used)) _Noreturn void start(long *stack)
{
	int argc = (int)stack[0];
	char **argv = (char **)(stack + 1), **envp = argv + argc + 1;
	if (argc > 2 && same(argv[1], "--check-plan"))
		leave(check_file(argv[2]));
	if (argc > 2 && same(argv[1], "--init"))
		reaper(argv + 2, envp);
	client(argc, argv, envp);
}

#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n\txor %ebp, %ebp\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n\tcall start\n");
#elif defined(__aarch64__)
__asm__(".globl _start\n_start:\n\tmov x29, #0\n\tmov x0, sp\n\tbl start\n");
#endif
