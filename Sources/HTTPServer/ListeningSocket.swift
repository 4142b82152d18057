import CSystem
import Foundation

/// A socket that listens; its holder closes the descriptor, and a server that starts on it takes it over.
public struct ListeningSocket: Sendable {
  let descriptor: Int32
  /// Where it listens, with the port that the system chose for 0.
  public let address: BoundAddress

  /// Binds to the first address of a host that can be bound; callers wait until a server starts on it.
  public init(host: String, port: Int) throws(ServerError) {
    let wanted = BoundAddress(host: host, port: port)
    guard (0...65_535).contains(port) else {
      throw .unknownAddress(wanted, reason: "a port must be a number from 0 to 65535")
    }
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, String(port), &hints, &list)
    guard code == 0, let list else {
      let reason = String(cString: gai_strerror(code))
      throw .unknownAddress(wanted, reason: "\"\(host)\" is not an address of this machine (\(reason))")
    }
    defer { freeaddrinfo(list) }
    var failure: Int32 = EADDRNOTAVAIL
    for entry in sequence(first: list, next: { $0.pointee.ai_next }) {
      if let descriptor = Self.listen(entry.pointee) {
        self.descriptor = descriptor
        address = Self.address(of: descriptor) ?? wanted
        return
      }
      failure = errno
      if failure == EADDRINUSE { break }
    }
    throw failure == EADDRINUSE
      ? .addressInUse(wanted) : .cannotListen(wanted, reason: String(cString: strerror(failure)))
  }

  /// A listening descriptor, or nil and errno.
  private static func listen(_ entry: addrinfo) -> Int32? {
    let flags = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = socket(entry.ai_family, flags, 0)
    guard descriptor >= 0 else { return nil }
    var (on, off) = (Int32(1), Int32(0))
    let size = socklen_t(MemoryLayout<Int32>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, size)
    if entry.ai_family == AF_INET6 { setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &off, size) }
    if bind(descriptor, entry.ai_addr, entry.ai_addrlen) == 0, Glibc.listen(descriptor, 4096) == 0 {
      return descriptor
    }
    let failure = errno
    close(descriptor)
    errno = failure
    return nil
  }

  private static func address(of descriptor: Int32) -> BoundAddress? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    var (host, port) = ([CChar](repeating: 0, count: 256), [CChar](repeating: 0, count: 32))
    return withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        guard getsockname(descriptor, address, &length) == 0,
          getnameinfo(
            address, length, &host, socklen_t(host.count), &port, socklen_t(port.count),
            NI_NUMERICHOST | NI_NUMERICSERV) == 0
        else { return nil }
        return BoundAddress(host: text(host), port: Int(text(port)) ?? 0)
      }
    }
  }

  private static func text(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
