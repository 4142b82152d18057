import Foundation
import JSONText
import Testing

@testable import WorkerAgent

/// What a worker knows of its machine: kills for memory, folders, programs.
@Suite final class MachineTests {
  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "machine-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func write(_ path: String, _ text: String) throws {
    let file = URL(fileURLWithPath: folder + "/" + path)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  private func trial(_ number: Int) -> Assignment {
    Assignment(number: number, attempt: 1, parameters: JSONObject([("a", 1)]), lease: "x", seed: "0")
  }

  @Test func killsForMemoryAreCounted() throws {
    try write("vmstat", "oom_kill 7\n")
    let machine = folder + "/vmstat"
    let two = MemoryKills(groups: "0::/user/x\n", root: folder, machine: machine)
    #expect(two.count == 7)
    try write("memory.events", "low 0\noom 3\noom_kill 2\noom_group_kill 0\n")
    #expect(two.count == 2)
    try write("user/x/memory.events", "oom_kill 1\n")
    #expect(two.count == 1)
    let one = MemoryKills(groups: "5:devices:/\n4:cpu,memory:/y\n0::/\n", root: folder + "/v1", machine: machine)
    #expect(one.count == 7)
    try write("v1/memory/y/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 4\n")
    #expect(one.count == 4)
    #expect(MemoryKills(groups: "", root: folder, machine: folder + "/none").count == nil)
  }

  @Test func foldersAreKeptForTheNextAttempt() throws {
    let folders = try ScratchFolders(folder + "/scratch")
    var first: TrialFolder? = try folders.open(study: "id", trial: trial(1))
    let paths = try #require(first?.paths)
    try Data("checkpoint".utf8).write(to: URL(fileURLWithPath: paths.scratch + "/c"))
    try Data("{}".utf8).write(to: URL(fileURLWithPath: paths.result))
    #expect(first?.result == Array("{}".utf8))
    // One that is in use is nobody else's.
    let other = try folders.open(study: "id", trial: trial(1))
    #expect(other.path != first?.path)
    first = nil
    let again = try folders.open(study: "id", trial: trial(1))
    #expect(again.paths == paths)
    #expect(FileManager.default.fileExists(atPath: paths.scratch + "/c"))
    // But not the result of the last attempt.
    #expect(again.result == nil)
    #expect(
      FileManager.default.contents(atPath: paths.parameters).map { String(decoding: $0, as: UTF8.self) }
        == "{\"a\":1}\n")
    again.remove()
    #expect(!FileManager.default.fileExists(atPath: again.path))
  }

  @Test func whatAStudyLeavesIsRemoved() throws {
    let folders = try ScratchFolders(folder + "/scratch")
    let used = try folders.open(study: "a/../b", trial: trial(1))
    _ = try folders.open(study: "a/../b", trial: trial(2)).path
    folders.removeAll(of: "a/../b")
    #expect(FileManager.default.fileExists(atPath: used.path))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/scratch") == ["study-a%2F..%2Fb"])
    used.remove()
    folders.removeAll(of: "a/../b")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/scratch") == [])
  }

  @Test func aFolderThatOthersCanWriteToIsRefused() throws {
    let own = folder + "/cairn-scratch-\(geteuid())"
    #expect((try? ScratchFolders(nil, temporary: folder)) != nil)
    chmod(own, 0o777)
    #expect(throws: WorkerRefusal.self) { try ScratchFolders(nil, temporary: folder) }
    rmdir(own)
    symlink("/tmp", own)
    #expect(throws: WorkerRefusal.self) { try ScratchFolders(nil, temporary: folder) }
  }

  @Test func programsAreFound() throws {
    try write("bin/tool", "#!/bin/sh\n")
    try write("bin/data", "")
    chmod(folder + "/bin/tool", 0o755)
    #expect(ProgramSearch.path(of: "tool", path: "/none:\(folder)/bin") == folder + "/bin/tool")
    for name in ["data", "none", ""] { #expect(ProgramSearch.path(of: name, path: folder + "/bin") == nil) }
    #expect(ProgramSearch.path(of: folder + "/bin/tool", path: "") == folder + "/bin/tool")
    #expect(ProgramSearch.path(of: folder, path: "") == nil)
    #expect(throws: WorkerRefusal.self) { try CommandForm(["no-such-program-here"], usesShell: false).check() }
    try CommandForm(["{program}"], usesShell: false).check()
    #expect(throws: WorkerRefusal.self) { try CommandForm(["{program}"], usesShell: false).program(["program": "x/y"]) }
  }
}
