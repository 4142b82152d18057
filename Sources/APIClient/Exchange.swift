import CCurl
import Foundation

/// What libcurl calls back to during one request; used by the one thread that waits for it.
final class Exchange {
  private let limit: Int
  private let isWanted: () -> Bool
  private(set) var fields: [String: String] = [:]
  private(set) var body: [UInt8] = []
  private(set) var isTooLong = false
  private(set) var isGivenUp = false

  init(limit: Int, isWanted: @escaping () -> Bool) {
    self.limit = limit
    self.isWanted = isWanted
  }

  static let write: curl_write_callback = { bytes, size, count, context in
    guard let exchange = Exchange.of(context), let bytes else { return 0 }
    return exchange.take(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
  }

  static let header: curl_write_callback = { bytes, size, count, context in
    guard let exchange = Exchange.of(context), let bytes else { return 0 }
    exchange.takeField(UnsafeRawBufferPointer(start: bytes, count: size * count))
    return size * count
  }

  static let progress: curl_xferinfo_callback = { context, _, _, _, _ in
    Exchange.of(context)?.goesOn == true ? 0 : 1
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> Exchange? {
    context.map { Unmanaged<Exchange>.fromOpaque($0).takeUnretainedValue() }
  }

  private func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard body.count + bytes.count <= limit else {
      isTooLong = true
      return false
    }
    body.append(contentsOf: bytes)
    return true
  }

  private func takeField(_ bytes: UnsafeRawBufferPointer) {
    let line = String(decoding: bytes, as: UTF8.self)
    // A new head: that of the final answer follows that of an interim one.
    if line.hasPrefix("HTTP/") { fields = [:] }
    guard let colon = line.firstIndex(of: ":") else { return }
    let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespacesAndNewlines)
    fields[line[..<colon].lowercased()] = value
  }

  private var goesOn: Bool {
    if isWanted() { return true }
    isGivenUp = true
    return false
  }
}
