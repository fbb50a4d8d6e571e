#include "kernel.h"
#include <linux/time.h>

void *memcpy(void *to, const void *from, unsigned long n)
{
	u8 *t = to;
	const u8 *f = from;
	while (n--)
		*t++ = *f++;
	return to;
}

void *memset(void *to, int byte, unsigned long n)
{
	u8 *t = to;
	while (n--)
		*t++ = (u8)byte;
	return to;
}

u32 length(const char *s)
{
	u32 n = 0;
	while (s[n])
		n++;
	return n;
}

int same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

_Noreturn void leave(int status)
{
	for (;;)
		sys1(exit_group, status);
}

u64 clock_ns(int clock)
{
	i64 t[2] = {0, 0};
	sys2(clock_gettime, clock, t);
	return (u64)t[0] * 1000000000u + (u64)t[1];
}

struct io_vector { const void *base; u64 size; };
struct message { void *name; u64 name_size; struct io_vector *parts; u64 part_count; void *control; u64 control_size; u64 flags; };
struct rights { u64 size; i32 level, type; i32 fds[MAX_FDS]; };

#define SOL_SOCKET 1
#define SCM_RIGHTS 1
#define MSG_NOSIGNAL 0x4000
#define MSG_CMSG_CLOEXEC 0x40000000

long send_message(int socket, const void *data, u32 size, const int *fds, u32 fd_count)
{
	struct io_vector part = {data, size};
	struct rights rights = {16 + 4 * (u64)fd_count, SOL_SOCKET, SCM_RIGHTS, {0}};
	struct message m = {0, 0, &part, 1, fd_count ? &rights : 0, fd_count ? (rights.size + 7) & ~7ul : 0, 0};
	long r;
	for (u32 i = 0; i < fd_count; i++)
		rights.fds[i] = fds[i];
	while ((r = sys3(sendmsg, socket, &m, MSG_NOSIGNAL)) == -E_INTR)
		;
	return r;
}

long receive_message(int socket, void *data, u32 size, int *fds, u32 *fd_count)
{
	struct io_vector part = {data, size};
	struct rights rights = {0, 0, 0, {0}};
	struct message m = {0, 0, &part, 1, &rights, sizeof rights, 0};
	long r;
	while ((r = sys3(recvmsg, socket, &m, MSG_CMSG_CLOEXEC)) == -E_INTR)
		;
	*fd_count = 0;
	if (r >= 0 && m.control_size >= 16 && rights.level == SOL_SOCKET && rights.type == SCM_RIGHTS)
		for (; *fd_count < MAX_FDS && 16 + 4 * (u64)*fd_count < rights.size; ++*fd_count)
			fds[*fd_count] = rights.fds[*fd_count];
	return r;
}
