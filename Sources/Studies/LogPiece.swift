import Foundation

/// A piece of what a trial's program wrote.
public struct LogPiece: Sendable, Hashable {
  /// How much of a trial's output is kept, in bytes: its end.
  public static let mostBytes = 1 << 20

  public var study: UUID
  public var number: Int
  public var attempt: Int
  /// Where in the output of the attempt it begins.
  public var start: Int
  public var bytes: [UInt8]

  /// Makes a piece.
  public init(study: UUID, number: Int, attempt: Int, start: Int, bytes: [UInt8]) {
    self.study = study
    self.number = number
    self.attempt = attempt
    self.start = start
    self.bytes = bytes
  }

  /// Where it ends.
  public var end: Int { start + bytes.count }
}

/// What is kept of a trial's output.
public struct TrialOutput: Sendable, Hashable {
  /// The attempt that wrote it.
  public var attempt: Int
  /// Where in its output the bytes begin.
  public var start: Int
  public var bytes: [UInt8]

  /// Makes one.
  public init(attempt: Int, start: Int, bytes: [UInt8]) {
    self.attempt = attempt
    self.start = start
    self.bytes = bytes
  }

  /// Where it ends.
  public var end: Int { start + bytes.count }
}
