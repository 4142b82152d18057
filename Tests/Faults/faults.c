// Makes system calls of a program fail, one at a time or for a while; loaded by LD_PRELOAD.
//
// The file that CAIRN_FAULTS names is shared with the test: it counts the calls of each class and says which are to
// fail. Calls on files count where the file lies below the folder that CAIRN_FAULTS_BELOW names; others are left alone.
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum kind { OPEN, READ, WRITE, SYNC, SPACE, NAMES, LOOK, LOCK, DESCRIPTORS, PROCESS, TRAFFIC, LISTEN, KINDS };

// The layout is known to Tests/BlackBox/faults.py.
struct control {
  int32_t mode;   // 0: nothing fails; 1: one call does; 2: one and all that follow do
  int32_t code;   // the errno
  uint32_t kinds; // a bit for each kind of call that is looked at
  int32_t left;   // how many of these go well before
  uint32_t fired; // how many have failed
  uint32_t counts[16];
};

static struct control *control;
static char below[PATH_MAX];
static size_t below_length;
static unsigned char watched[1 << 16]; // by descriptor

#define REAL(name, type, ...)                                                                                     \
  static type (*real)(__VA_ARGS__);                                                                              \
  if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("CAIRN_FAULTS"), *folder = getenv("CAIRN_FAULTS_BELOW");
  if (path == NULL || folder == NULL) return;
  int (*real_open)(const char *, int, ...);
  *(void **)&real_open = dlsym(RTLD_NEXT, "open");
  int descriptor = real_open(path, O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return;
  void *(*real_mmap)(void *, size_t, int, int, int, off_t);
  *(void **)&real_mmap = dlsym(RTLD_NEXT, "mmap");
  void *shared = real_mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  close(descriptor);
  if (shared == MAP_FAILED) return;
  snprintf(below, sizeof below, "%s", folder);
  below_length = strlen(below);
  control = shared;
}

// Whether this call is to fail; sets errno then.
static int fails(enum kind kind) {
  struct control *c = control;
  if (c == NULL) return 0;
  __atomic_add_fetch(&c->counts[kind], 1, __ATOMIC_SEQ_CST);
  int mode = __atomic_load_n(&c->mode, __ATOMIC_SEQ_CST);
  if (mode == 0 || !(c->kinds & 1u << kind)) return 0;
  int before = __atomic_fetch_sub(&c->left, 1, __ATOMIC_SEQ_CST);
  if (before > 0 || (mode == 1 && before < 0)) return 0;
  __atomic_add_fetch(&c->fired, 1, __ATOMIC_SEQ_CST);
  errno = c->code;
  return 1;
}

static int is_ours(const char *path) {
  return control != NULL && path != NULL && strncmp(path, below, below_length) == 0;
}

static int is_watched(int descriptor) {
  return descriptor >= 0 && descriptor < (int)sizeof watched && watched[descriptor];
}

static int note(int descriptor) {
  if (descriptor >= 0 && descriptor < (int)sizeof watched) watched[descriptor] = 1;
  return descriptor;
}

// Descriptors that libraries make for themselves (Dispatch ends the process where it gets none) are left alone.
static int is_of_program(void *caller) {
  static void *base;
  Dl_info found;
  if (base == NULL && dladdr((void *)getauxval(AT_ENTRY), &found) != 0) base = found.dli_fbase;
  return dladdr(caller, &found) != 0 && found.dli_fbase == base;
}

#define OPENS(name)                                                                                              \
  int name(const char *path, int flags, ...) {                                                                   \
    REAL(name, int, const char *, int, ...);                                                                     \
    va_list list;                                                                                                \
    va_start(list, flags);                                                                                       \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;                                      \
    va_end(list);                                                                                                \
    if (!is_ours(path)) return real(path, flags, mode);                                                          \
    return fails(OPEN) ? -1 : note(real(path, flags, mode));                                                     \
  }
OPENS(open)
OPENS(open64)

DIR *opendir(const char *path) {
  REAL(opendir, DIR *, const char *);
  return is_ours(path) && fails(OPEN) ? NULL : real(path);
}

FILE *fopen(const char *path, const char *mode) {
  REAL(fopen, FILE *, const char *, const char *);
  return is_ours(path) && fails(OPEN) ? NULL : real(path, mode);
}

int close(int descriptor) {
  REAL(close, int, int);
  if (descriptor >= 0 && descriptor < (int)sizeof watched) watched[descriptor] = 0;
  return real(descriptor);
}

#define ON_FILE(type, name, kind, parameters, arguments)                                                         \
  type name parameters {                                                                                         \
    static type(*real) parameters;                                                                               \
    if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, #name);                                                 \
    if (is_watched(fd) && fails(kind)) return -1;                                                                \
    return real arguments;                                                                                       \
  }
ON_FILE(ssize_t, read, READ, (int fd, void *b, size_t n), (fd, b, n))
ON_FILE(ssize_t, pread, READ, (int fd, void *b, size_t n, off_t o), (fd, b, n, o))
ON_FILE(ssize_t, pread64, READ, (int fd, void *b, size_t n, off_t o), (fd, b, n, o))
ON_FILE(ssize_t, write, WRITE, (int fd, const void *b, size_t n), (fd, b, n))
ON_FILE(ssize_t, pwrite, WRITE, (int fd, const void *b, size_t n, off_t o), (fd, b, n, o))
ON_FILE(ssize_t, pwrite64, WRITE, (int fd, const void *b, size_t n, off_t o), (fd, b, n, o))
ON_FILE(ssize_t, sendfile, WRITE, (int fd, int from, off_t *o, size_t n), (fd, from, o, n))
ON_FILE(int, fsync, SYNC, (int fd), (fd))
ON_FILE(int, fdatasync, SYNC, (int fd), (fd))
ON_FILE(int, ftruncate, SPACE, (int fd, off_t n), (fd, n))
ON_FILE(int, ftruncate64, SPACE, (int fd, off_t n), (fd, n))
ON_FILE(int, fallocate, SPACE, (int fd, int mode, off_t o, off_t n), (fd, mode, o, n))
ON_FILE(int, fstat, LOOK, (int fd, struct stat *s), (fd, s))
ON_FILE(int, fstat64, LOOK, (int fd, struct stat64 *s), (fd, s))
ON_FILE(int, flock, LOCK, (int fd, int operation), (fd, operation))

#define MAPS(name)                                                                                               \
  void *name(void *at, size_t n, int protection, int flags, int fd, off_t offset) {                              \
    REAL(name, void *, void *, size_t, int, int, int, off_t);                                                    \
    if (is_watched(fd) && fails(SPACE)) return MAP_FAILED;                                                       \
    return real(at, n, protection, flags, fd, offset);                                                           \
  }
MAPS(mmap)
MAPS(mmap64)

#define CONTROLS(name)                                                                                           \
  int name(int fd, int command, ...) {                                                                           \
    REAL(name, int, int, int, ...);                                                                              \
    va_list list;                                                                                                \
    va_start(list, command);                                                                                     \
    void *argument = va_arg(list, void *);                                                                       \
    va_end(list);                                                                                                \
    int locks = command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK;                             \
    /* To give a lock back never fails: SQLite would hold it until it closes the file. */                         \
    locks = locks && ((struct flock *)argument)->l_type != F_UNLCK;                                              \
    if (locks && is_watched(fd) && fails(LOCK)) return -1;                                                       \
    return real(fd, command, argument);                                                                          \
  }
CONTROLS(fcntl)
CONTROLS(fcntl64)

#define ON_PATH(name, kind, parameters, arguments)                                                               \
  int name parameters {                                                                                          \
    static int(*real) parameters;                                                                                \
    if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, #name);                                                 \
    if (is_ours(path) && fails(kind)) return -1;                                                                 \
    return real arguments;                                                                                       \
  }
ON_PATH(unlink, NAMES, (const char *path), (path))
ON_PATH(rmdir, NAMES, (const char *path), (path))
ON_PATH(mkdir, NAMES, (const char *path, mode_t mode), (path, mode))
ON_PATH(rename, NAMES, (const char *path, const char *other), (path, other))
ON_PATH(link, NAMES, (const char *path, const char *other), (path, other))
ON_PATH(stat, LOOK, (const char *path, struct stat *s), (path, s))
ON_PATH(stat64, LOOK, (const char *path, struct stat64 *s), (path, s))
ON_PATH(lstat, LOOK, (const char *path, struct stat *s), (path, s))
ON_PATH(lstat64, LOOK, (const char *path, struct stat64 *s), (path, s))
ON_PATH(access, LOOK, (const char *path, int mode), (path, mode))

#define ALWAYS(type, name, kind, parameters, arguments)                                                          \
  type name parameters {                                                                                         \
    static type(*real) parameters;                                                                               \
    if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, #name);                                                 \
    return is_of_program(__builtin_return_address(0)) && fails(kind) ? -1 : real arguments;                                                                    \
  }
ALWAYS(int, socket, DESCRIPTORS, (int domain, int type, int protocol), (domain, type, protocol))
ALWAYS(int, socketpair, DESCRIPTORS, (int domain, int type, int p, int ends[2]), (domain, type, p, ends))
ALWAYS(int, accept4, DESCRIPTORS, (int fd, struct sockaddr *a, socklen_t *n, int flags), (fd, a, n, flags))
ALWAYS(int, epoll_create1, DESCRIPTORS, (int flags), (flags))
ALWAYS(int, eventfd, DESCRIPTORS, (unsigned int n, int flags), (n, flags))
ALWAYS(int, timerfd_create, DESCRIPTORS, (int clock, int flags), (clock, flags))
ALWAYS(ssize_t, recv, TRAFFIC, (int fd, void *b, size_t n, int flags), (fd, b, n, flags))
ALWAYS(ssize_t, send, TRAFFIC, (int fd, const void *b, size_t n, int flags), (fd, b, n, flags))
ALWAYS(int, bind, LISTEN, (int fd, const struct sockaddr *a, socklen_t n), (fd, a, n))
ALWAYS(int, listen, LISTEN, (int fd, int length), (fd, length))

int posix_spawn(pid_t *process, const char *path, const posix_spawn_file_actions_t *actions,
                const posix_spawnattr_t *attributes, char *const words[], char *const settings[]) {
  REAL(posix_spawn, int, pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *,
       char *const[], char *const[]);
  if (fails(PROCESS)) return control->code;
  return real(process, path, actions, attributes, words, settings);
}
