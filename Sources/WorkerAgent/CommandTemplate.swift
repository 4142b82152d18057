/// A command whose words name parameters: `{name}` becomes the parameter's value, `{{name}}` the text `{name}`, and any
/// other brace stays as it is, as in `{"a": 1}`.
public struct CommandTemplate: Sendable, Hashable {
  /// A piece of a word.
  enum Piece: Sendable, Hashable {
    case text(String)
    case parameter(String)
  }

  let words: [[Piece]]

  /// Reads the words of a command.
  public init(_ words: [String]) { self.words = words.map { Self.pieces(of: $0) } }

  /// The parameters that are named, each once, in order.
  public var names: [String] { Self.names(in: words.joined()) }

  /// The words with values put in; a parameter without a value becomes an empty text.
  public func filled(_ values: [String: String]) -> [String] {
    words.map { pieces in
      pieces.map { piece in
        switch piece {
        case .text(let text): text
        case .parameter(let name): values[name] ?? ""
        }
      }.joined()
    }
  }

  static func names(in pieces: some Sequence<Piece>) -> [String] {
    var names: [String] = []
    for case .parameter(let name) in pieces where !names.contains(name) { names.append(name) }
    return names
  }

  static func pieces(of word: String) -> [Piece] {
    var pieces: [Piece] = []
    var text = ""
    var rest = Substring(word)
    while let first = rest.first {
      if let (name, length) = quotedName(rest) {
        text += "{\(name)}"
        rest = rest.dropFirst(length)
      } else if let name = name(rest) {
        if !text.isEmpty { pieces.append(.text(text)) }
        pieces.append(.parameter(name))
        text = ""
        rest = rest.dropFirst(name.count + 2)
      } else {
        text.append(first)
        rest = rest.dropFirst()
      }
    }
    if !text.isEmpty { pieces.append(.text(text)) }
    return pieces
  }

  /// The name of `{name}` at the start of a text.
  static func name(_ text: Substring) -> String? {
    guard text.first == "{" else { return nil }
    let name = text.dropFirst().prefix(while: isNameCharacter)
    guard let first = name.first, !first.isNumber, text.dropFirst(name.count + 1).first == "}" else { return nil }
    return String(name)
  }

  /// The name of `{{name}}` at the start of a text, and how many characters that is.
  private static func quotedName(_ text: Substring) -> (name: String, length: Int)? {
    guard text.hasPrefix("{{"), let name = name(text.dropFirst()), text.dropFirst(name.count + 3).first == "}" else {
      return nil
    }
    return (name, name.count + 4)
  }

  private static func isNameCharacter(_ character: Character) -> Bool {
    character == "_" || (character.isASCII && (character.isLetter || character.isNumber))
  }
}
