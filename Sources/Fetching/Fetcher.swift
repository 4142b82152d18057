import CCurl
import Digests
import Foundation
import Promises

/// Fetches files by HTTP with libcurl; every call blocks; call from a thread that may block.
public struct Fetcher: Sendable {
  private let rule: AddressRule
  private let limits: FetchLimits
  private let agent: String

  /// Makes a fetcher that calls itself `agent`.
  public init(rule: AddressRule, limits: FetchLimits, agent: String) {
    self.rule = rule
    self.limits = limits
    self.agent = agent
    Self.begin
  }

  /// Once for the process, before there is a thread that could do the same.
  private static let begin: Void = { _ = cairn_curl_begin() }()

  /// What is wrong with an address that files are to come from, for a sentence that begins with it; nil where nothing is.
  public static func fault(in url: String) -> String? {
    let lower = url.lowercased()
    guard lower.hasPrefix("http://") || lower.hasPrefix("https://") else {
      return "must begin with http:// or https://"
    }
    guard url.utf8.count <= 2048, url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      return "must have at most 2048 printable ASCII characters"
    }
    let authority = url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)[2]
      .prefix { !"/?#".contains($0) }
    guard !authority.isEmpty else { return "must name a server" }
    return authority.contains("@") ? "must not contain a user name or password" : nil
  }

  /// Fetches a file to a path that does not exist yet, and checks its SHA-256; on failure no file is left.
  ///
  /// Each connection's numeric address is checked when its socket is made, so that neither a name that changes its mind
  /// nor a server that sends on leads elsewhere. Proxies of the environment are not used: they would hide the address.
  public func fetch(_ url: String, to path: String, sha256: String, control: FetchControl) throws(FetchError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .disk(String(cString: strerror(errno))) }
    do throws(FetchError) {
      let transfer = Transfer(descriptor: descriptor, rule: rule, limit: limits.bytes, control: control)
      try perform(url, transfer)
      let found = transfer.digest
      guard found == sha256.lowercased() else { throw .wrongSHA256(found: found) }
      close(descriptor)
    } catch {
      close(descriptor)
      unlink(path)
      throw error
    }
  }

  private func perform(_ url: String, _ transfer: Transfer) throws(FetchError) {
    guard let curl = curl_easy_init() else { throw .failed("libcurl could not be started") }
    defer { curl_easy_cleanup(curl) }
    let context = Unmanaged.passUnretained(transfer).toOpaque()
    var words = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))
    let code = words.withUnsafeMutableBufferPointer { words in
      let set: [CURLcode] = [
        cairn_curl_set_text(curl, CURLOPT_URL, url),
        cairn_curl_web_only(curl),
        cairn_curl_set_pointer(curl, CURLOPT_ERRORBUFFER, words.baseAddress),
        cairn_curl_set_text(curl, CURLOPT_PROXY, ""),
        cairn_curl_set_text(curl, CURLOPT_USERAGENT, agent),
        cairn_curl_set_number(curl, CURLOPT_NOSIGNAL, 1),
        cairn_curl_set_number(curl, CURLOPT_FAILONERROR, 1),
        cairn_curl_set_number(curl, CURLOPT_FOLLOWLOCATION, 1),
        cairn_curl_set_number(curl, CURLOPT_MAXREDIRS, limits.redirects),
        cairn_curl_set_number(curl, CURLOPT_CONNECTTIMEOUT, limits.connectSeconds),
        cairn_curl_set_number(curl, CURLOPT_TIMEOUT, limits.seconds),
        cairn_curl_set_number(curl, CURLOPT_LOW_SPEED_LIMIT, 1024),
        cairn_curl_set_number(curl, CURLOPT_LOW_SPEED_TIME, limits.stallSeconds),
        cairn_curl_set_size(curl, CURLOPT_MAXFILESIZE_LARGE, Int64(limits.bytes)),
        cairn_curl_on_socket(curl, Transfer.openSocket, context),
        cairn_curl_on_write(curl, Transfer.write, context),
        cairn_curl_on_progress(curl, Transfer.progress, context),
      ]
      return set.first { $0 != CURLE_OK } ?? curl_easy_perform(curl)
    }
    withExtendedLifetime(transfer) {}
    let status = Int(cairn_curl_status(curl))
    if code == CURLE_OK {
      // A redirect without an address, or half an answer, is no file.
      guard status == 200 else { throw .status(status) }
      return
    }
    if let failure = transfer.failure { throw failure }
    switch code {
    case CURLE_HTTP_RETURNED_ERROR: throw .status(status)
    case CURLE_TOO_MANY_REDIRECTS: throw .tooManyRedirects(limit: limits.redirects)
    case CURLE_FILESIZE_EXCEEDED: throw .tooLarge(limit: limits.bytes)
    case CURLE_OPERATION_TIMEDOUT: throw .tooSlow
    default:
      let text = String(decoding: words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      throw .failed(text.isEmpty ? String(cString: curl_easy_strerror(code)) : text)
    }
  }
}
