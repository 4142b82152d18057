import Foundation

/// How many processes the kernel has ended for want of memory, as the nearest count that the machine shows says it: that of
/// the worker's control group, else that of the whole machine.
struct MemoryKills: Sendable {
  private let files: [String]

  /// The count of this process's control group.
  static let ofThisProcess = MemoryKills(groups: text(of: "/proc/self/cgroup") ?? "", root: "/sys/fs/cgroup")

  /// `groups`: what `/proc/self/cgroup` says; `root`: where the control groups are mounted.
  init(groups: String, root: String, machine: String = "/proc/vmstat") {
    var files: [String] = []
    for line in groups.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      // In a container the path may be that of the machine, and the mounted folder that of the container.
      if parts[0] == "0" {
        files += [root + parts[2] + "/memory.events", root + "/memory.events"]
      } else if parts[1].split(separator: ",").contains("memory") {
        files += [root + "/memory" + parts[2] + "/memory.oom_control", root + "/memory/memory.oom_control"]
      }
    }
    self.files = files + [machine]
  }

  /// The count now; nil where nothing tells.
  var count: Int? {
    for file in files {
      if let text = Self.text(of: file), let count = Self.count(in: text) { return count }
    }
    return nil
  }

  private static func count(in text: String) -> Int? {
    for line in text.split(separator: "\n") where line.hasPrefix("oom_kill ") { return Int(line.dropFirst(9)) }
    return nil
  }

  private static func text(of file: String) -> String? {
    FileManager.default.contents(atPath: file).map { String(decoding: $0, as: UTF8.self) }
  }
}
