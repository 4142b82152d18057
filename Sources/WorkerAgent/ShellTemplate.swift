/// A script for a shell, in which `{name}` becomes the value of a parameter.
///
/// The value itself never is part of the script: the script refers to the command's environment, in the way that the quotes
/// around it need. So no value can be a command, wherever its name is written.
public struct ShellTemplate: Sendable, Hashable {
  private enum Quotes {
    case none, single, double
  }

  /// Which quotes are open; those around `$(` or `(` are in force again behind its end.
  private struct State {
    var quotes = Quotes.none
    private var outer: [Quotes] = []

    mutating func read(_ piece: Substring) {
      switch (quotes, piece) {
      case (.none, "'"): quotes = .single
      case (.none, "\""): quotes = .double
      case (.single, "'"), (.double, "\""): quotes = .none
      case (.none, "("), (.none, "$("), (.double, "$("):
        outer.append(quotes)
        quotes = .none
      case (.none, ")"): quotes = outer.popLast() ?? .none
      default: break
      }
    }
  }

  /// The script that the shell runs.
  public let script: String
  /// The parameters that are named, each once, in order.
  public let names: [String]

  /// Reads the words of a command, which are joined by blanks; `variable` names the variable of a parameter.
  public init(_ words: [String], variable: (String) -> String) {
    var script = ""
    var names: [String] = []
    var state = State()
    var rest = Substring(words.joined(separator: " "))
    while let first = rest.first {
      // `${NAME}` belongs to the shell.
      if first != "$", let name = CommandTemplate.name(rest) {
        if !names.contains(name) { names.append(name) }
        script += Self.reference(variable(name), in: state.quotes)
        rest = rest.dropFirst(name.count + 2)
        continue
      }
      let length = Self.plainLength(rest, in: state.quotes)
      script += rest.prefix(length)
      state.read(rest.prefix(length))
      rest = rest.dropFirst(length)
    }
    self.script = script
    self.names = names
  }

  private static func reference(_ variable: String, in quotes: Quotes) -> String {
    switch quotes {
    case .none: "\"${\(variable)}\""
    case .double: "${\(variable)}"
    case .single: "'\"${\(variable)}\"'"
    }
  }

  /// How many characters at the start of a text belong together: an escaped one to its backslash, `$(`, `${name}`.
  private static func plainLength(_ text: Substring, in quotes: Quotes) -> Int {
    if text.first == "\\", quotes != .single, text.count > 1 { return 2 }
    if quotes != .single, text.hasPrefix("$(") { return 2 }
    if text.first == "$", quotes != .single, let name = CommandTemplate.name(text.dropFirst()) { return name.count + 3 }
    return 1
  }
}
