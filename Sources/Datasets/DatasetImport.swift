/// A data set whose files are being fetched, or could not be: what is remembered of it across a restart.
public struct DatasetImport: Sendable, Hashable, Codable {
  /// How far it is; one that is ready is a data set and no import any more.
  public enum State: String, Sendable, Hashable, Codable { case importing, failed }

  /// A file of it: one of this machine, or one to fetch.
  public enum Source: Sendable, Hashable, Codable {
    /// Where it lies, and what messages call it.
    case file(path: String, name: String)
    /// Where it is fetched from, and the SHA-256 that it must have, in lower-case hexadecimal digits.
    case url(String, sha256: String)

    /// What messages call it: of a URL all but its query, which may hold a secret.
    public var name: String {
      switch self {
      case .file(_, let name): name
      case .url(let url, _): String(url.prefix { $0 != "?" && $0 != "#" })
      }
    }
  }

  public var name: String
  public var format: String
  public var scaling: String
  /// In the order that the format wants.
  public var sources: [Source]
  public var state = State.importing
  /// Why it failed, in one sentence.
  public var detail: String?
  /// How often a service began it and did not end it in an orderly way.
  public var starts = 0

  /// Makes an import that has not begun.
  public init(name: String, format: String, scaling: String, sources: [Source]) {
    self.name = name
    self.format = format
    self.scaling = scaling
    self.sources = sources
  }

  /// Whether another asks for the same.
  public func isSame(as other: DatasetImport) -> Bool {
    (format, scaling, sources) == (other.format, other.scaling, other.sources)
  }
}
