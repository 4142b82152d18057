/// A regular expression that finds the result in a line of output: its first group, or all of it where it has no group.
struct ResultPattern {
  private let regex: Regex<AnyRegexOutput>

  /// Takes a person's pattern; throws with a sentence where it is wrong.
  init(_ text: String) throws(WorkerRefusal) {
    do { regex = try Regex(text) } catch {
      throw WorkerRefusal("--result-regex is \"\(text)\", which is not a regular expression: \(error)")
    }
  }

  /// How much of a line is looked at: a pattern may need time that grows fast with it.
  private static let mostBytes = 1 << 16

  /// The last match of a line.
  func match(in line: [UInt8]) -> String? {
    guard let match = String(decoding: line.prefix(Self.mostBytes), as: UTF8.self).matches(of: regex).last else {
      return nil
    }
    let group = match.output.count > 1 ? match.output[1] : match.output[0]
    return group.substring.map(String.init)
  }
}
