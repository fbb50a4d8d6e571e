/*
 * The monitor's loop: carries bytes between the container and whoever is attached, writes the log, and notes how init ended.
 *
 * A session is somebody attached: up to three streams and a control socket. Output is read only when every session has taken
 * what was read before, so a slow session slows the container and memory stays bounded. A session whose control socket closes
 * is dropped with its streams, so a killed client holds nothing up. The monitor waits in poll and nowhere else; when init has
 * ended, a session that stands still is left to a child, so that the record of the end does not wait for it either.
 */
#include "plan.h"
#include <asm/termios.h>
#include <linux/poll.h>
#include <linux/signal.h>
#include <linux/stat.h>
#include <linux/time.h>
#include <linux/time_types.h>
#include <linux/uio.h>
#include <linux/wait.h>

enum { SESSIONS = 8, CHUNK = 4096, BUFFER = 32768, LAST_OUTPUT = 1 << 20, MOVED = 256 };

/* Descriptors: -1 for none, or done. sent: how much it took of the chunk of output and of error. matched: detach keys so far. */
struct session { int stream[3], control; u32 sent[2]; u8 introduced, key_count, matched, keys[14]; };

static struct { int fd; u32 size; } sources[2];
static struct session sessions[SESSIONS];
static int input, listener, logfile, pidfd, terminal, stdin_once;
static u8 bytes[2][BUFFER], typed[CHUNK + sizeof sessions->keys];
static u32 session_count, typed_size, typed_sent;

/*
 * Reads and writes must not block, but a flag set on a descriptor is set for all who share it: so a terminal or a pipe is opened
 * anew. Files are always ready, and a socket that polls writable takes a chunk, as does a pipe that could not be opened.
 */
static void own_stream(int fd, int flags) {
	char path[32] = "/proc/self/fd/";
	struct statx s = {0};
	sys(statx, fd, "", AT_EMPTY_PATH, STATX_TYPE, &s);
	if ((s.stx_mode & S_IFMT) != S_IFCHR && (s.stx_mode & S_IFMT) != S_IFIFO) return;
	decimal(path + length(path), (u32)fd);
	int own = (int)sys(openat, AT_FDCWD, path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (own >= 0) sys(dup3, own, fd, O_CLOEXEC);
	shut(&own);
}

/* Its streams are there. Output that was read before is not for it. */
static void introduce(struct session *s, u8 key_count, const u8 *keys) {
	for (int k = 0; k < 3; k++)
		if (s->stream[k] >= 0) own_stream(s->stream[k], k ? O_WRONLY : O_RDONLY);
	s->sent[0] = sources[0].size, s->sent[1] = sources[1].size;
	s->introduced = 1, s->key_count = key_count;
	memcpy(s->keys, keys, sizeof s->keys);
}

static struct session *new_session(int control) {
	sessions[session_count] = (struct session){.stream = {-1, -1, -1}, .control = control};
	return &sessions[session_count++];
}

static void close_session(struct session *s, const void *last_word, u32 size) {
	if (size) send_message(s->control, last_word, size, 0, 0);
	if (s->stream[0] >= 0 && stdin_once && !terminal) shut(&input);
	for (int k = 0; k < 3; k++) shut(&s->stream[k]);
	shut(&s->control);
}

/*
 * A word from the control socket: its introduction, which names the wanted streams in the order of the descriptors that come with
 * it; then window sizes and signals. 0: it is gone, or speaks another language.
 */
static int obey(struct session *s) {
	u8 word[32] = {0};
	int fds[MAX_FDS];
	u32 count, next = 0;
	long size = receive_message(s->control, word, sizeof word, fds, &count);
	if (!s->introduced && size >= 3 && word[0] == 'A' && word[2] <= sizeof s->keys) {
		for (int k = 0; k < 3; k++)
			if (word[1] >> k & 1 && next < count) s->stream[k] = fds[next++];
		send_message(s->control, "A", 1, 0, 0);
		if (word[1] >> 3 & 1 && next < count) { /* who connected speaks for another, whose control socket this is */
			shut(&s->control);
			s->control = fds[next++];
			send_message(s->control, "A", 1, 0, 0);
		}
		introduce(s, word[2], word + 3);
	} else if (s->introduced && size == 5 && word[0] == 'W' && terminal) {
		struct winsize window = {(u16)(word[1] | word[2] << 8), (u16)(word[3] | word[4] << 8), 0, 0};
		sys(ioctl, input, TIOCSWINSZ, &window);
	} else if (s->introduced && size == 2 && word[0] == 'S') {
		sys(pidfd_send_signal, pidfd, word[1]);
	}
	while (next < count) shut(&fds[next++]);
	return size > 0 && s->introduced;
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
	for (end = held + (n > 0 ? (u32)n : 0); i < end; i++) {
		s->matched = (u8)(s->key_count ? s->matched + 1 : 0);
		while (s->matched && !ends_with(typed + i + 1, s->keys, s->matched)) s->matched--;
		if (s->key_count && s->matched == s->key_count) break;
	}
	typed_size = i < end ? i + 1 - s->matched : n > 0 ? end - s->matched : held; /* at the end, nothing is held back */
	typed_sent = 0;
	if (i < end) {
		close_session(s, "D", 1);
	} else if (n <= 0) {
		s->matched = 0;
		if (held) return; /* the end is read once more when this is written */
		shut(&s->stream[0]);
		if (stdin_once && !terminal) shut(&input);
	}
}

static void write_typed(void) {
	long n = sys(write, input, typed + typed_sent, typed_size - typed_sent);
	if (n > 0) typed_sent += (u32)n;
	if (n > 0 || n == -EAGAIN) return;
	typed_sent = typed_size;
	if (!terminal) shut(&input);
}

/* One frame of the log: 16 bytes of head (nanoseconds, length, stream), then the bytes as they came; whole or not at all. */
static void log_chunk(struct plan *p, int stream) {
	struct { u64 time; u32 size, stream; } head = {clock_ns(CLOCK_REALTIME), sources[stream].size, (u32)stream + 1};
	struct iovec parts[2] = {{&head, sizeof head}, {bytes[stream], head.size}};
	long n = logfile < 0 ? 0 : sys(writev, logfile, parts, 2);
	if (logfile < 0 || n == (long)(sizeof head + head.size)) return;
	if (n > 0) sys(ftruncate, logfile, sys(lseek, logfile, 0, 1 /* SEEK_CUR */) - n);
	p->log_lost += head.size;
}

static u32 read_source(struct plan *p, int stream) {
	long n = sys(read, sources[stream].fd, bytes[stream], BUFFER);
	if (n == -EAGAIN) return 0;
	if (n <= 0) { /* the end of a pipe; EIO when the last user of a terminal closed it */
		if (!terminal) shut(&sources[stream].fd);
		sources[stream].fd = -1;
		return 0;
	}
	sources[stream].size = (u32)n;
	log_chunk(p, stream);
	for (u32 k = 0; k < session_count; k++) sessions[k].sent[stream] = 0;
	return (u32)n;
}

static int wants_output(const struct session *s, int stream) {
	return s->stream[stream + 1] >= 0 && s->sent[stream] < sources[stream].size;
}

static void write_output(struct session *s, int stream) {
	u32 left = sources[stream].size - s->sent[stream];
	long n = sys(write, s->stream[stream + 1], bytes[stream] + s->sent[stream], left < CHUNK ? left : CHUNK);
	if (n > 0) s->sent[stream] += (u32)n;
	else if (n != -EAGAIN) shut(&s->stream[stream + 1]);
}

static int reap(struct plan *p) {
	siginfo_t end = {0};
	sys(waitid, P_PIDFD, pidfd, &end, WEXITED);
	p->how = end.si_code, p->status = end.si_status;
	p->finished = clock_ns(CLOCK_REALTIME);
	return 1;
}

static void accept_session(void) {
	int control = (int)sys(accept4, listener, 0, 0, O_CLOEXEC);
	if (control < 0) shut(&listener);
	else if (session_count < SESSIONS) new_session(control);
	else shut(&control);
}

/* Init has ended and a session stands still: a child goes on with it and keeps nothing else open. 1 in the child. */
static int hand_over(void) {
	int *kept[3 + 4 * SESSIONS] = {&logfile, &sources[0].fd, &sources[1].fd};
	u32 n = 3;
	if (fork_process()) return 0;
	for (u32 k = 0; k < session_count; k++)
		for (int f = 0; f < 4; f++) kept[n++] = f < 3 ? &sessions[k].stream[f] : &sessions[k].control;
	while (n--) *kept[n] = (int)sys(fcntl, *kept[n], F_DUPFD_CLOEXEC, MOVED);
	sys(close_range, 0, MOVED - 1);
	input = -1;
	return 1;
}

static int descriptor(u64 address) { return address ? *(volatile i32 *)address : -1; }

static struct pollfd when(int condition, int fd, short events) {
	return (struct pollfd){condition ? fd : -1, events, 0}; /* poll skips a negative descriptor, so every thing keeps its place */
}

long monitor_watch(struct plan *p, const struct watch *w) {
	int ended = 0, alone = 0;
	u32 drained = 0, n, asked, kept;
	if ((pidfd = (int)sys(pidfd_open, p->init)) < 0) return pidfd;
	terminal = w->flags & WATCH_TERMINAL, stdin_once = w->flags & WATCH_STDIN_ONCE;
	input = descriptor(w->input), sources[0].fd = descriptor(w->output), sources[1].fd = descriptor(w->error);
	listener = w->listener, logfile = w->log;
	p->started = clock_ns(CLOCK_REALTIME);
	if (w->flags & WATCH_SESSION) {
		struct session *s = new_session(FD_SESSION_CONTROL);
		for (int k = 0; k < 3; k++)
			if (w->session_streams >> k & 1) s->stream[k] = FD_SESSION_INPUT + k;
			else sys(close, FD_SESSION_INPUT + k);
		introduce(s, w->key_count, w->keys);
	}
	sys(madvise, p, p->size, MADV_DONTNEED); /* the file keeps it; what is needed again comes back */
	for (;;) {
		struct pollfd polls[4 * SESSIONS + 5];
		const struct pollfd *own = &polls[4 * session_count];
		int pending[2] = {0, 0}, may_type = input >= 0 && typed_sent == typed_size && !ended;
		for (n = 0, asked = session_count; n < 4 * asked; n += 4) {
			const struct session *s = &sessions[n / 4];
			polls[n] = when(!alone, s->control, POLLIN);
			polls[n + 1] = when(may_type, s->stream[0], POLLIN);
			for (int o = 0; o < 2; o++) {
				pending[o] |= wants_output(s, o);
				polls[n + 2 + (u32)o] = when(wants_output(s, o), s->stream[o + 1], POLLOUT);
			}
		}
		polls[n++] = when(!ended, listener, POLLIN);
		polls[n++] = when(!ended, pidfd, POLLIN);
		polls[n++] = when(typed_sent < typed_size, input, POLLOUT);
		for (int o = 0; o < 2; o++) polls[n++] = when(!pending[o] && drained < LAST_OUTPUT, sources[o].fd, POLLIN);
		/* Once init has ended, only what is still in the pipes matters; a process that holds them open is not waited for. */
		int waits = pending[0] || pending[1];
		struct __kernel_timespec patience = {waits, 0};
		long ready = sys(ppoll, polls, n, !ended || (alone && waits) ? 0 : &patience);
		if (ended && ready == 0) {
			if (!waits) break;
			if (!hand_over()) return 0;
			alone = 1;
			continue;
		}
		for (u32 k = 0; k < asked; k++) {
			struct session *s = &sessions[k];
			for (int o = 0; o < 2; o++)
				if (polls[4 * k + 2 + (u32)o].revents && wants_output(s, o)) write_output(s, o);
			if (polls[4 * k + 1].revents && s->stream[0] >= 0 && typed_sent == typed_size) read_typed(s);
			if (polls[4 * k].revents && s->control >= 0 && !obey(s)) close_session(s, 0, 0);
		}
		if (own[2].revents && typed_sent < typed_size) write_typed();
		for (int o = 0; o < 2; o++) {
			u32 size = own[3 + o].revents && sources[o].fd >= 0 ? read_source(p, o) : 0;
			if (ended) drained += size;
		}
		if (own[1].revents) ended = reap(p);
		if (own[0].revents) accept_session();
		for (u32 k = kept = 0; k < session_count; k++)
			if (sessions[k].control >= 0) sessions[kept++] = sessions[k];
		session_count = kept;
	}
	u8 word[9] = {'X'};
	memcpy(word + 1, &p->how, 4);
	memcpy(word + 5, &p->status, 4);
	while (session_count) close_session(&sessions[--session_count], word, sizeof word);
	shut(&pidfd);
	if (alone) leave(0);
	return 0;
}
