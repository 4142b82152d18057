import CCurl
import Foundation

/// A connection to a service by libcurl, which is kept open between requests; every call blocks.
///
/// It belongs to the one thread that uses it, and that thread must be one that may block.
public final class APIConnection {
  private let address: APIAddress
  private let token: String?
  private let agent: String
  private let isWanted: () -> Bool
  private let curl: OpaquePointer?
  /// The most bytes of an answer that are taken.
  private static let mostBytes = 16 << 20

  /// Once for the process, before there is a thread that could do the same.
  private static let begin: Void = { _ = cairn_curl_begin() }()

  /// Makes a connection that is opened by the first request. Where `isWanted` has become false, a request ends within about
  /// a second. Proxies are those of the environment, but none leads to this machine itself.
  public init(to address: APIAddress, token: String?, agent: String, isWanted: @escaping () -> Bool = { true }) {
    Self.begin
    self.address = address
    self.token = token
    self.agent = agent
    self.isWanted = isWanted
    curl = curl_easy_init().map { OpaquePointer($0) }
  }

  deinit { if let curl { curl_easy_cleanup(UnsafeMutableRawPointer(curl)) } }

  /// Sends a request and waits for its answer, whatever its status; redirects are not followed.
  public func send(_ request: APIRequest) throws(APIFailure) -> APIAnswer {
    guard let handle = curl.map({ UnsafeMutableRawPointer($0) }) else {
      throw .unreachable("libcurl could not be started")
    }
    // Keeps the connection, forgets the last request.
    curl_easy_reset(handle)
    let exchange = Exchange(limit: Self.mostBytes, isWanted: isWanted)
    var headers: UnsafeMutablePointer<curl_slist>?
    defer { curl_slist_free_all(headers) }
    for line in lines(of: request) { headers = curl_slist_append(headers, line) }
    var words = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))
    let body = request.body ?? []
    let code = words.withUnsafeMutableBufferPointer { words in
      body.withUnsafeBytes { bytes in
        var set = options(handle, request, exchange)
        set.append(cairn_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, words.baseAddress))
        set.append(cairn_curl_set_pointer(handle, CURLOPT_HTTPHEADER, headers))
        if request.method != "GET" {
          set.append(
            cairn_curl_set_body(handle, bytes.baseAddress ?? UnsafeRawPointer(words.baseAddress), Int64(bytes.count)))
          set.append(cairn_curl_set_text(handle, CURLOPT_CUSTOMREQUEST, request.method))
        }
        return set.first { $0 != CURLE_OK } ?? curl_easy_perform(handle)
      }
    }
    withExtendedLifetime(exchange) {}
    guard code == CURLE_OK else {
      if exchange.isGivenUp { throw .cancelled }
      if exchange.isTooLong { throw .unreachable("the answer has more than \(Self.mostBytes) bytes") }
      let text = String(decoding: words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      throw .unreachable(text.isEmpty ? String(cString: curl_easy_strerror(code)) : text)
    }
    return APIAnswer(status: Int(cairn_curl_status(handle)), fields: exchange.fields, body: exchange.body)
  }

  private func lines(of request: APIRequest) -> [String] {
    // Without `Expect`, a body is sent at once.
    var lines = ["Accept: application/json", "Expect:"]
    if let token { lines.append("Authorization: Bearer \(token)") }
    lines.append(request.body == nil ? "Content-Type:" : "Content-Type: \(request.contentType)")
    return lines
  }

  private func options(_ handle: UnsafeMutableRawPointer, _ request: APIRequest, _ exchange: Exchange) -> [CURLcode] {
    let context = Unmanaged.passUnretained(exchange).toOpaque()
    let milliseconds = Int(max(0.001, min(request.seconds, 86_400)) * 1000)
    var set: [CURLcode] = [
      cairn_curl_set_text(handle, CURLOPT_URL, address.description + request.path),
      cairn_curl_web_only(handle),
      cairn_curl_set_text(handle, CURLOPT_USERAGENT, agent),
      cairn_curl_set_number(handle, CURLOPT_NOSIGNAL, 1),
      cairn_curl_set_number(handle, CURLOPT_TCP_KEEPALIVE, 1),
      cairn_curl_set_number(handle, CURLOPT_CONNECTTIMEOUT, 10),
      cairn_curl_set_number(handle, CURLOPT_TIMEOUT_MS, milliseconds),
      cairn_curl_set_text(handle, CURLOPT_ACCEPT_ENCODING, ""),
      cairn_curl_on_write(handle, Exchange.write, context),
      cairn_curl_on_header(handle, Exchange.header, context),
      cairn_curl_on_progress(handle, Exchange.progress, context),
    ]
    if address.isLoopback { set.append(cairn_curl_set_text(handle, CURLOPT_PROXY, "")) }
    return set
  }
}
