// A guardian: a small process between a worker and a command that it runs.
//
// The guardian is the parent of the command and of whatever the command leaves behind, and it ends all of them when it is
// told to, when the command ends, and when the worker is gone, also where the kernel killed the worker.
#ifndef CAIRN_GUARDIAN_H
#define CAIRN_GUARDIAN_H

#include <sys/types.h>

/// What a guardian runs. All of it is made before the fork, because a fork of a process with threads may call little.
struct cairn_guarded {
  /// The file to run; no folder of PATH is looked into.
  const char *program;
  /// The words of the command, ending with NULL.
  char *const *arguments;
  /// `NAME=value`, ending with NULL.
  char *const *environment;
  /// Where the command's standard output goes.
  int output;
  /// Where its standard error goes.
  int error;
  /// A descriptor that the guardian holds open until every process has ended, or -1; the command does not get it.
  int kept;
  /// How long after SIGTERM the processes get SIGKILL.
  int grace_milliseconds;
};

/// What a guardian tells, one message each, in this order.
enum cairn_guard_news {
  /// The command runs; the value is its process id.
  cairn_guard_started = 1,
  /// The command could not be run; the value is the error number.
  cairn_guard_refused = 2,
  /// The command's first process has ended; the value is its status as `waitpid` gives it.
  cairn_guard_ended = 3,
  /// No process is left; the guardian ends.
  cairn_guard_gone = 4,
};

struct cairn_guard_report {
  int news;
  int value;
};

/// Starts a guardian and its command; gives the descriptor of the line to it, and its process id; -1 and errno on failure.
/// It is asked for SIGTERM by the byte `T`, and for SIGKILL by `K`; where the line is closed, it does as for `T`.
int cairn_guard_start(const struct cairn_guarded *command, pid_t *guardian);

/// Asks a guardian for something; -1 and errno where it is gone.
int cairn_guard_ask(int line, char request);

/// Receives a report; 1 where there is one, 0 where the guardian is gone, -1 and errno (EAGAIN) where there is none yet.
int cairn_guard_receive(int line, struct cairn_guard_report *report);

#endif
