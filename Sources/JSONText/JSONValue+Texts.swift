extension JSONValue {
  /// A list of texts.
  public init(texts: [String]) { self = .array(texts.map { .string($0) }) }

  /// The texts that a JSON text lists; nil where it is anything but a list of texts, or is not there.
  public static func texts(in text: String?) -> [String]? {
    guard let text, case .array(let elements)? = try? JSONValue(parsing: Array(text.utf8)) else { return nil }
    let texts = elements.compactMap(\.stringValue)
    return texts.count == elements.count ? texts : nil
  }
}
