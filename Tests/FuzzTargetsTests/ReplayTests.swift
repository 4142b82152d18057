import FuzzTargets
import Testing

/// Every reader takes what once failed, what is well-formed, and what comes of that by small damages.
///
/// `Fuzzing/run` looks for new failures; one that it finds is kept in `Tests/Fixtures/fuzzing` and read here from then on.
@Suite struct ReplayTests {
  @Test(arguments: Targets.all.keys.sorted())
  func inputsAreTaken(_ name: String) throws {
    let target = try #require(Targets.all[name])
    let seeds = Seeds.of(name)
    #expect(!seeds.isEmpty)
    for seed in seeds { target(seed) }
    // What libhdf5 makes of damages is not ours, and the service has it do so in a process of its own.
    guard name != "hdf5" else { return }
    var damage = Damage(seed: 20_261_125)
    for _ in 0..<1000 { target(damage.damaged(seeds)) }
  }

  /// Small damages, drawn from a seed (SplitMix64, Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195).
  struct Damage {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    private mutating func draw(_ bound: Int) -> Int {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int((z ^ (z >> 31)) % UInt64(max(1, bound)))
    }

    mutating func damaged(_ seeds: [[UInt8]]) -> [UInt8] {
      var bytes = seeds[draw(seeds.count)]
      for _ in 0...draw(4) {
        let at = draw(bytes.count + 1)
        switch draw(6) {
        case 0 where at < bytes.count: bytes[at] = UInt8(draw(256))
        case 1 where at < bytes.count: bytes[at] ^= 1 << UInt8(draw(8))
        case 2: bytes.insert(UInt8(draw(256)), at: at)
        case 3: bytes.removeSubrange(at..<min(bytes.count, at + 1 + draw(8)))
        case 4: bytes = Array(bytes[..<at])
        default:
          // A stretch of another input, in place or between.
          let other = seeds[draw(seeds.count)]
          let from = draw(other.count)
          bytes.insert(contentsOf: other[from..<min(other.count, from + draw(32))], at: at)
        }
      }
      return bytes
    }
  }
}
