/// Matérn's covariance with ν = 5/2 (Rasmussen and Williams 2006, equation 4.17).
///
/// Written without branches, so that loops over many distances are made of vector instructions.
enum Matern {
  /// The largest r² that is told from larger ones: √5 r is 700 there, and the covariance as good as 0.
  static let farthest = 98_000.0

  /// M(r) = (1 + √5 r + 5r²/3) e^(−√5 r), given r² up to `farthest`.
  @inline(__always) static func value(squared: Double) -> Double {
    let scaled = (squared * 5).squareRoot()
    return (scaled + 1 + squared * (5.0 / 3)) * PlainMath.unguardedExp(-scaled)
  }
}
