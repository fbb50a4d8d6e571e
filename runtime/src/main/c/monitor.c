/* The monitor's loop: carries bytes between the container and whoever is attached, writes the log, and notes how init ended.
 * A session is somebody attached: up to three streams and a control socket. Output is read only when every session has taken what
 * was read before, so a slow session slows the container and memory stays bounded. A session whose control socket closes is
 * dropped with its streams, so a killed client holds nothing up. The monitor waits in poll and nowhere else; when init has ended,
 * a session that stands still is left to a child, so that the record of the end does not wait for it either. */
#include "plan.h"
#include <asm/termios.h>
#include <linux/poll.h>
#include <linux/signal.h>
#include <linux/stat.h>
#include <linux/time.h>
#include <linux/uio.h>
#include <linux/wait.h>

enum { SESSIONS = 8, CHUNK = 4096, BUFFER = 32768, LAST_OUTPUT = 1 << 20, MOVED = 256 };
/* A descriptor is -1 for none, or done. sent: what it took of the chunk of output and of error. matched: detach keys so far. */
struct session { int stream[3], control; u32 sent[2]; u8 introduced, key_count, matched, keys[14]; };

static struct session sessions[SESSIONS];
static int input, output[2], listener, logfile, pidfd, terminal, stdin_once;
static u8 bytes[2][BUFFER], typed[CHUNK + sizeof sessions->keys];
static u32 session_count, size[2], typed_size, typed_sent;
static struct watch watched;
/* Reads and writes must not block, but a flag set on a descriptor is set for all who share it: so a terminal or a pipe is opened
 * anew. Files are always ready, and a socket that polls writable takes a chunk, as does a pipe that could not be opened. */
static void own_stream(int fd, int flags) {
	char path[32] = "/proc/self/fd/"; struct statx s = {0};
	sys(statx, fd, "", AT_EMPTY_PATH, STATX_TYPE, &s);
	if ((s.stx_mode & S_IFMT) != S_IFCHR && (s.stx_mode & S_IFMT) != S_IFIFO) return;
	decimal(path + length(path), (u32)fd);
	int own = (int)sys(openat, AT_FDCWD, path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (own >= 0) sys(dup3, own, fd, O_CLOEXEC);
	shut(&own);
}
static struct session *new_session(int control) {
	sessions[session_count] = (struct session){.stream = {-1, -1, -1}, .control = control};
	return &sessions[session_count++];
}
/* Its streams are there. Output that was read before is not for it. */
static void introduce(struct session *s, u8 key_count, const u8 *keys) {
	for (int k = 0; k < 3; k++) if (s->stream[k] >= 0) own_stream(s->stream[k], k ? O_WRONLY : O_RDONLY);
	s->sent[0] = size[0], s->sent[1] = size[1], s->introduced = 1, s->key_count = key_count;
	memcpy(s->keys, keys, sizeof s->keys);
}
static void end_input(void) { if (stdin_once && !terminal) shut(&input); }
static void close_session(struct session *s, const void *last_word, u32 length) {
	if (length) send_message(s->control, last_word, length, 0, 0);
	if (s->stream[0] >= 0) end_input();
	for (int k = 0; k < 3; k++) shut(&s->stream[k]);
	shut(&s->control);
}
/* A word from the control socket: its introduction, which names the wanted streams in the order of the descriptors that come with
 * it; then window sizes and signals. It ends when it is gone, or speaks another language. */
static void obey(struct session *s) {
	u8 word[32] = {0}; int fds[MAX_FDS]; u32 count, next = 0;
	long n = receive_message(s->control, word, sizeof word, fds, &count);
	if (!s->introduced && n >= 3 && word[0] == 'A' && word[2] <= sizeof s->keys) {
		for (int k = 0; k < 3; k++) if (word[1] >> k & 1 && next < count) s->stream[k] = fds[next++];
		send_message(s->control, "A", 1, 0, 0);
		if (word[1] >> 3 & 1 && next < count) { /* who connected speaks for another, whose control socket this is */
			shut(&s->control);
			send_message(s->control = fds[next++], "A", 1, 0, 0);
		}
		introduce(s, word[2], word + 3);
	} else if (s->introduced && n == 5 && word[0] == 'W' && terminal) {
		struct winsize window = {(u16)(word[1] | word[2] << 8), (u16)(word[3] | word[4] << 8), 0, 0};
		sys(ioctl, input, TIOCSWINSZ, &window);
	} else if (s->introduced && n == 2 && word[0] == 'S') sys(pidfd_send_signal, pidfd, word[1]);
	while (next < count) shut(&fds[next++]);
	if (n <= 0 || !s->introduced) close_session(s, 0, 0);
}
static int ends_with(const u8 *end, const u8 *keys, u32 count) {
	while (count && end[-1] == keys[count - 1]) end--, count--;
	return !count;
}
/* What a session typed, less its detach keys. A beginning of them is held back until it is known what follows. */
static void read_typed(struct session *s) {
	u32 held = s->matched, i = held, end;
	memcpy(typed, s->keys, held);
	long n = sys(read, s->stream[0], typed + held, CHUNK);
	if (n == -EAGAIN) return;
	typed_sent = 0;
	for (end = held + (n > 0 ? (u32)n : 0); i < end; i++) {
		s->matched = (u8)(s->key_count ? s->matched + 1 : 0);
		while (s->matched && !ends_with(typed + i + 1, s->keys, s->matched)) s->matched--;
		if (s->key_count && s->matched == s->key_count) { typed_size = i + 1 - s->matched; close_session(s, "D", 2); return; }
	}
	if (n <= 0) s->matched = 0; /* at the end nothing is held back; the end itself is read again when that is written */
	typed_size = end - s->matched;
	if (!typed_size && n <= 0) { shut(&s->stream[0]); end_input(); }
}
/* Writes what is left of some bytes, as far as it goes. 0: nobody takes them any more. */
static int push(int fd, const u8 *from, u32 *sent, u32 end) {
	long n = sys(write, fd, from + *sent, end - *sent < CHUNK ? end - *sent : CHUNK);
	if (n > 0) *sent += (u32)n;
	return n > 0 || n == -EAGAIN;
}
/* One chunk of output, and its frame of the log: 16 bytes of head, then the bytes as they came; whole or not at all. */
static u32 read_output(struct plan *p, int o) {
	long n = sys(read, output[o], bytes[o], BUFFER);
	if (n == -EAGAIN) return 0;
	if (n <= 0 && !terminal) shut(&output[o]);
	if (n <= 0) { output[o] = -1; return 0; } /* the end of a pipe; EIO when the last user of a terminal closed it */
	struct { u64 time; u32 size, stream; } head = {clock_ns(CLOCK_REALTIME), (u32)n, (u32)o + 1};
	struct iovec parts[2] = {{&head, sizeof head}, {bytes[o], (u64)n}};
	long logged = logfile < 0 ? n + 16 : sys(writev, logfile, parts, 2);
	if (logged != n + 16) p->log_lost += (u32)n;
	if (logged != n + 16 && logged > 0) sys(ftruncate, logfile, sys(lseek, logfile, 0, 1 /* SEEK_CUR */) - logged);
	if (watched.log_most && sys(lseek, logfile, 0, 1) >= (i64)watched.log_most && logfile == watched.log) plan_perform(p, watched.rotate, watched.rotated);
	for (u32 k = 0; k < session_count; k++) sessions[k].sent[o] = 0;
	return size[o] = (u32)n;
}
static int wants_output(const struct session *s, int o) { return s->stream[o + 1] >= 0 && s->sent[o] < size[o]; }
/* Init has ended and a session stands still: a child goes on with it and keeps nothing else open. 1 in the child. */
static int hand_over(void) {
	int *kept[3 + 4 * SESSIONS] = {&logfile, &output[0], &output[1]}; u32 n = 3;
	if (fork_process()) return 0;
	for (u32 k = 0; k < 4 * session_count; k++) kept[n++] = k % 4 < 3 ? &sessions[k / 4].stream[k % 4] : &sessions[k / 4].control;
	while (n--) *kept[n] = (int)sys(fcntl, *kept[n], F_DUPFD_CLOEXEC, MOVED);
	sys(close_range, 0, MOVED - 1); input = -1; return 1;
}
/* poll skips a negative descriptor, so every thing keeps its place. */
static struct pollfd when(int condition, int fd, short events) { return (struct pollfd){condition ? fd : -1, events, 0}; }
long monitor_watch(struct plan *p, const struct watch *w) {
	int ended = 0, alone = 0, control; u32 drained = 0, n, asked, kept;
	if ((pidfd = (int)sys(pidfd_open, p->init)) < 0) return pidfd;
	int *fds[3] = {&input, &output[0], &output[1]}; const u64 at[3] = {w->input, w->output, w->error};
	for (int k = 0; k < 3; k++) *fds[k] = at[k] ? *(volatile i32 *)at[k] : -1;
	terminal = w->flags & WATCH_TERMINAL, stdin_once = w->flags & WATCH_STDIN_ONCE, listener = w->listener, logfile = w->log, watched = *w;
	if (w->flags & WATCH_SESSION) {
		struct session *s = new_session(FD_SESSION_CONTROL);
		for (int k = 0; k < 3; k++)
			if (w->session_streams >> k & 1) s->stream[k] = FD_SESSION_INPUT + k;
			else sys(close, FD_SESSION_INPUT + k);
		introduce(s, w->key_count, w->keys);
	}
	p->started = clock_ns(CLOCK_REALTIME);
	sys(madvise, p, p->size, MADV_DONTNEED); /* the file keeps it; what is needed again comes back */
	for (;;) {
		struct pollfd polls[4 * SESSIONS + 5], *own = &polls[4 * session_count];
		int busy[2] = {0, 0}, may_type = input >= 0 && typed_sent == typed_size && !ended;
		for (n = 0, asked = session_count; n < 4 * asked; n += 4) {
			const struct session *s = &sessions[n / 4];
			polls[n] = when(!alone, s->control, POLLIN), polls[n + 1] = when(may_type, s->stream[0], POLLIN);
			polls[n + 2] = when(wants_output(s, 0), s->stream[1], POLLOUT), polls[n + 3] = when(wants_output(s, 1), s->stream[2], POLLOUT);
			busy[0] |= wants_output(s, 0), busy[1] |= wants_output(s, 1);
		}
		own[0] = when(!ended, listener, POLLIN), own[1] = when(!ended, pidfd, POLLIN);
		own[2] = when(typed_sent < typed_size, input, POLLOUT);
		for (int o = 0; o < 2; o++) own[3 + o] = when(!busy[o] && drained < LAST_OUTPUT, output[o], POLLIN);
		/* Once init has ended, only what is still in the pipes matters; a process that holds them open is not waited for. */
		int waits = busy[0] || busy[1]; struct __kernel_timespec patience = {waits, 0};
		long ready = sys(ppoll, polls, n + 5, !ended || (alone && waits) ? 0 : &patience);
		if (ended && ready == 0 && !waits) break;
		if (ended && ready == 0 && !(alone = hand_over())) return 0;
		for (u32 k = 0; k < asked && ready > 0; k++) {
			struct session *s = &sessions[k];
			for (int o = 0; o < 2; o++)
				if (polls[4 * k + 2 + (u32)o].revents && wants_output(s, o) && !push(s->stream[o + 1], bytes[o], &s->sent[o], size[o]))
					close_session(s, "D\215", 2); /* as if SIGPIPE had killed its program: status 141 */
			if (polls[4 * k + 1].revents && s->stream[0] >= 0 && typed_sent == typed_size) read_typed(s);
			if (polls[4 * k].revents && s->control >= 0) obey(s);
		}
		if (own[2].revents && typed_sent < typed_size && !push(input, typed, &typed_sent, typed_size)) {
			typed_sent = typed_size;
			if (!terminal) shut(&input);
		}
		for (int o = 0; o < 2; o++) if (own[3 + o].revents && output[o] >= 0) drained += read_output(p, o) * (u32)ended;
		if (own[1].revents) {
			siginfo_t end = {0};
			sys(waitid, P_PIDFD, pidfd, &end, WEXITED);
			p->how = end.si_code, p->status = end.si_status, p->finished = clock_ns(CLOCK_REALTIME), ended = 1;
		}
		if (own[0].revents && (control = (int)sys(accept4, listener, 0, 0, O_CLOEXEC)) < 0) shut(&listener);
		else if (own[0].revents && session_count < SESSIONS) new_session(control);
		else if (own[0].revents) shut(&control);
		for (u32 k = kept = 0; k < session_count; k++) if (sessions[k].control >= 0) sessions[kept++] = sessions[k];
		session_count = kept;
	}
	u8 word[9] = {'X'};
	memcpy(word + 1, &p->how, 4); memcpy(word + 5, &p->status, 4);
	while (session_count) close_session(&sessions[--session_count], word, sizeof word);
	shut(&pidfd);
	if (alone) leave(0);
	return 0;
}
