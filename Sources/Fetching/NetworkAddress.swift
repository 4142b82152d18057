import Foundation

/// The numeric address of a machine: 4 bytes of IPv4, or 16 of IPv6. An IPv4 address mapped into IPv6 is the IPv4 address.
public struct NetworkAddress: Sendable, Hashable, CustomStringConvertible {
  let bytes: [UInt8]

  init(bytes: [UInt8]) {
    let isMapped = bytes.count == 16 && bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
    self.bytes = isMapped ? Array(bytes[12...]) : bytes
  }

  /// Reads digits (`192.0.2.1`, `2001:db8::1`); nil where they are no address.
  public init?(_ text: String) {
    var (four, sixteen) = (in_addr(), in6_addr())
    if inet_pton(AF_INET, text, &four) == 1 {
      self.init(bytes: withUnsafeBytes(of: four) { Array($0) })
    } else if inet_pton(AF_INET6, text, &sixteen) == 1 {
      self.init(bytes: withUnsafeBytes(of: sixteen) { Array($0) })
    } else {
      return nil
    }
  }

  /// The address of a socket, `length` bytes of a `sockaddr`; nil for other families than IPv4 and IPv6.
  init?(_ address: UnsafeRawPointer, family: Int32, length: Int) {
    switch family {
    case AF_INET where length >= MemoryLayout<sockaddr_in>.size:
      let four = address.loadUnaligned(as: sockaddr_in.self).sin_addr
      self.init(bytes: withUnsafeBytes(of: four) { Array($0) })
    case AF_INET6 where length >= MemoryLayout<sockaddr_in6>.size:
      let sixteen = address.loadUnaligned(as: sockaddr_in6.self).sin6_addr
      self.init(bytes: withUnsafeBytes(of: sixteen) { Array($0) })
    default: return nil
    }
  }

  public var description: String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let family = bytes.count == 4 ? AF_INET : AF_INET6
    _ = bytes.withUnsafeBytes { inet_ntop(family, $0.baseAddress, &text, socklen_t(text.count)) }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// A range of addresses, written `10.1.0.0/16`, `fd00::/8` or as one address.
public struct Network: Sendable, Hashable {
  private let base: [UInt8]
  private let length: Int

  /// Reads a network; nil where the text is none.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let address = NetworkAddress(String(parts[0])) else { return nil }
    base = address.bytes
    let bits = base.count * 8
    guard parts.count == 2 else {
      length = bits
      return
    }
    guard let length = Int(parts[1]), (0...bits).contains(length) else { return nil }
    self.length = length
  }

  /// A network that is written in this source.
  init(known text: StaticString) {
    guard let network = Network(text.description) else { preconditionFailure("\(text) is no network") }
    self = network
  }

  /// Whether an address lies in it.
  public func contains(_ address: NetworkAddress) -> Bool {
    guard address.bytes.count == base.count else { return false }
    return (0..<length).allSatisfy { bit in
      // With its type: the compiler would look for one among all integers, for ten seconds.
      let mask: UInt8 = 0x80 >> UInt8(bit % 8)
      return (address.bytes[bit / 8] ^ base[bit / 8]) & mask == 0
    }
  }
}
