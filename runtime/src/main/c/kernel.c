/* What a C library would offer, as far as this program needs it. */
#include "plan.h"
#include <linux/signal.h>
#include <linux/time_types.h>
#include <linux/uio.h>

void *memcpy(void *to, const void *from, unsigned long n) {
	for (unsigned long k = 0; k < n; k++) ((u8 *)to)[k] = ((const u8 *)from)[k];
	return to;
}
void *memset(void *to, int byte, unsigned long n) {
	for (unsigned long k = 0; k < n; k++) ((u8 *)to)[k] = (u8)byte;
	return to;
}
u32 length(const char *text) { u32 n = 0; while (text[n]) n++; return n; }
const char *after(const char *text, const char *prefix) {
	while (*prefix && *text == *prefix) text++, prefix++;
	return *prefix ? 0 : text;
}
int same(const char *a, const char *b) { return after(a, b) && length(a) == length(b); }
u32 decimal(char *to, u32 number) {
	u32 digits = 1, at; for (u32 n = number; n > 9; n /= 10) digits++;
	for (to[at = digits] = 0; at; number /= 10) to[--at] = (char)('0' + number % 10);
	return digits;
}
void shut(int *fd) { if (*fd >= 0) sys(close, *fd); *fd = -1; }
long fork_process(void) { return sys(clone, SIGCHLD); }
u64 clock_ns(int clock) {
	struct __kernel_timespec t = {0, 0};
	sys(clock_gettime, clock, &t);
	return (u64)t.tv_sec * 1000000000u + (u64)t.tv_nsec;
}
_Noreturn void leave(int status) { for (;;) sys(exit_group, status); }

/* struct msghdr and a struct cmsghdr with its descriptors, which the kernel's headers leave to the C library. */
struct message { void *name; u64 name_size; struct iovec *parts; u64 part_count; void *control; u64 control_size, flags; };
struct rights { u64 size; i32 level, type, fds[MAX_FDS]; };
enum { HEAD = 16, SOL_SOCKET = 1, SCM_RIGHTS = 1, MSG_NOSIGNAL = 0x4000, MSG_CMSG_CLOEXEC = 0x40000000 };

long send_message(int socket, const void *data, u32 size, const int *fds, u32 fd_count) {
	struct iovec part = {(void *)data, size};
	struct rights rights = {HEAD + 4 * (u64)fd_count, SOL_SOCKET, SCM_RIGHTS, {0}};
	struct message m = {0, 0, &part, 1, &rights, fd_count ? (rights.size + 7) & ~7ul : 0, 0}; long r;
	memcpy(rights.fds, fds, 4 * fd_count);
	do r = sys(sendmsg, socket, &m, MSG_NOSIGNAL); while (r == -EINTR);
	return r;
}
/* ECONNRESET is told once, when the other end closed before it had read everything; its last words come after that. */
long receive_message(int socket, void *data, u32 size, int *fds, u32 *fd_count) {
	struct iovec part = {data, size}; struct rights rights = {0};
	struct message m = {0, 0, &part, 1, &rights, sizeof rights, 0}; long r;
	do r = sys(recvmsg, socket, &m, MSG_CMSG_CLOEXEC); while (r == -EINTR || r == -ECONNRESET);
	*fd_count = r >= 0 && m.control_size >= HEAD && rights.type == SCM_RIGHTS ? (u32)(rights.size - HEAD) / 4 : 0;
	memcpy(fds, rights.fds, 4 * *fd_count);
	return r;
}
