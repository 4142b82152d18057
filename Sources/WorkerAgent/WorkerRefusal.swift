/// Why a worker cannot work, as one sentence for a person.
public struct WorkerRefusal: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String
  /// Makes a refusal of a whole sentence.
  public init(_ description: String) { self.description = description }
}
