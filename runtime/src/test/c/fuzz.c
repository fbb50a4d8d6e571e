/*
 * fuzz [SEED [CASES]]: mutates plans at random and checks them, with the sanitizers watching that the check never reads beyond the
 * plan. Plans are made to be right in most places, since one that is wrong everywhere is refused at its first number. Of what is
 * accepted this test proves for itself, in its own words, that performing it stays within the plan.
 */
#include "../../main/c/plan.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static u64 state;

/* xorshift64* */
static u64 any(void) {
	state ^= state >> 12, state ^= state << 25, state ^= state >> 27;
	return state * 2685821657736338717ul;
}

static u32 below(u32 n) { return n ? (u32)(any() >> 33) % n : 0; }

/* What the executor needs and this test does not. */
long monitor_watch(struct plan *p, const struct watch *w) { (void)p, (void)w; abort(); }
u64 clock_ns(int clock) { (void)clock; abort(); }
u32 decimal(char *to, u32 number) { (void)to, (void)number; abort(); }
void shut(int *fd) { (void)fd; abort(); }
_Noreturn void leave(int status) { (void)status; abort(); }

static void demand(int holds, const char *what, u64 seed, u32 number) {
	if (holds) return;
	printf("fuzz: accepted a plan in which %s (seed %lu, case %u)\n", what, (unsigned long)seed, number);
	exit(1);
}

/* A plan of some instructions, of which most are as they should be. */
static u32 build(u8 *image) {
	u32 count = below(12), results = sizeof(struct plan) + 8 * below(4), data = results + count * (u32)sizeof(struct result);
	u32 room = 64 + 8 * below(32), code = data + room, size = code + count * (u32)sizeof(struct instruction);
	struct plan p = {.magic = PLAN_MAGIC, .version = PLAN_VERSION, .size = size, .count = count, .code = code, .results = results, .cleanup = below(count)};
	memset(image, 0, size);
	memcpy(image, &p, sizeof p);
	for (u32 at = 0; at < count; at++) {
		struct instruction i = {.kind = (u16)(1 + below(8)), .call = (u16)below(500), .flags = (u8)below(2), .step = at};
		u64 place = PLAN_BASE + data + 8 * below((room - 64) / 8);
		if (below(3) == 0) i.on_ok = at + 1 + below(count - at);
		if (below(3) == 0) i.on_error = at + 1 + below(count - at);
		for (int k = 0; k < 6; k++) i.arg[k] = below(4) ? below(100) : any();
		if (i.kind == CALL && at)
			for (int k = 0; k < 6; k++)
				if (below(3) == 0) i.slots |= (u8)(1 << k), i.arg[k] = below(at);
		if (i.kind == FORK) {
			if (at + 1 == count) i.kind = CHECK;
			i.arg[0] = place, i.arg[1] = 64, i.arg[2] = at + 1 + below(count - at - 1);
		}
		if (i.kind == LOAD || i.kind == TEXT || i.kind == WATCH) i.arg[0] = place;
		if (i.kind == WATCH) {
			struct watch w = {.input = below(2) ? place : 0, .output = place, .error = below(2) ? place + 4 : 0, .key_count = (u8)below(15)};
			memcpy(image + (place - PLAN_BASE), &w, sizeof w);
		}
		memcpy(image + code + at * sizeof i, &i, sizeof i);
	}
	return size;
}

static void mutate(u8 *image, u32 size) {
	static const u64 telling[] = {0, 1, 7, 8, 255, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffff8, ~0ul, PLAN_BASE, PLAN_BASE - 1, PLAN_BASE + 79};
	for (u32 n = below(4); n; n--) {
		u32 width = 1u << below(4), place = (below(2) ? below(80 < size ? 80 : size) : below(size)) & ~(width - 1);
		u64 value = telling[below(sizeof telling / sizeof *telling)], old = 0;
		if (place + width > size) continue;
		memcpy(&old, image + place, width);
		switch (below(4)) {
		case 0: value = any(); break;
		case 1: value = old + below(33) - 16; break;
		case 2: value = old ^ 1ul << below(8 * width); break;
		}
		memcpy(image + place, &value, width);
	}
}

static int disjoint(u64 a, u64 a_end, u64 b, u64 b_end) { return a >= b_end || b >= a_end; }

static void prove(const u8 *image, u32 size, u64 seed, u32 number) {
#define DEMAND(what) demand(what, "this does not hold: " #what, seed, number)
#define IN_PLAN(address, bytes) \
	((address) >= PLAN_BASE && (address) - PLAN_BASE <= header.size && (u64)(bytes) <= header.size - ((address) - PLAN_BASE))
	struct plan header;
	memcpy(&header, image, sizeof header);
	u64 code = header.code, code_end = code + 80ul * header.count, results = header.results, results_end = results + 16ul * header.count;
	DEMAND(header.magic == 0x4c504643 && header.version == 1);
	DEMAND(header.size >= 80 && header.size <= size);
	DEMAND(code >= 80 && code % 8 == 0 && code_end <= header.size);
	DEMAND(results >= 80 && results % 8 == 0 && results_end <= header.size);
	DEMAND(disjoint(code, code_end, results, results_end));
	DEMAND(header.cleanup == 0 || header.cleanup < header.count);
	for (u32 at = 0; at < header.count; at++) {
		struct instruction i;
		struct watch w;
		memcpy(&i, image + code + 80ul * at, sizeof i);
		DEMAND(i.kind >= 1 && i.kind <= 8);
		DEMAND(i.on_ok == 0 || (i.on_ok > at && i.on_ok <= header.count));
		DEMAND(i.on_error == 0 || (i.on_error > at && i.on_error <= header.count));
		DEMAND(i.slots < 64);
		for (int k = 0; k < 6; k++) DEMAND(!(i.slots >> k & 1) || i.arg[k] < at);
		if (i.kind == FORK) {
			DEMAND(i.slots == 0 && i.arg[2] > at && i.arg[2] < header.count);
			DEMAND(IN_PLAN(i.arg[0], i.arg[1]));
		}
		if (i.kind == LOAD) DEMAND(i.slots == 0 && i.arg[0] % 4 == 0 && IN_PLAN(i.arg[0], 4));
		if (i.kind == TEXT) {
			u64 to = i.arg[0] - PLAN_BASE;
			DEMAND(!(i.slots & 1) && IN_PLAN(i.arg[0], 16));
			DEMAND(to >= 80 && disjoint(to, to + 16, code, code_end) && disjoint(to, to + 16, results, results_end));
		}
		if (i.kind == WATCH) {
			DEMAND(i.slots == 0 && i.arg[0] % 8 == 0 && IN_PLAN(i.arg[0], sizeof w));
			memcpy(&w, image + (i.arg[0] - PLAN_BASE), sizeof w);
			DEMAND(w.key_count <= 14);
			DEMAND(w.input == 0 || (w.input % 4 == 0 && IN_PLAN(w.input, 4)));
			DEMAND(w.output == 0 || (w.output % 4 == 0 && IN_PLAN(w.output, 4)));
			DEMAND(w.error == 0 || (w.error % 4 == 0 && IN_PLAN(w.error, 4)));
		}
	}
}

int main(int argc, char **argv) {
	static u8 image[8192];
	u64 seed = argc > 1 ? strtoul(argv[1], 0, 0) : 1;
	u32 cases = argc > 2 ? (u32)strtoul(argv[2], 0, 0) : 200000, accepted = 0;
	state = seed * 0x9e3779b97f4a7c15ul + 1;
	for (u32 number = 0; number < cases; number++) {
		u32 size = build(image);
		mutate(image, size);
		if (below(20) == 0) size = below(size + 1);
		/* Exactly as large as it says, so that a read beyond it is seen. */
		u8 *plan = malloc(size ? size : 1);
		memcpy(plan, image, size);
		if (plan_check((struct plan *)plan, size)) {
			accepted++;
			prove(plan, size, seed, number);
		}
		free(plan);
	}
	int enough = accepted > cases / 20 && accepted < cases - cases / 20;
	printf("fuzz: seed %lu, %u cases, %u accepted%s\n", (unsigned long)seed, cases, accepted, enough ? "" : ": too one-sided to prove anything");
	return !enough;
}
