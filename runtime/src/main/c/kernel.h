/* The kernel without a C library: raw system calls and the few memory functions that the compiler may ask for. */
#ifndef CARAFE_KERNEL_H
#define CARAFE_KERNEL_H

#include <asm/unistd.h>
#include <linux/types.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s32 i32;
typedef __s64 i64;

#define E_INTR 4
#define E_AGAIN 11
#define E_PIPE 32
#define E_BAD_PLAN 22 /* EINVAL */

static inline long syscall6(long n, u64 a, u64 b, u64 c, u64 d, u64 e, u64 f)
{
#if defined(__x86_64__)
	long r;
	register u64 r10 __asm__("r10") = d;
	register u64 r8 __asm__("r8") = e;
	register u64 r9 __asm__("r9") = f;
	__asm__ volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return r;
#elif defined(__aarch64__)
	register long x8 __asm__("x8") = n;
	register u64 x0 __asm__("x0") = a;
	register u64 x1 __asm__("x1") = b;
	register u64 x2 __asm__("x2") = c;
	register u64 x3 __asm__("x3") = d;
	register u64 x4 __asm__("x4") = e;
	register u64 x5 __asm__("x5") = f;
	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
	return (long)x0;
#else
#error "no system call convention for this architecture"
#endif
}

#define ARG(x) ((u64)(x))
#define sys1(n, a) syscall6(__NR_##n, ARG(a), 0, 0, 0, 0, 0)
#define sys2(n, a, b) syscall6(__NR_##n, ARG(a), ARG(b), 0, 0, 0, 0)
#define sys3(n, a, b, c) syscall6(__NR_##n, ARG(a), ARG(b), ARG(c), 0, 0, 0)
#define sys4(n, a, b, c, d) syscall6(__NR_##n, ARG(a), ARG(b), ARG(c), ARG(d), 0, 0)
#define sys5(n, a, b, c, d, e) syscall6(__NR_##n, ARG(a), ARG(b), ARG(c), ARG(d), ARG(e), 0)
#define sys6(n, a, b, c, d, e, f) syscall6(__NR_##n, ARG(a), ARG(b), ARG(c), ARG(d), ARG(e), ARG(f))

void *memcpy(void *to, const void *from, unsigned long n);
void *memset(void *to, int byte, unsigned long n);
u32 length(const char *s);
int same(const char *a, const char *b);
_Noreturn void leave(int status);
u64 clock_ns(int clock);

/* A message over a SEQPACKET socket, with up to MAX_FDS descriptors that the receiver owns. */
#define MAX_FDS 6
long send_message(int socket, const void *data, u32 size, const int *fds, u32 fd_count);
long receive_message(int socket, void *data, u32 size, int *fds, u32 *fd_count);

#endif
