/// What can go wrong in a store that a caller can tell apart.
public enum StoreError: Error, Sendable, Hashable {
  /// Another study has this name.
  case nameTaken(String)
  /// Another comparison has this name.
  case comparisonTaken(String)
  /// The study has a trial of this point and replicate, or of this number.
  case trialTaken
  /// No room on the disk.
  case diskFull
  /// The database is damaged; what was found.
  case corrupt(String)
  /// It takes no changes now; one sentence.
  case unavailable(String)
  /// The reader's task was cancelled, or the store closes.
  case interrupted
  /// Anything else, for the log.
  case failure(String)
}

extension StoreError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .nameTaken(let name): "another study has the name \(name)"
    case .comparisonTaken(let name): "another comparison has the name \(name)"
    case .diskFull: "the disk is full"
    case .unavailable(let sentence): sentence
    case .interrupted: "the store is closing"
    case .trialTaken: "the study has a trial of this point already"
    case .corrupt(let detail): "the database is damaged: \(detail)"
    case .failure(let text): text
    }
  }
}

/// Why a store takes no changes.
public struct StoreTrouble: Sendable, Hashable {
  /// One sentence for a person.
  public var sentence: String
  /// Makes one.
  public init(sentence: String) { self.sentence = sentence }
}
