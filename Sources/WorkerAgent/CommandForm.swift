import Foundation

/// The command of a worker, as it is run for each trial.
enum CommandForm: Sendable {
  case words(CommandTemplate)
  case script(ShellTemplate)

  /// Reads the words that a person gave.
  init(_ words: [String], usesShell: Bool) {
    self = usesShell ? .script(ShellTemplate(words, variable: ParameterText.variable)) : .words(CommandTemplate(words))
  }

  /// The parameters that are named.
  var names: [String] {
    switch self {
    case .words(let template): template.names
    case .script(let template): template.names
    }
  }

  /// The words for a trial; the values of a script are in the environment.
  func words(_ values: [String: String]) -> [String] {
    switch self {
    case .words(let template): template.filled(values)
    case .script(let template): ["sh", "-c", template.script]
    }
  }

  /// The file to run.
  func program(_ values: [String: String]) throws(WorkerRefusal) -> String {
    switch self {
    case .script: return "/bin/sh"
    case .words:
      let name = words(values).first ?? ""
      guard let path = ProgramSearch.path(of: name) else {
        throw WorkerRefusal("There is no program \"\(name)\" that can be run\(name.contains("/") ? "" : " in PATH").")
      }
      return path
    }
  }

  /// Refuses a program that is not there before anything is asked for; one whose name a parameter gives is seen later.
  func check() throws(WorkerRefusal) {
    if case .words(let template) = self, let first = template.words.first, CommandTemplate.names(in: first).isEmpty {
      _ = try program([:])
    }
  }

  /// Why the command could not be run, from an error number.
  func refusal(_ code: Int32) -> WorkerRefusal {
    let reason = String(cString: strerror(code))
    let hint =
      code == ENOEXEC ? " A script's first line should begin with #! and the program that runs it." : ""
    return WorkerRefusal("The command cannot be run: \(reason).\(hint)")
  }
}

/// Finds programs as a shell does.
enum ProgramSearch {
  /// The file of a program; nil where there is none that can be run.
  static func path(of name: String, path: String? = ProcessInfo.processInfo.environment["PATH"]) -> String? {
    if name.contains("/") { return isProgram(name) ? name : nil }
    guard !name.isEmpty else { return nil }
    let folders = (path ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":", omittingEmptySubsequences: false)
    return folders.map { ($0.isEmpty ? "." : $0) + "/" + name }.first(where: isProgram)
  }

  private static func isProgram(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
  }
}
