/* Performs a plan: instruction after instruction, without a decision of its own. */
#include "plan.h"
#include <linux/fcntl.h>

#define PROT_READ_WRITE 3
#define MAP_SHARED_FIXED (0x01 | 0x100000) /* MAP_SHARED | MAP_FIXED_NOREPLACE */
#define CLOCK_MONOTONIC 1

static int inside(const struct plan *p, u64 address, u64 size)
{
	return address >= PLAN_BASE && address <= PLAN_BASE + p->size && size <= PLAN_BASE + p->size - address;
}

/* Whether every index, jump and address that the executor itself follows stays within the plan. 1: it may be performed. */
int plan_check(const struct plan *p, u64 size)
{
	if (size < sizeof *p || p->magic != PLAN_MAGIC || p->version != PLAN_VERSION || p->size > size || p->size > PLAN_MAX
	    || p->count > PLAN_MAX / sizeof(struct instruction) || p->code % 8 || p->results % 8
	    || p->code > p->size || p->count * sizeof(struct instruction) > p->size - p->code
	    || p->results > p->size || p->count * sizeof(struct result) > p->size - p->results || p->cleanup >= p->count + !p->count)
		return 0;
	const struct instruction *code = (const void *)((const u8 *)p + p->code);
	for (u32 at = 0; at < p->count; at++) {
		const struct instruction *i = &code[at];
		if ((i->on_ok && i->on_ok <= at) || (i->on_error && i->on_error <= at) || i->on_ok > p->count || i->on_error > p->count)
			return 0;
		for (int k = 0; k < 6; k++)
			if (i->slots >> k & 1 && i->arg[k] >= at)
				return 0;
		if (i->slots >> 6)
			return 0;
		switch (i->kind) {
		case CALL: case MARK: case CHECK: case EXIT:
			break;
		case FORK:
			if (i->slots || i->arg[1] > 256 || !inside(p, i->arg[0], i->arg[1]) || i->arg[2] <= at || i->arg[2] >= p->count)
				return 0;
			break;
		case WATCH: {
			if (i->slots || i->arg[0] % 8 || !inside(p, i->arg[0], sizeof(struct watch)))
				return 0;
			/* Read through p: a plan is also checked where it is not mapped at its address. */
			const struct watch *w = (const void *)((const u8 *)p + (i->arg[0] - PLAN_BASE));
			const u64 at3[3] = {w->input, w->output, w->error};
			for (int k = 0; k < 3; k++)
				if (at3[k] && (at3[k] % 4 || !inside(p, at3[k], 4)))
					return 0;
			if (w->key_count > sizeof w->keys)
				return 0;
			break;
		}
		case LOAD:
			if (i->slots || i->arg[0] % 4 || !inside(p, i->arg[0], 4))
				return 0;
			break;
		case TEXT:
			if (i->slots & 1 || !inside(p, i->arg[0], 16))
				return 0;
			break;
		default:
			return 0;
		}
	}
	return 1;
}

/* Maps the file at its address and checks it. 0, or minus an error number. */
long plan_map(const char *path)
{
	long fd = sys4(openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
	if (fd < 0)
		return fd;
	long size = sys3(lseek, fd, 0, 2 /* SEEK_END */);
	long r = size < (long)sizeof(struct plan) || size > PLAN_MAX ? -E_BAD_PLAN
		: sys6(mmap, PLAN_BASE, size, PROT_READ_WRITE, MAP_SHARED_FIXED, fd, 0);
	sys1(close, fd);
	if (r < 0 && r > -4096)
		return r;
	return r == (long)PLAN_BASE && plan_check((const struct plan *)PLAN_BASE, (u64)size) ? 0 : -E_BAD_PLAN;
}

static int expected(const struct instruction *i, u32 error)
{
	if (!i->on_error)
		return 0;
	for (u32 k = 0; k < sizeof i->errors; k++)
		if (i->errors[k] == error)
			return 1;
	return !i->errors[0];
}

/* Performs from the first instruction on; returns in the process that reaches the end of the list. */
void plan_perform(struct plan *p)
{
	const struct instruction *code = (const void *)((u8 *)p + p->code);
	struct result *results = (void *)((u8 *)p + p->results);
	int first = 1, cleaning = 0;
	p->monitor = (i32)sys1(getpid, 0);
	for (u32 at = 0; at < p->count;) {
		const struct instruction *i = &code[at];
		u64 a[6];
		long r = 0;
		for (int k = 0; k < 6; k++)
			a[k] = i->slots >> k & 1 ? (u64)results[i->arg[k]].value : i->arg[k];
		switch (i->kind) {
		case CALL:
			while ((r = syscall6(i->call, a[0], a[1], a[2], a[3], a[4], a[5])) == -E_INTR)
				;
			break;
		case FORK:
			r = sys2(clone3, a[0], a[1]);
			if (r == 0) {
				first = 0;
				at = (u32)a[2];
				continue;
			}
			if (first && r > 0)
				p->init = (i32)r;
			break;
		case WATCH:
			monitor_watch(p, (const struct watch *)a[0]);
			break;
		case MARK:
			__atomic_store_n(&p->state, (u32)a[0], __ATOMIC_RELEASE);
			break;
		case CHECK:
			r = __atomic_load_n(&p->failed, __ATOMIC_ACQUIRE) ? -E_PIPE : 0;
			break;
		case LOAD:
			r = *(volatile i32 *)a[0];
			break;
		case EXIT:
			leave((int)a[0]);
		case TEXT: {
			u8 digits[12], n = 0;
			for (u32 v = (u32)a[1]; n == 0 || v; v /= 10)
				digits[n++] = (u8)('0' + v % 10);
			for (u8 *to = (u8 *)a[0]; n || (*to = 0);)
				*to++ = digits[--n];
			break;
		}
		}
		if (i->flags & NONZERO && r == 0)
			r = -E_PIPE;
		results[at].value = r;
		results[at].time = clock_ns(CLOCK_MONOTONIC);
		if (r >= 0 || r < -4095) {
			at = i->on_ok ? i->on_ok : at + 1;
		} else if (expected(i, (u32)-r)) {
			at = i->on_error;
		} else {
			u32 none = 0;
			if (__atomic_compare_exchange_n(&p->failed, &none, at + 1, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
				p->error = (u32)-r;
			if (!first || cleaning || !p->cleanup)
				leave(1);
			cleaning = 1;
			at = p->cleanup;
		}
	}
}
