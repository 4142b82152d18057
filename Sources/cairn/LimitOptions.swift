import ArgumentParser
import HTTPMessages
import HTTPServer

/// The limits of the HTTP server, each with its name and default.
struct LimitOptions: ParsableArguments {
  @Option(help: "Bytes of a request's head; more is 431. [CAIRN_MAX_HEAD_BYTES] (default: 16384)")
  var maxHeadBytes: Int?

  @Option(help: "Header fields of a request; more is 431. [CAIRN_MAX_HEADERS] (default: 100)")
  var maxHeaders: Int?

  @Option(help: "Bytes of a request's body; more is 413. [CAIRN_MAX_BODY_BYTES] (default: 1048576)")
  var maxBodyBytes: Int?

  @Option(help: "Seconds for a request's head to arrive; longer is 408. [CAIRN_HEADER_TIMEOUT] (default: 10)")
  var headerTimeout: Double?

  @Option(help: "Seconds without another byte of a request's body; longer is 408. [CAIRN_BODY_TIMEOUT] (default: 30)")
  var bodyTimeout: Double?

  @Option(
    help:
      "Bytes a second below which a client is too slow: of its body, over 10 seconds (408), or of its answer, over the write timeout (closed); 0 accepts any rate. [CAIRN_MINIMUM_RATE] (default: 256)"
  )
  var minimumRate: Int?

  @Option(
    help: ArgumentHelp(
      "Memory for requests that come in and answers that wait to be taken; beyond it large answers get 503, and clients "
        + "that do not take theirs are closed. [CAIRN_MAX_HELD] (default: 128MiB)", valueName: "bytes"))
  var maxHeld: String?

  @Option(
    help: ArgumentHelp(
      "Space in the database for the output of all trials that callers run; beyond it the oldest output goes. "
        + "[CAIRN_LOG_SPACE] (default: 1GiB)", valueName: "bytes"))
  var logSpace: String?

  @Option(
    help:
      "Seconds in which a client takes nothing of its answer; then it is closed. [CAIRN_WRITE_TIMEOUT] (default: 30)")
  var writeTimeout: Double?

  @Option(help: "Seconds that an idle connection is kept. [CAIRN_IDLE_TIMEOUT] (default: 75)")
  var idleTimeout: Double?

  @Option(
    help:
      "Connections at once; more get 503. [CAIRN_MAX_CONNECTIONS] (default: 16384, or what the open-file limit leaves)")
  var maxConnections: Int?

  /// The limits as numbers.
  struct Resolved {
    var messages = MessageLimits()
    var headerTimeout = 10.0
    var bodyTimeout = 30.0
    var minimumRate = 256
    var memory = 128 << 20
    var logSpace = 1 << 30
    var writeTimeout = 30.0
    var idleTimeout = 75.0
    var maxConnections = 16_384
  }

  func resolved() throws(PlainError) -> Resolved {
    var limits = Resolved()
    limits.messages.headBytes = try count("MAX_HEAD_BYTES", maxHeadBytes, limits.messages.headBytes)
    limits.messages.headerCount = try count("MAX_HEADERS", maxHeaders, limits.messages.headerCount)
    limits.messages.bodyBytes = try count("MAX_BODY_BYTES", maxBodyBytes, limits.messages.bodyBytes)
    limits.headerTimeout = try seconds("HEADER_TIMEOUT", headerTimeout, limits.headerTimeout)
    limits.bodyTimeout = try seconds("BODY_TIMEOUT", bodyTimeout, limits.bodyTimeout)
    limits.minimumRate = try count("MINIMUM_RATE", minimumRate, limits.minimumRate, least: 0)
    if let text = try Setting("CAIRN_MAX_HELD").value(maxHeld, { $0 }, "a size") {
      guard let size = ByteCount(text), size.bytes >= 1 << 20 else {
        throw PlainError("--max-held is \"\(text)\"; it should be a size of at least 1MiB, such as 128MiB.")
      }
      limits.memory = size.bytes
    }
    if let text = try Setting("CAIRN_LOG_SPACE").value(logSpace, { $0 }, "a size") {
      guard let size = ByteCount(text), size.bytes >= 1 << 20 else {
        throw PlainError("--log-space is \"\(text)\"; it should be a size of at least 1MiB, such as 1GiB.")
      }
      limits.logSpace = size.bytes
    }
    limits.writeTimeout = try seconds("WRITE_TIMEOUT", writeTimeout, limits.writeTimeout)
    limits.idleTimeout = try seconds("IDLE_TIMEOUT", idleTimeout, limits.idleTimeout)
    limits.maxConnections = try count("MAX_CONNECTIONS", maxConnections, limits.maxConnections)
    return limits
  }

  private func count(
    _ name: String, _ flag: Int?, _ standard: Int, least: Int = 1
  ) throws(PlainError) -> Int {
    let value = try Setting("CAIRN_\(name)").value(flag, Int.init, "a whole number") ?? standard
    guard value >= least else { throw PlainError("\(flagName(name)) is \(value); it should be \(least) or more.") }
    return value
  }

  private func seconds(_ name: String, _ flag: Double?, _ standard: Double) throws(PlainError) -> Double {
    let value = try Setting("CAIRN_\(name)").value(flag, Double.init, "a number of seconds") ?? standard
    guard value > 0, value.isFinite else {
      throw PlainError("\(flagName(name)) is \(value); it should be above 0.")
    }
    return value
  }

  private func flagName(_ name: String) -> String {
    "--" + String(name.lowercased().map { $0 == "_" ? "-" : $0 })
  }
}
