import CSystem
import Foundation

/// How many processors this process may use, which in a container is often far fewer than the machine has.
public enum AllowedProcessors {
  /// The processors that it may run on, no more than its control groups give it time for (rounded up), at least 1.
  public static func count() -> Int {
    let allowed = Int(cairn_allowed_processors())
    return count(allowed: allowed > 0 ? allowed : ProcessInfo.processInfo.activeProcessorCount, root: "")
  }

  /// The same for a machine whose files lie below `root`.
  static func count(allowed: Int, root: String) -> Int {
    let quota = quota(root: root).map { Int(min($0.rounded(.up), 1e6)) } ?? allowed
    return max(1, min(allowed, quota))
  }

  /// The smallest quota of the process's control groups and of those around them, in processors; nil where there is none.
  private static func quota(root: String) -> Double? {
    var found: [Double] = []
    for line in text(root + "/proc/self/cgroup").split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let controllers = fields[1].split(separator: ",")
      guard fields[1].isEmpty || controllers.contains("cpu") else { continue }
      // Inside a container the path may be the host's, and what is mounted there the container's own group.
      let names = fields[1].isEmpty ? ["", "/unified"] : ["/cpu", "/cpu,cpuacct", "/cpuacct,cpu"]
      for base in names.map({ root + "/sys/fs/cgroup" + $0 }) {
        var path = fields[2].split(separator: "/").map(String.init)[...]
        while true {
          let folder = ([base] + path).joined(separator: "/")
          if let quota = fields[1].isEmpty ? unified(folder) : legacy(folder) { found.append(quota) }
          if path.isEmpty { break }
          path.removeLast()
        }
      }
    }
    return found.min()
  }

  /// `cpu.max` of version 2: microseconds of quota, or `max`, and microseconds of the period.
  private static func unified(_ folder: String) -> Double? {
    let words = text(folder + "/cpu.max").split(whereSeparator: \.isWhitespace)
    guard words.count == 2, let time = Double(words[0]), let period = Double(words[1]), time > 0, period > 0 else {
      return nil
    }
    return time / period
  }

  /// Version 1 has two files; -1 is no quota.
  private static func legacy(_ folder: String) -> Double? {
    func number(_ name: String) -> Double? {
      Double(text("\(folder)/\(name)").trimmingCharacters(in: .whitespacesAndNewlines))
    }
    guard let time = number("cpu.cfs_quota_us"), let period = number("cpu.cfs_period_us"), time > 0, period > 0 else {
      return nil
    }
    return time / period
  }

  private static func text(_ path: String) -> String {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
