/*
 * The monitor's loop: carries bytes between the container and whoever is attached, writes the log, and notes how init ended.
 *
 * A session is somebody attached: up to three streams and a control socket. Output is read only when every session has
 * taken what was read before, so a slow session slows the container and memory stays bounded. A session whose control
 * socket closes is dropped with its streams, so a killed client never holds the container up.
 */
#include "plan.h"
#include <asm/ioctls.h>
#include <linux/poll.h>
#include <linux/time_types.h>
#include <linux/wait.h>

enum { SESSIONS = 8, CHUNK = 4096, BUFFER = 32768, CLOCK_REALTIME = 0 };

struct session {
	int stream[3], control; /* -1: none, or done */
	u32 sent[2];            /* of the chunk of output and of error */
	u8 key_count, matched, keys[14];
};

struct source { int fd; u32 size; u8 bytes[BUFFER]; };

static struct source sources[2];
static struct session sessions[SESSIONS];
static u32 session_count;
static int input, listener, terminal, stdin_once;
static u8 typed[CHUNK + 16];
static u32 typed_size, typed_sent;

static void shut(int *fd)
{
	if (*fd >= 0)
		sys1(close, *fd);
	*fd = -1;
}

static void open_session(const int *streams, int control, u8 key_count, const u8 *keys)
{
	struct session *s = &sessions[session_count++];
	memcpy(s->stream, streams, sizeof s->stream);
	s->control = control;
	/* Output that was read before the session came is not for it. */
	s->sent[0] = sources[0].size;
	s->sent[1] = sources[1].size;
	s->key_count = key_count;
	s->matched = 0;
	memcpy(s->keys, keys, sizeof s->keys);
}

static void close_session(struct session *s, const void *last_word, u32 size)
{
	if (size)
		send_message(s->control, last_word, size, 0, 0);
	if (s->stream[0] >= 0 && stdin_once && !terminal)
		shut(&input);
	for (int k = 0; k < 3; k++)
		shut(&s->stream[k]);
	shut(&s->control);
}

/* Somebody connected: the first message names the wanted streams, in the order of the descriptors that come with it. */
static void accept_session(void)
{
	u8 word[32] = {0};
	int fds[MAX_FDS], streams[3] = {-1, -1, -1};
	u32 count = 0, next = 0;
	int control = (int)sys4(accept4, listener, 0, 0, 02000000 /* SOCK_CLOEXEC */);
	if (control < 0)
		return;
	long size = receive_message(control, word, sizeof word, fds, &count);
	for (int k = 0; k < 3 && next < count; k++)
		if (word[1] >> k & 1)
			streams[k] = fds[next++];
	if (word[1] >> 3 & 1 && next < count) { /* who connected speaks for another, whose control socket this is */
		send_message(control, "A", 1, 0, 0);
		sys1(close, control);
		control = fds[next++];
	}
	while (next < count)
		sys1(close, fds[next++]);
	if (size >= 3 && word[0] == 'A' && word[2] <= 14 && session_count < SESSIONS) {
		open_session(streams, control, word[2], word + 3);
		send_message(control, "A", 1, 0, 0);
	} else {
		for (int k = 0; k < 3; k++)
			shut(&streams[k]);
		shut(&control);
	}
}

/* A window size or a signal from the client; 0 when it is gone. */
static int obey(struct plan *p, struct session *s)
{
	u8 word[8];
	int fds[MAX_FDS];
	u32 count;
	long size = receive_message(s->control, word, sizeof word, fds, &count);
	while (count)
		sys1(close, fds[--count]);
	if (size <= 0)
		return 0;
	if (word[0] == 'W' && size == 5 && terminal) {
		u16 window[4] = {(u16)(word[1] | word[2] << 8), (u16)(word[3] | word[4] << 8), 0, 0};
		sys3(ioctl, input, TIOCSWINSZ, window);
	} else if (word[0] == 'S' && size == 2) {
		sys2(kill, p->init, word[1]);
	}
	return 1;
}

/* What a session typed, less its detach keys. 1: it typed all of them. */
static int take_typed(struct session *s, const u8 *bytes, u32 size)
{
	for (u32 i = 0; i < size; i++) {
		if (s->key_count && bytes[i] == s->keys[s->matched]) {
			if (++s->matched == s->key_count)
				return 1;
			continue;
		}
		/* Not the sequence after all: what was held back belongs to the container. */
		for (u32 k = 0; k < s->matched; k++)
			typed[typed_size++] = s->keys[k];
		s->matched = 0;
		if (s->key_count && bytes[i] == s->keys[0])
			s->matched = 1;
		else
			typed[typed_size++] = bytes[i];
	}
	return 0;
}

static void read_typed(struct session *s)
{
	u8 bytes[CHUNK];
	long n = sys3(read, s->stream[0], bytes, sizeof bytes);
	typed_size = typed_sent = 0;
	if (n > 0) {
		if (take_typed(s, bytes, (u32)n))
			close_session(s, "D", 1);
	} else if (n != -E_AGAIN) {
		shut(&s->stream[0]);
		if (stdin_once && !terminal)
			shut(&input);
	}
}

/* One frame of the log: 16 bytes of head (nanoseconds, length, stream), then the bytes as they came. */
static void log_chunk(struct plan *p, int log, int stream)
{
	struct { u64 time; u32 size; u32 stream; } head = {clock_ns(CLOCK_REALTIME), sources[stream].size, (u32)stream + 1};
	struct { const void *base; u64 size; } parts[2] = {{&head, sizeof head}, {sources[stream].bytes, head.size}};
	if (log >= 0 && sys3(writev, log, parts, 2) != (long)(sizeof head + head.size))
		p->log_lost += head.size;
}

static void read_source(struct plan *p, const struct watch *w, int stream)
{
	struct source *from = &sources[stream];
	long n = sys3(read, from->fd, from->bytes, BUFFER);
	if (n == -E_AGAIN)
		return;
	if (n <= 0) { /* the end of a pipe; EIO when the last user of a terminal closed it */
		if (!terminal || stream)
			shut(&from->fd);
		from->fd = -1;
		return;
	}
	from->size = (u32)n;
	log_chunk(p, w->log, stream);
	for (u32 k = 0; k < session_count; k++)
		sessions[k].sent[stream] = 0;
}

static void write_output(struct session *s, int stream)
{
	u32 left = sources[stream].size - s->sent[stream];
	/* A pipe that polls writable takes this much without blocking. */
	long n = sys3(write, s->stream[stream + 1], sources[stream].bytes + s->sent[stream], left < CHUNK ? left : CHUNK);
	if (n > 0)
		s->sent[stream] += (u32)n;
	else if (n != -E_AGAIN)
		shut(&s->stream[stream + 1]);
}

static int wants_output(const struct session *s, int stream)
{
	return s->stream[stream + 1] >= 0 && s->sent[stream] < sources[stream].size;
}

static int reap(struct plan *p)
{
	i32 info[32] = {0}; /* siginfo_t: si_code is the third number, si_status the seventh (waitid(2)) */
	long r = sys5(waitid, P_PID, p->init, info, WEXITED | WNOHANG, 0);
	if (r == 0 && info[0] == 0)
		return 0;
	p->how = info[2];
	p->status = info[6];
	p->finished = clock_ns(CLOCK_REALTIME);
	return 1;
}

static int at(u64 address)
{
	return address ? *(volatile i32 *)address : -1;
}

void monitor_watch(struct plan *p, const struct watch *w)
{
	int ended = 0;
	long pidfd = sys2(pidfd_open, p->init, 0);
	terminal = w->flags & WATCH_TERMINAL;
	stdin_once = w->flags & WATCH_STDIN_ONCE;
	input = at(w->input);
	sources[0].fd = at(w->output);
	sources[1].fd = at(w->error);
	listener = w->listener;
	p->started = clock_ns(CLOCK_REALTIME);
	if (w->flags & WATCH_SESSION) {
		int streams[3];
		for (int k = 0; k < 3; k++)
			streams[k] = w->session_streams >> k & 1 ? FD_SESSION_INPUT + k : -1;
		open_session(streams, FD_SESSION_CONTROL, w->key_count, w->keys);
	}
	for (;;) {
		struct pollfd polls[5 + 4 * SESSIONS];
		u32 n = 0, asked = session_count;
		int pending[2] = {0, 0};
		/* A negative descriptor is skipped by poll, so every thing keeps its place. */
		for (u32 k = 0; k < asked; k++) {
			struct session *s = &sessions[k];
			int may_type = input >= 0 && typed_sent == typed_size && !ended;
			polls[n++] = (struct pollfd){s->control, POLLIN, 0};
			polls[n++] = (struct pollfd){may_type ? s->stream[0] : -1, POLLIN, 0};
			for (int o = 0; o < 2; o++) {
				polls[n++] = (struct pollfd){wants_output(s, o) ? s->stream[o + 1] : -1, POLLOUT, 0};
				pending[o] |= wants_output(s, o);
			}
		}
		polls[n++] = (struct pollfd){ended ? -1 : listener, POLLIN, 0};
		polls[n++] = (struct pollfd){ended ? -1 : (int)pidfd, POLLIN, 0};
		polls[n++] = (struct pollfd){typed_sent < typed_size ? input : -1, POLLOUT, 0};
		for (int o = 0; o < 2; o++)
			polls[n++] = (struct pollfd){pending[o] ? -1 : sources[o].fd, POLLIN, 0};
		/* Once init has ended, only what is still in the pipes matters; nobody may hold them open for long. */
		struct __kernel_timespec now = {0, 0};
		long ready = sys5(ppoll, polls, n, ended && !pending[0] && !pending[1] ? &now : 0, 0, 0);
		if (ended && ready == 0)
			break;
		for (u32 k = 0; k < asked; k++) {
			struct session *s = &sessions[k];
			const struct pollfd *mine = &polls[4 * k];
			for (int o = 0; o < 2; o++)
				if (mine[2 + o].revents && wants_output(s, o))
					write_output(s, o);
			if (mine[1].revents && s->stream[0] >= 0 && typed_sent == typed_size)
				read_typed(s);
			if (mine[0].revents && s->control >= 0 && !obey(p, s))
				close_session(s, 0, 0);
		}
		const struct pollfd *own = &polls[4 * asked];
		if (own[2].revents && typed_sent < typed_size) {
			long r = sys3(write, input, typed + typed_sent, typed_size - typed_sent);
			if (r > 0) {
				typed_sent += (u32)r;
			} else if (r != -E_AGAIN) {
				typed_sent = typed_size;
				if (!terminal)
					shut(&input);
			}
		}
		for (int o = 0; o < 2; o++)
			if (own[3 + o].revents && sources[o].fd >= 0)
				read_source(p, w, o);
		if (own[1].revents)
			ended = reap(p);
		if (own[0].revents)
			accept_session();
		u32 kept = 0;
		for (u32 k = 0; k < session_count; k++)
			if (sessions[k].control >= 0)
				sessions[kept++] = sessions[k];
		session_count = kept;
	}
	for (u32 k = 0; k < session_count; k++) {
		u8 word[9] = {'X'};
		memcpy(word + 1, &p->how, 4);
		memcpy(word + 5, &p->status, 4);
		close_session(&sessions[k], word, sizeof word);
	}
}
