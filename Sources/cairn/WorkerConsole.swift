import Foundation
import Promises
import WorkerAgent

/// Where a worker's words and its commands' output go.
struct WorkerConsole: Sendable {
  let isVerbose: Bool
  /// What a slot's command has begun a line with.
  private let lines = Locked([Int: [UInt8]]())

  init(isVerbose: Bool) { self.isVerbose = isVerbose }

  var voice: WorkerVoice {
    WorkerVoice(tell: tell, warn: warn, show: isVerbose ? show(slot:trial:bytes:) : nil)
  }

  @Sendable func tell(_ text: String) { StandardStream.output.say(text) }

  @Sendable func warn(_ text: String) { StandardStream.error.say("cairn: \(text)\(text.hasSuffix(".") ? "" : ".")") }

  /// Shows whole lines, so that those of several slots stay apart.
  @Sendable private func show(slot: Int, trial: Int, bytes: [UInt8]) {
    let text: [UInt8] = lines.withLock { lines in
      var rest = lines.removeValue(forKey: slot) ?? []
      rest += bytes
      guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else {
        lines[slot] = rest
        return []
      }
      lines[slot] = Array(rest[(end + 1)...])
      return Array(rest[...end])
    }
    let prefix = "[slot \(slot), trial \(trial)] "
    for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast() {
      _ = StandardStream.error.write(Array(prefix.utf8) + line + [UInt8(ascii: "\n")])
    }
  }
}
