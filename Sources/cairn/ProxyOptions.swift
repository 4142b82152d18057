import ArgumentParser
import TuningAPI

/// By which names, below which path and inside which pages a service is met.
struct ProxyOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A name that requests may have in Host while no token is set, beside localhost, 127.0.0.1 and [::1]; may be given "
        + "more than once, or several with commas. [CAIRN_ALLOWED_HOST] (default: none)", valueName: "name"))
  var allowedHost: [String] = []

  @Option(
    help: ArgumentHelp(
      "The path below which a proxy shows the service, such as /cairn; requests may come with it or without. "
        + "[CAIRN_BASE_PATH] (default: none)", valueName: "path"))
  var basePath: String?

  @Option(
    help: ArgumentHelp(
      "Which pages may show the results page in a frame, as in Content-Security-Policy: \"'self' https://hub.example\". "
        + "[CAIRN_FRAME_ANCESTORS] (default: 'none')", valueName: "sources"))
  var frameAncestors: String?

  /// What the API keeps to.
  struct Resolved {
    var hosts: [String]
    var basePath: String
    var frameAncestors: String
  }

  func resolved() throws(PlainError) -> Resolved {
    let given = allowedHost.isEmpty ? [Setting("CAIRN_ALLOWED_HOST").text ?? ""] : allowedHost
    var hosts: [String] = []
    for part in given.flatMap({ $0.split(separator: ",") }) {
      let text = part.filter { $0 != " " }
      guard let name = HostRule.name(in: text) else {
        throw PlainError(
          "--allowed-host has \"\(text)\"; it should be a name such as cairn.example.org; "
            + "to accept any name, set CAIRN_TOKEN instead.")
      }
      hosts.append(name)
    }
    let path = try Setting("CAIRN_BASE_PATH").value(basePath, { $0 }, "a path") ?? ""
    guard let path = BasePath(path) else {
      throw PlainError("--base-path is \"\(path)\"; it should be a path such as /cairn.")
    }
    let ancestors = try Setting("CAIRN_FRAME_ANCESTORS").value(frameAncestors, { $0 }, "a list of sources") ?? "'none'"
    guard !ancestors.isEmpty, ancestors.utf8.allSatisfy({ (0x20...0x7E).contains($0) && $0 != 0x3B && $0 != 0x2C })
    else {
      throw PlainError(
        "--frame-ancestors is \"\(ancestors)\"; it should be sources separated by blanks, such as "
          + "\"'self' https://hub.example\".")
    }
    return Resolved(hosts: hosts, basePath: path.text, frameAncestors: ancestors)
  }
}
