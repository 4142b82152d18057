extension ContentNegotiation {
  /// Whether a client takes a media type, which is in small letters; the most specific range of `Accept` decides (RFC 9110,
  /// section 12.5.1). One that names no type takes all.
  public static func accepts(_ request: HTTPRequest, _ type: String) -> Bool {
    let values = request.headers.values(of: "Accept")
    guard values.contains(where: { !$0.isEmpty }), values != ["*/*"] else { return true }
    let family = type.prefix { $0 != "/" } + "/*"
    var found: (rank: Int, isTaken: Bool)?
    for range in values.joined(separator: ",").split(separator: ",") {
      let parts = range.split(separator: ";").map { String($0).trimmingBlanks().lowercased() }
      guard let rank = parts.first.flatMap({ ["*/*", String(family), type].firstIndex(of: $0) }) else { continue }
      let isRefused = parts.dropFirst().contains { $0.hasPrefix("q=") && Double($0.dropFirst(2)) == 0 }
      if rank >= found?.rank ?? 0 { found = (rank, !isRefused) }
    }
    return found?.isTaken == true
  }
}
