import Studies

/// A worker of a test is a thread of this process, and known by its name.
extension Worker: ExpressibleByStringInterpolation {
  public init(stringLiteral name: String) { self.init(name: name) }
}
