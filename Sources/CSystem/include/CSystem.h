// What Linux offers and Swift's Glibc module does not show.
//
// A program that links this has descriptors 0 to 2 open before its first line runs: those that it was started without are
// opened on /dev/null. Otherwise the first files to be opened would get these numbers, and a line for standard error would
// end up in one of them, in the database for one.
#ifndef CAIRN_CSYSTEM_H
#define CAIRN_CSYSTEM_H

#include "Guardian.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/types.h>

/// accept4 with SOCK_NONBLOCK | SOCK_CLOEXEC; -1 and errno on failure.
int cairn_accept(int listener, struct sockaddr *address, socklen_t *length);

/// A pipe whose ends no other program inherits, and whose first end, the one to read, does not wait; -1 and errno.
int cairn_pipe(int ends[2]);

/// The kernel's number of the calling thread.
pid_t cairn_thread_id(void);

/// Sets the nice value of the calling thread alone; -1 and errno on failure.
int cairn_set_thread_nice(int nice);

/// The nice value of a thread, or of the calling one for 0.
int cairn_thread_nice(pid_t thread);

/// Names the calling thread for ps and /proc; the first 15 bytes count.
void cairn_set_thread_name(const char *name);

/// flock(LOCK_EX | LOCK_NB); -1 and errno (EWOULDBLOCK where another process holds it).
int cairn_lock_file(int descriptor);

/// Takes the lock of an open file that no other open file can have, through whatever name; -1 and errno (EAGAIN, EACCES)
/// where another has it. It lies where no database has bytes, and is left when the descriptor is closed.
int cairn_lock_open_file(int descriptor);

/// How many processors the calling thread may run on; -1 and errno on failure.
int cairn_allowed_processors(void);

/// An event descriptor that the first SIGINT or SIGTERM makes readable, whichever thread it reaches; from then on these
/// signals do nothing else. -1 and errno on failure; to be called once.
int cairn_signal_descriptor(void);

/// Raises the soft limit of open files to the hard one; returns the limit that holds then, or -1 and errno.
long cairn_raise_open_file_limit(void);

/// How many bytes that were written to a socket its other end has not acknowledged; 0 where the system does not say.
int cairn_unacknowledged(int descriptor);

/// Sets how many unsent bytes the system keeps for a socket before a write is refused (TCP_NOTSENT_LOWAT).
void cairn_limit_unsent(int descriptor, unsigned bytes);

/// Makes blocks of at least `bytes` go back to the system as soon as they are freed.
void cairn_return_blocks_from(int bytes);

/// Gives memory that was freed back to the system.
void cairn_return_memory(void);

#endif
