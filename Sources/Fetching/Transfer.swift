import CCurl
import Digests
import Foundation

/// What libcurl calls back to while it fetches one file; used by the one thread that waits for it.
final class Transfer {
  private let descriptor: Int32
  private let rule: AddressRule
  private let limit: Int
  private let control: FetchControl
  private var hash = SHA256()
  private var count = 0
  /// Why a callback ended the transfer.
  private(set) var failure: FetchError?

  init(descriptor: Int32, rule: AddressRule, limit: Int, control: FetchControl) {
    self.descriptor = descriptor
    self.rule = rule
    self.limit = limit
    self.control = control
  }

  /// SHA-256 of what came.
  var digest: String { hash.finalize() }

  static let openSocket: curl_opensocket_callback = { context, _, address in
    guard let transfer = Transfer.of(context), let address else { return CURL_SOCKET_BAD }
    return transfer.open(address)
  }

  static let write: curl_write_callback = { bytes, size, count, context in
    guard let transfer = Transfer.of(context), let bytes else { return 0 }
    return transfer.take(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
  }

  static let progress: curl_xferinfo_callback = { context, _, _, _, _ in
    Transfer.of(context)?.isWanted == true ? 0 : 1
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Makes the socket of a connection to an address that may be asked.
  private func open(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
    let facts = address.pointee
    // The address is as long as `addrlen` says, which is more than the member's type holds.
    let place = UnsafeRawPointer(address) + (MemoryLayout<curl_sockaddr>.offset(of: \.addr) ?? 0)
    let numeric = NetworkAddress(place, family: facts.family, length: Int(facts.addrlen))
    guard let numeric, rule.allows(numeric) else {
      // Of several addresses of a name, one that may be asked can still follow.
      failure = .forbiddenAddress(numeric?.description ?? "an address of an unknown kind")
      return CURL_SOCKET_BAD
    }
    failure = nil
    let made = socket(facts.family, facts.socktype | Int32(SOCK_CLOEXEC.rawValue), facts.protocol)
    // Of several addresses of a name, another kind can still be had.
    if made < 0 { failure = .failed("no connection could be made: \(String(cString: strerror(errno)))") }
    return made
  }

  private func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
    count += bytes.count
    guard count <= limit else {
      failure = .tooLarge(limit: limit)
      return false
    }
    var rest = bytes
    while !rest.isEmpty {
      let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if written < 0 {
        if errno == EINTR { continue }
        failure = .disk(String(cString: strerror(errno)))
        return false
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
    hash.update(bytes)
    control.add(bytes.count)
    return true
  }

  private var isWanted: Bool {
    guard control.isCancelled else { return true }
    failure = .cancelled
    return false
  }
}
