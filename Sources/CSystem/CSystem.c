#define _GNU_SOURCE
#include "CSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <malloc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

// Before main, because the runtime has an event descriptor of its own by then. The lowest free number is always taken, so
// each open gets the number that it is meant for.
__attribute__((constructor)) static void open_standard_streams(void) {
  for (int descriptor = 0; descriptor <= 2; descriptor++) {
    if (fcntl(descriptor, F_GETFD) != -1 || errno != EBADF) continue;
    // Where there is no /dev, a descriptor that can be neither read nor written keeps the number just as well.
    if (open("/dev/null", O_RDWR) < 0) (void)open("/", O_PATH);
  }
}

int cairn_accept(int listener, struct sockaddr *address, socklen_t *length) {
  return accept4(listener, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

int cairn_pipe(int ends[2]) {
  // The flag belongs to one end alone: the other's program finds it as it expects it.
  return pipe2(ends, O_CLOEXEC) == 0 ? fcntl(ends[0], F_SETFL, O_NONBLOCK) : -1;
}

pid_t cairn_thread_id(void) { return (pid_t)syscall(SYS_gettid); }

int cairn_set_thread_nice(int nice) {
  return setpriority(PRIO_PROCESS, (id_t)cairn_thread_id(), nice);
}

int cairn_thread_nice(pid_t thread) { return getpriority(PRIO_PROCESS, (id_t)thread); }

void cairn_set_thread_name(const char *name) { prctl(PR_SET_NAME, name); }

int cairn_lock_file(int descriptor) { return flock(descriptor, LOCK_EX | LOCK_NB); }

int cairn_lock_open_file(int descriptor) {
  struct flock range = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = (off_t)1 << 62, .l_len = 1};
  return fcntl(descriptor, F_OFD_SETLK, &range);
}

int cairn_allowed_processors(void) {
  // The kernel refuses a set that is too small for all of its processors.
  for (int count = 1024; count <= 1 << 20; count *= 4) {
    cpu_set_t *set = CPU_ALLOC(count);
    if (set == NULL) return -1;
    size_t size = CPU_ALLOC_SIZE(count);
    int found = sched_getaffinity(0, size, set) == 0 ? CPU_COUNT_S(size, set) : -1;
    CPU_FREE(set);
    if (found > 0 || errno != EINVAL) return found;
  }
  return -1;
}

static int signal_event = -1;

static void on_signal(int number) {
  (void)number;
  int kept = errno;
  uint64_t one = 1;
  (void)!write(signal_event, &one, sizeof one);
  errno = kept;
}

int cairn_signal_descriptor(void) {
  signal_event = eventfd(0, EFD_CLOEXEC);
  if (signal_event < 0) return -1;
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
  sigemptyset(&action.sa_mask);
  if (sigaction(SIGINT, &action, NULL) != 0 || sigaction(SIGTERM, &action, NULL) != 0) return -1;
  return signal_event;
}

long cairn_raise_open_file_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -1;
  struct rlimit raised = {limit.rlim_max, limit.rlim_max};
  if (limit.rlim_cur < limit.rlim_max && setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  return limit.rlim_cur > 0x7fffffff ? 0x7fffffff : (long)limit.rlim_cur;
}

int cairn_unacknowledged(int descriptor) {
  int bytes = 0;
  return ioctl(descriptor, SIOCOUTQ, &bytes) == 0 ? bytes : 0;
}

void cairn_limit_unsent(int descriptor, unsigned bytes) {
  setsockopt(descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &bytes, sizeof bytes);
}

void cairn_return_blocks_from(int bytes) {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, bytes);
#else
  (void)bytes;
#endif
}

void cairn_return_memory(void) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}
