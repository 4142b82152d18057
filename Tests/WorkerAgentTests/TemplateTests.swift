import Foundation
import Testing

@testable import WorkerAgent

/// Parameters in the words of a command, and in a script.
@Suite struct TemplateTests {
  private let values = ["lr": "0.1", "units_1": "5", "kind": "a b;'\"$(x)`y`\\"]

  @Test func wordsAreFilled() {
    for (word, expected) in [
      ("{lr}", "0.1"), ("--lr={lr}", "--lr=0.1"), ("{lr}{units_1}", "0.15"), ("{kind}", values["kind"] ?? ""),
      ("{{lr}}", "{lr}"), ("{{{lr}}}", "{{lr}}"), ("{\"a\": {\"b\": {lr}}}", "{\"a\": {\"b\": 0.1}}"), ("{}", "{}"),
      ("{print $1}", "{print $1}"), ("{1}", "{1}"), ("{", "{"), ("}", "}"), ("{lr", "{lr"), ("", ""), ("${lr}", "$0.1"),
      ("{ä}", "{ä}"), ("{a-b}", "{a-b}"),
    ] {
      #expect(CommandTemplate([word]).filled(values) == [expected], "\(word)")
    }
    let template = CommandTemplate(["x", "{lr}", "{units_1}{lr}", "{{kind}}"])
    #expect(template.names == ["lr", "units_1"])
    #expect(CommandTemplate(["{absent}"]).filled(values) == [""])
  }

  /// What the shell itself makes of scripts, with a value that would do harm as a command.
  @Test(arguments: [
    ("printf %s {kind}", "V"), ("printf %s \"{kind}\"", "V"), ("printf %s '{kind}'", "V"),
    ("printf %s a{kind}b", "aVb"),
    ("printf %s \"<{kind}> '{kind}'\"", "<V> 'V'"), ("printf %s '\"{kind}\"'", "\"V\""), ("printf %s \\'{kind}", "'V"),
    ("printf %s \"\\\"{kind}\"", "\"V"), ("x=1; printf %s ${x}", "1"), ("printf %s \"$(printf %s {kind})\"", "V"),
    ("printf %s \"$( (printf %s {kind}) )<{kind}>\"", "V<V>"),
    ("printf %s $(printf %s {kind})", nil),
    ("printf %s \"${HOME+home}\"", "home"), ("# don't\nprintf %s {lr}", nil), ("printf %s `printf %s \"{lr}\"`", "0.1"),
  ])
  func noValueIsACommand(_ script: String, _ expected: String?) throws {
    let template = ShellTemplate([script], variable: { "CAIRN_PARAM_" + $0.uppercased() })
    for value in values.values {
      #expect(!template.script.contains("$(x)"), "\(value)")
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", template.script]
    let folder = NSTemporaryDirectory() + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let value = "a;$(touch h)`touch h`'\"&touch h\\"
    process.environment = ["PATH": "/usr/bin:/bin", "HOME": "/", "CAIRN_PARAM_KIND": value, "CAIRN_PARAM_LR": "0.1"]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    if let expected {
      #expect(String(decoding: data, as: UTF8.self) == expected.replacingOccurrences(of: "V", with: value))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
  }

  @Test func scriptsNameParameters() {
    let template = ShellTemplate(["./t", "{a}", "'{b}'", "${c}", "{a}"], variable: { $0 })
    #expect(template.names == ["a", "b"])
    #expect(template.script == "./t \"${a}\" ''\"${b}\"'' ${c} \"${a}\"")
  }
}
