/// A data set on its way in.
public struct DatasetUpload: Sendable {
  /// A file as it lies on this machine, and the name that messages call it by.
  public struct File: Sendable {
    public var path: String
    public var name: String
    /// Makes a file.
    public init(path: String, name: String) {
      self.path = path
      self.name = name
    }
  }

  public var name: String
  /// One of the library's formats.
  public var format: String
  /// How CSV's columns are scaled: `standard` or `none`.
  public var scaling: String
  /// In the order that the format wants.
  public var files: [File]

  /// Makes an upload.
  public init(name: String, format: String, scaling: String, files: [File]) {
    self.name = name
    self.format = format
    self.scaling = scaling
    self.files = files
  }
}

/// A data set whose files are to be fetched.
public struct DatasetFetch: Sendable {
  /// A file of it.
  public enum Source: Sendable {
    /// One that lies on this machine.
    case file(DatasetUpload.File)
    /// One to fetch, and the SHA-256 that it must have.
    case url(String, sha256: String)
  }

  public var name: String
  public var format: String
  public var scaling: String
  /// In the order that the format wants.
  public var sources: [Source]

  /// Makes a wish to fetch.
  public init(name: String, format: String, scaling: String, sources: [Source]) {
    self.name = name
    self.format = format
    self.scaling = scaling
    self.sources = sources
  }
}
