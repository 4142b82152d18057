/// How commands are understood, and how long they may take.
struct CommandRules: Sendable {
  var exits: ExitRules
  /// In seconds.
  var timeout: Double?
  /// Shows what a command writes.
  var show: (@Sendable ([UInt8]) -> Void)?
}
