import Foundation

/// What a worker is doing.
public struct WorkerStatus: Sendable, Hashable {
  /// Its name (`local-1`).
  public var name: String
  public var kind: Worker.Kind
  /// The study and trial that it runs; nil while idle.
  public var study: String?
  public var trial: Int?
  /// When it took that trial, or became idle.
  public var since: Date
  /// How many trials it has finished since the service started.
  public var finished: Int
  /// Makes a status.
  public init(name: String, kind: Worker.Kind, study: String?, trial: Int?, since: Date, finished: Int) {
    self.name = name
    self.kind = kind
    self.study = study
    self.trial = trial
    self.since = since
    self.finished = finished
  }
}
