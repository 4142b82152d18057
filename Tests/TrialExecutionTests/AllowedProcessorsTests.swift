import Foundation
import Testing

@testable import TrialExecution

@Suite struct AllowedProcessorsTests {
  /// A machine's files: the group that the process is in, and what the groups' files say.
  private func count(allowed: Int, group: String, _ files: [String: String]) throws -> Int {
    let root = NSTemporaryDirectory() + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: root) }
    for (path, text) in files.merging(["proc/self/cgroup": group], uniquingKeysWith: { $1 }) {
      let url = URL(fileURLWithPath: "\(root)/\(path)")
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    return AllowedProcessors.count(allowed: allowed, root: root)
  }

  @Test func withoutGroupsAllThatAreAllowed() throws {
    #expect(try count(allowed: 64, group: "", [:]) == 64)
    #expect(try count(allowed: 3, group: "0::/a\n", ["sys/fs/cgroup/a/cpu.max": "max 100000\n"]) == 3)
  }

  @Test func aQuotaOfVersion2() throws {
    let files = ["sys/fs/cgroup/a/cpu.max": "max 100000\n", "sys/fs/cgroup/a/b/cpu.max": "150000 100000\n"]
    #expect(try count(allowed: 64, group: "0::/a/b\n", files) == 2)
    #expect(try count(allowed: 1, group: "0::/a/b\n", files) == 1)
    #expect(try count(allowed: 64, group: "0::/a\n", files) == 64)
    // The group around it, and a container's own root.
    #expect(try count(allowed: 64, group: "0::/a/b/c\n", files) == 2)
    #expect(try count(allowed: 64, group: "0::/\n", ["sys/fs/cgroup/cpu.max": "5000 100000\n"]) == 1)
  }

  @Test func aQuotaOfVersion1() throws {
    let folder = "sys/fs/cgroup/cpu,cpuacct/docker/x"
    let group = "4:cpu,cpuacct:/docker/x\n1:name=systemd:/docker/x\n"
    #expect(
      try count(
        allowed: 64, group: group,
        ["\(folder)/cpu.cfs_quota_us": "400000\n", "\(folder)/cpu.cfs_period_us": "100000\n"])
        == 4)
    #expect(
      try count(
        allowed: 64, group: group, ["\(folder)/cpu.cfs_quota_us": "-1\n", "\(folder)/cpu.cfs_period_us": "100000\n"])
        == 64)
    // In a container the mount is its own group, though the path is the host's.
    #expect(
      try count(
        allowed: 64, group: group,
        ["sys/fs/cgroup/cpu/cpu.cfs_quota_us": "250000", "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000"]) == 3)
  }

  @Test func thisMachine() {
    #expect((1...ProcessInfo.processInfo.processorCount).contains(AllowedProcessors.count()))
  }
}
