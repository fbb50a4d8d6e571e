/* Performs a plan: instruction after instruction, without a decision of its own. A plan is checked first, so that no index, jump
 * or address that the executor itself follows leads out of it, and none of its own writes lands on its instructions. */
#include "plan.h"
#include <linux/time.h>

static int within(const struct plan *p, u64 at, u64 size) { return at <= p->size && size <= p->size - at; }
static int apart(u64 a, u64 a_size, u64 b, u64 b_size) { return a + a_size <= b || b + b_size <= a; }
static int addressed(const struct plan *p, u64 address, u64 size, u64 alignment) {
	return address >= PLAN_BASE && address % alignment == 0 && within(p, address - PLAN_BASE, size);
}
static int check_watch(const struct plan *p, u64 address) {
	/* Read through p: a plan is also checked where it is not mapped at its address. */
	const struct watch *w = (const void *)((u64)p + address - PLAN_BASE);
	return addressed(p, address, sizeof *w, 8) && (!w->input || addressed(p, w->input, 4, 4)) && w->key_count <= sizeof w->keys
		&& (!w->output || addressed(p, w->output, 4, 4)) && (!w->error || addressed(p, w->error, 4, 4)) && w->rotated <= p->count;
}
static int check_instruction(const struct plan *p, const struct instruction *i, u32 at) {
	u64 text = i->arg[0] - PLAN_BASE;
	if ((i->on_ok && i->on_ok <= at) || (i->on_error && i->on_error <= at) || i->on_ok > p->count || i->on_error > p->count)
		return 0;
	for (int k = 0; k < 8; k++) if (i->slots >> k & 1 && (k > 5 || i->arg[k] >= at)) return 0;
	switch (i->kind) {
	case CALL: case MARK: case CHECK: case EXIT: return 1;
	case FORK: return !i->slots && addressed(p, i->arg[0], i->arg[1], 1) && i->arg[2] > at && i->arg[2] < p->count;
	case LOAD: return !i->slots && addressed(p, i->arg[0], 4, 4);
	case WATCH: return !i->slots && check_watch(p, i->arg[0]);
	case TEXT: return !(i->slots & 1) && addressed(p, i->arg[0], 16, 1) && apart(text, 16, 0, sizeof *p)
		&& apart(text, 16, p->code, p->count * sizeof *i) && apart(text, 16, p->results, p->count * sizeof(struct result));
	}
	return 0;
}
int plan_check(const struct plan *p, u64 size) {
	if (size < sizeof *p || p->magic != PLAN_MAGIC || p->version != PLAN_VERSION || p->size < sizeof *p || p->size > size
	    || p->size > PLAN_MAX || p->cleanup >= p->count + !p->count)
		return 0;
	u64 code_size = p->count * sizeof(struct instruction), results_size = p->count * sizeof(struct result);
	if (p->code % 8 || p->code < sizeof *p || !within(p, p->code, code_size) || p->results % 8 || p->results < sizeof *p
	    || !within(p, p->results, results_size) || !apart(p->code, code_size, p->results, results_size))
		return 0;
	const struct instruction *code = (const void *)((const u8 *)p + p->code); u32 at = 0;
	while (at < p->count && check_instruction(p, &code[at], at)) at++;
	return at == p->count;
}
long plan_map(const char *path) {
	int fd = (int)sys(openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
	long size = sys(lseek, fd, 0, 2 /* SEEK_END */);
	long r = size < 0 ? size : sys(mmap, PLAN_BASE, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE, fd);
	shut(&fd);
	return r < 0 ? r : r == (long)PLAN_BASE && plan_check((const struct plan *)PLAN_BASE, (u64)size) ? 0 : -EINVAL;
}
static int expected(const struct instruction *i, u32 error) {
	for (u32 k = 0; i->on_error && k < sizeof i->errors; k++) if (i->errors[k] == error) return 1;
	return i->on_error && !i->errors[0];
}
/* Performs from one instruction on up to another; returns only in the process that began, and there at that end. */
void plan_perform(struct plan *p, u32 at, u32 end) {
	const struct instruction *code = (const void *)((u8 *)p + p->code);
	struct result *results = (void *)((u8 *)p + p->results); int first = 1, cleaning = 0;
	if (at == 0) p->monitor = (i32)sys(getpid);
	while (at < end) {
		const struct instruction *i = &code[at]; u64 a[6]; long r = 0;
		for (int k = 0; k < 6; k++) a[k] = i->slots >> k & 1 ? (u64)results[i->arg[k]].value : i->arg[k];
		switch (i->kind) {
		case CALL: do r = syscall6(i->call, a[0], a[1], a[2], a[3], a[4], a[5]); while (r == -EINTR); break;
		case FORK:
			r = sys(clone3, a[0], a[1]);
			if (r == 0) { first = 0; at = (u32)a[2]; continue; }
			if (r > 0 && !(i->flags & HELPER)) p->init = (i32)r;
			break;
		case WATCH: r = monitor_watch(p, (const struct watch *)a[0]); break;
		case MARK: __atomic_store_n(&p->state, (u32)a[0], __ATOMIC_RELEASE); break;
		case CHECK: r = __atomic_load_n(&p->failed, __ATOMIC_ACQUIRE) ? -EPIPE : 0; break;
		case LOAD: r = *(volatile i32 *)a[0]; break;
		case EXIT: leave((int)a[0]);
		case TEXT: r = decimal((char *)a[0], (u32)a[1]); break;
		}
		if (i->flags & NONZERO && r == 0) r = -EPIPE;
		results[at] = (struct result){r, clock_ns(CLOCK_MONOTONIC)};
		if (r >= 0 || r < -4095) at = i->on_ok ? i->on_ok : at + 1;
		else if (expected(i, (u32)-r)) at = i->on_error;
		else {
			u32 none = 0;
			if (__atomic_compare_exchange_n(&p->failed, &none, at + 1, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) p->error = (u32)-r;
			if (!first || cleaning || !p->cleanup) leave(1);
			cleaning = 1, at = p->cleanup;
		}
	}
	if (!first) leave(0);
}
