#define _GNU_SOURCE
#include "Guardian.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// From the fork on, the guardian calls the kernel alone: other threads of the worker may have held any lock of a library.

enum { null_input = 0, line_end = 3, output_end = 4, error_end = 5, kept_end = 6, first_other = 7 };

/// How often processes that were sent SIGKILL are looked at again.
enum { kill_pause_milliseconds = 50 };

// Processes of the machine

struct process {
  pid_t id, parent, group;
  int is_ours;
};

/// As many as are looked at; only a guardian ever touches this memory.
static struct process processes[32768];

/// Reads the parent and the group of a process; 0 where it has gone.
static int read_process(const char *name, struct process *process) {
  char path[64] = "/proc/", text[512];
  size_t length = strlen(name);
  if (length > 20) return 0;
  memcpy(path + 6, name, length);
  memcpy(path + 6 + length, "/stat", 6);
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return 0;
  ssize_t count = read(descriptor, text, sizeof text - 1);
  close(descriptor);
  if (count <= 0) return 0;
  text[count] = 0;
  // The name in parentheses may hold anything, also parentheses: "7 (a b) S 1 7 7 …".
  const char *rest = strrchr(text, ')');
  if (rest == NULL || rest[1] == 0 || rest[2] == 0 || rest[3] == 0) return 0;
  char *end;
  process->parent = (pid_t)strtol(rest + 3, &end, 10);
  process->group = (pid_t)strtol(end, NULL, 10);
  process->id = (pid_t)strtol(name, NULL, 10);
  process->is_ours = 0;
  return 1;
}

/// Lists the processes of the machine.
static int list_processes(void) {
  struct entry {
    uint64_t inode;
    int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[];
  };
  static char buffer[32768] __attribute__((aligned(8)));
  int folder = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC), count = 0;
  if (folder < 0) return 0;
  for (;;) {
    long bytes = syscall(SYS_getdents64, folder, buffer, sizeof buffer);
    if (bytes <= 0) break;
    for (long place = 0; place < bytes;) {
      const struct entry *entry = (const struct entry *)(buffer + place);
      place += entry->length;
      if (entry->name[0] < '1' || entry->name[0] > '9' || count == sizeof processes / sizeof *processes) continue;
      count += read_process(entry->name, &processes[count]);
    }
  }
  close(folder);
  return count;
}

/// Sends a signal to every process below this one; to the command's group at once while its first process has not been
/// waited for, as only then its number cannot be another group's.
static void signal_all(pid_t group, int number) {
  if (group > 0) kill(-group, number);
  pid_t self = getpid();
  int count = list_processes(), is_new = 1;
  while (is_new) {
    is_new = 0;
    for (int i = 0; i < count; i++) {
      if (processes[i].is_ours) continue;
      int is_below = processes[i].parent == self;
      for (int j = 0; !is_below && j < count; j++)
        is_below = processes[j].is_ours && processes[j].id == processes[i].parent;
      if (!is_below) continue;
      processes[i].is_ours = is_new = 1;
      if (processes[i].group != group) kill(processes[i].id, number);
    }
  }
}

// The guardian

struct guard {
  pid_t command;
  /// The command's group, or 0 once its first process was waited for.
  pid_t group;
  int grace_milliseconds;
  int is_told;
  int is_ending, is_killing;
  int64_t kill_at;
};

static int64_t milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void tell(int news, int value) {
  struct cairn_guard_report report = {news, value};
  while (send(line_end, &report, sizeof report, MSG_NOSIGNAL) < 0 && errno == EINTR) continue;
}

static void begin_end(struct guard *guard) {
  if (guard->is_ending) return;
  guard->is_ending = 1;
  guard->kill_at = milliseconds() + guard->grace_milliseconds;
  signal_all(guard->group, SIGTERM);
}

/// Reads what the worker asks for; false once it is gone.
static int hear(struct guard *guard) {
  char request;
  ssize_t count = recv(line_end, &request, 1, MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return 1;
  if (count == 1 && request == 'K') guard->is_ending = guard->is_killing = 1;
  else begin_end(guard);
  return count == 1;
}

/// Waits for processes that have ended; false once there are none.
static int reap(struct guard *guard) {
  for (;;) {
    int status;
    pid_t ended = waitpid(-1, &status, WNOHANG);
    if (ended < 0 && errno == EINTR) continue;
    if (ended < 0) return 0;
    if (ended == 0) return 1;
    if (ended != guard->command) continue;
    guard->group = 0;
    tell(cairn_guard_ended, status);
  }
}

static void watch(struct guard *guard, int children) {
  int has_worker = 1;
  for (;;) {
    if (!reap(guard)) return tell(cairn_guard_gone, 0);
    // What a command leaves running when it ends is ended, too.
    if (guard->group == 0) begin_end(guard);
    int64_t left = guard->kill_at - milliseconds();
    if (guard->is_ending && left <= 0) guard->is_killing = 1;
    if (guard->is_killing) signal_all(guard->group, SIGKILL);
    int wait = guard->is_killing ? kill_pause_milliseconds : guard->is_ending ? (int)left : -1;
    struct pollfd awaited[] = {{.fd = children, .events = POLLIN}, {.fd = has_worker ? line_end : -1, .events = POLLIN}};
    if (poll(awaited, 2, wait) <= 0) continue;
    struct signalfd_siginfo ignored;
    if (awaited[0].revents != 0) (void)!read(children, &ignored, sizeof ignored);
    if (awaited[1].revents != 0) has_worker = hear(guard);
  }
}

static void default_signals(void) {
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

/// Becomes the command; writes the error number to `failure` where that is not possible.
static void become(const struct cairn_guarded *command, pid_t guardian, int failure) {
  setpgid(0, 0);
  // Should the guardian be killed, at least the command's first process ends.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != guardian) _exit(127);
  dup2(output_end, 1);
  dup2(error_end, 2);
  default_signals();
  execve(command->program, command->arguments, command->environment);
  int code = errno;
  (void)!write(failure, &code, sizeof code);
  _exit(127);
}

/// Starts the command; 0, or an error number.
static int start(const struct cairn_guarded *command, struct guard *guard) {
  int failure[2], code = 0;
  if (pipe2(failure, O_CLOEXEC) != 0) return errno;
  pid_t self = getpid();
  guard->command = fork();
  if (guard->command < 0) return errno;
  if (guard->command == 0) become(command, self, failure[1]);
  close(failure[1]);
  // Both do it, so that it is done before either goes on.
  setpgid(guard->command, guard->command);
  guard->group = guard->command;
  ssize_t count;
  do count = read(failure[0], &code, sizeof code);
  while (count < 0 && errno == EINTR);
  close(failure[0]);
  return count == sizeof code ? code : 0;
}

/// Puts a copy of a descriptor out of the way of the numbers that the guardian uses.
static int moved(int descriptor) { return descriptor < 0 ? -1 : fcntl(descriptor, F_DUPFD, 64); }

static void place(int descriptor, int number) {
  if (descriptor >= 0) dup3(descriptor, number, O_CLOEXEC);
  else close(number);
}

/// Closes what belongs to the worker: as long as a guardian held another's line open, that one would not see the worker end.
static void close_others(void) {
  if (syscall(SYS_close_range, first_other, ~0U, 0) == 0) return;
  long most = sysconf(_SC_OPEN_MAX);
  for (long number = first_other; number < most; number++) close((int)number);
}

static void guardian(const struct cairn_guarded *command, int line) {
  // Out of the worker's group: Ctrl-C reaches the worker alone, which decides.
  setsid();
  prctl(PR_SET_NAME, "cairn guard");
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  int own_line = moved(line), output = moved(command->output), error = moved(command->error), kept = moved(command->kept);
  int input = open("/dev/null", O_RDWR);
  if (input > 0) dup2(input, null_input);
  place(own_line, line_end);
  place(output, output_end);
  place(error, error_end);
  place(kept, kept_end);
  close_others();
  // The worker's streams: their readers wait for an end that must not depend on the guardian.
  dup2(null_input, 1);
  dup2(null_input, 2);
  for (int number = 1; number < NSIG; number++)
    if (number != SIGCHLD) signal(number, SIG_IGN);
  signal(SIGCHLD, SIG_DFL);
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_SETMASK, &child, NULL);
  int children = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
  struct guard guard = {.grace_milliseconds = command->grace_milliseconds};
  int code = children < 0 ? errno : start(command, &guard);
  close(output_end);
  close(error_end);
  if (code != 0) {
    tell(cairn_guard_refused, code);
  } else {
    tell(cairn_guard_started, guard.command);
    watch(&guard, children);
  }
  _exit(0);
}

int cairn_guard_start(const struct cairn_guarded *command, pid_t *process) {
  int line[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, line) != 0) return -1;
  // No handler of the worker's may run in the guardian.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  *process = fork();
  if (*process == 0) guardian(command, line[1]);
  int code = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  close(line[1]);
  if (*process > 0) return line[0];
  close(line[0]);
  errno = code;
  return -1;
}

int cairn_guard_ask(int line, char request) {
  ssize_t count;
  do count = send(line, &request, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
  while (count < 0 && errno == EINTR);
  return count == 1 ? 0 : -1;
}

int cairn_guard_receive(int line, struct cairn_guard_report *report) {
  ssize_t count;
  do count = recv(line, report, sizeof *report, MSG_DONTWAIT);
  while (count < 0 && errno == EINTR);
  return count == sizeof *report ? 1 : count == 0 ? 0 : -1;
}
