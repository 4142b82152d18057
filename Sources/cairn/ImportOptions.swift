import ArgumentParser
import Fetching

/// From where data sets are fetched, and how much.
struct ImportOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Networks beside the public internet that data sets may be fetched from, such as 10.1.0.0/16,fd00::/8. "
        + "[CAIRN_IMPORT_NETWORKS] (default: none)", valueName: "networks"))
  var importNetworks: String?

  @Option(
    help: ArgumentHelp(
      "The most bytes of a file that is fetched. [CAIRN_IMPORT_BYTES] (default: 512MiB)", valueName: "bytes"))
  var importBytes: String?

  @Option(
    help: ArgumentHelp(
      "Seconds that fetching a file may take. [CAIRN_IMPORT_TIMEOUT] (default: 3600)", valueName: "seconds"))
  var importTimeout: Int?

  /// What the fetcher keeps to.
  struct Resolved {
    var rule: AddressRule
    var limits: FetchLimits
  }

  func resolved() throws(PlainError) -> Resolved {
    var networks: [Network] = []
    let text = try Setting("CAIRN_IMPORT_NETWORKS").value(importNetworks, { $0 }, "a list of networks") ?? ""
    for part in text.split(separator: ",", omittingEmptySubsequences: false) where !text.isEmpty {
      guard let network = Network(String(part)) else {
        throw PlainError("--import-networks has \"\(part)\"; it should have networks such as 10.1.0.0/16 or fd00::/8.")
      }
      networks.append(network)
    }
    let size = try Setting("CAIRN_IMPORT_BYTES").value(importBytes, { $0 }, "a size") ?? "512MiB"
    guard let size = ByteCount(size) else {
      throw PlainError("--import-bytes is \"\(size)\"; it should be a size such as 4GiB or 512MiB.")
    }
    let seconds = try Setting("CAIRN_IMPORT_TIMEOUT").value(importTimeout, Int.init, "a number of seconds") ?? 3600
    guard (1...1_000_000).contains(seconds) else {
      throw PlainError("--import-timeout is \(seconds); it should be from 1 to 1000000.")
    }
    return Resolved(rule: AddressRule(adding: networks), limits: FetchLimits(bytes: size.bytes, seconds: seconds))
  }
}
