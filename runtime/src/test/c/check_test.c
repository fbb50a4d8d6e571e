/* Which plans are accepted: a good one, and that one with a single thing wrong. */
#include "harness.h"

static int accepted(u32 size) {
	char path[96];
	int status;
	snprintf(path, sizeof path, "%s/checked", directory);
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (write(fd, image, size) != (long)size) return -1;
	close(fd);
	if (fork() == 0) {
		execl(program, program, "--check-plan", path, (char *)0);
		_exit(127);
	}
	wait(&status);
	return status == 0;
}

enum { FORKS, READS, PRINTS, WATCHES, JUMPS, LAST };

static void good_plan(void) {
	struct watch w = {.log = -1, .listener = -1, .key_count = 14};
	begin();
	w.input = w.output = w.error = data(0, 4);
	add(FORK, 0, 3, clone_arguments(), 88ul, (u64)LAST);
	add(LOAD, 0, 1, data(0, 4));
	add(TEXT, 0, 2, data(0, 16), RESULT(READS));
	add(WATCH, 0, 1, data(&w, sizeof w));
	add(CALL, __NR_close, 1, RESULT(READS));
	at(JUMPS)->on_ok = at(JUMPS)->on_error = LAST;
	add(EXIT, 0, 1, 0ul);
}

static struct watch *watched(void) { return (struct watch *)(image + (at(WATCHES)->arg[0] - PLAN_BASE)); }

#define LIST_OF_WRONGS \
	X("another magic number", plan_->magic++) \
	X("another version", plan_->version++) \
	X("a size beyond the file", plan_->size += 8) \
	X("a size smaller than the header", plan_->size = 64) \
	X("no size", plan_->size = 0) \
	X("more instructions than there is room for", plan_->count++) \
	X("as many instructions as can be counted", plan_->count = ~0u) \
	X("instructions that are not aligned", plan_->code -= 4) \
	X("instructions beyond the end", plan_->code = plan_->size + 8) \
	X("instructions that reach beyond the end", plan_->code += 8) \
	X("instructions within the header", plan_->code = 8) \
	X("results that are not aligned", plan_->results += 4) \
	X("results beyond the end", plan_->results = 0xfffffff8) \
	X("results within the header", plan_->results = 0) \
	X("results upon the instructions", plan_->results = CODE_AT) \
	X("results that reach into the instructions", plan_->results = CODE_AT - 16) \
	X("a cleanup that is no instruction", plan_->cleanup = plan_->count) \
	X("a jump backward after success", at(JUMPS)->on_ok = 1) \
	X("a jump to itself after success", at(JUMPS)->on_ok = JUMPS) \
	X("a jump beyond the end after success", at(JUMPS)->on_ok = LAST + 2) \
	X("a jump backward after failure", at(JUMPS)->on_error = 1) \
	X("a jump to itself after failure", at(JUMPS)->on_error = JUMPS) \
	X("a jump beyond the end after failure", at(JUMPS)->on_error = ~0u) \
	X("a result of itself", at(JUMPS)->arg[0] = JUMPS) \
	X("a result of a later instruction", at(JUMPS)->arg[0] = LAST) \
	X("a result with a number of 64 bits", at(JUMPS)->arg[0] = 1ul << 32) \
	X("a result for a seventh argument", at(JUMPS)->slots |= 64) \
	X("a result for an eighth argument", at(JUMPS)->slots |= 128) \
	X("no kind", at(JUMPS)->kind = 0) \
	X("an unknown kind", at(JUMPS)->kind = TEXT + 1) \
	X("a fork with arguments outside", at(FORKS)->arg[0] = PLAN_BASE + plan_->size - 80) \
	X("a fork with arguments below the plan", at(FORKS)->arg[0] = PLAN_BASE - 8) \
	X("a fork with arguments at the end of memory", at(FORKS)->arg[0] = ~0ul) \
	X("a fork with arguments that reach outside", at(FORKS)->arg[1] = 1ul << 40) \
	X("a fork back to itself", at(FORKS)->arg[2] = FORKS) \
	X("a fork to the end of the list", at(FORKS)->arg[2] = LAST + 1) \
	X("a fork that counts on a result", (at(LAST)->kind = FORK, at(LAST)->slots = 1)) \
	X("a load from outside", at(READS)->arg[0] = PLAN_BASE + plan_->size) \
	X("a load across the end", at(READS)->arg[0] = PLAN_BASE + plan_->size - 2) \
	X("a load that is not aligned", at(READS)->arg[0] += 2) \
	X("a load from nowhere", at(READS)->arg[0] = 0) \
	X("a text beyond the end", at(PRINTS)->arg[0] = PLAN_BASE + plan_->size - 15) \
	X("a text upon the header", at(PRINTS)->arg[0] = PLAN_BASE + 70) \
	X("a text upon the instructions", at(PRINTS)->arg[0] = PLAN_BASE + CODE_AT) \
	X("a text that reaches into the instructions", at(PRINTS)->arg[0] = PLAN_BASE + CODE_AT - 15) \
	X("a text upon the results", at(PRINTS)->arg[0] = PLAN_BASE + RESULTS_AT + 16) \
	X("a text to an address that is a result", (at(PRINTS)->slots = 1, at(PRINTS)->arg[0] = 0)) \
	X("a watch outside", at(WATCHES)->arg[0] = PLAN_BASE + plan_->size - 32) \
	X("a watch that is not aligned", at(WATCHES)->arg[0] += 4) \
	X("a watched input outside", watched()->input = 8) \
	X("a watched output that is not aligned", watched()->output++) \
	X("a watched error stream outside", watched()->error = PLAN_BASE + IMAGE) \
	X("too many detach keys", watched()->key_count = 15)


void check_tests(void) {
	char what[128];
	good_plan();
	that("a good plan is accepted", accepted(plan_->size) == 1);
	good_plan();
	that("a plan may be smaller than its file", accepted(plan_->size + 4096) == 1);
	good_plan();
	that("half a plan is refused", accepted(plan_->size / 2) == 0);
	that("less than a header is refused", accepted(79) == 0);
	that("an empty file is refused", accepted(0) == 0);
	begin();
	that("a plan without instructions is accepted", accepted(plan_->size) == 1);
	plan_->cleanup = 1;
	that("a plan without instructions has none for cleaning up", accepted(plan_->size) == 0);
#define X(what_, wrong) \
	good_plan(); \
	file_size = plan_->size; \
	wrong; \
	snprintf(what, sizeof what, "%s is refused", what_); \
	that(what, accepted(file_size) == 0);
	u32 file_size;
	LIST_OF_WRONGS
}
